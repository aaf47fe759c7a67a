// Segment's present client for servers.
const { Analytics } = require('@segment/analytics-node');
const { SERVICE, KEY, USER } = process.env;

(async () => {
  const failed = [];
  const analytics = new Analytics({ writeKey: KEY, host: SERVICE });
  analytics.on('error', (e) => failed.push(String(e.reason ?? e)));
  for (let i = 0; i < 3; i++) analytics.page({ userId: USER, properties: { path: '/pricing' } });
  analytics.track({ userId: USER, event: 'Product Viewed', properties: { name: 'Tent', price: 120 } });
  analytics.identify({ userId: USER, traits: { favouriteColour: 'green' } });
  analytics.group({ userId: USER, groupId: 'g1', traits: { plan: 'club' } });
  await analytics.closeAndFlush();
  console.log(JSON.stringify({ failed }));
})();
