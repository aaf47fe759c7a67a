// Segment's former client for servers, still in many systems.
const Analytics = require('analytics-node');
const { SERVICE, KEY, USER } = process.env;

const analytics = new Analytics(KEY, { host: SERVICE, flushAt: 10 });
for (let i = 0; i < 3; i++) analytics.page({ userId: USER, properties: { path: '/pricing' } });
analytics.flush((error) => console.log(JSON.stringify({ failed: error ? [String(error)] : [] })));
