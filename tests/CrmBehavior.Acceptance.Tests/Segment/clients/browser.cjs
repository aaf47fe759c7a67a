// Segment's client for browsers, in a browser without a screen.
const { JSDOM } = require('jsdom');
const { SERVICE, KEY, EMAIL } = process.env;

const dom = new JSDOM('<!doctype html><title>Pricing</title>', { url: 'http://shop.example/pricing', pretendToBeVisual: true });
Object.assign(globalThis, { window: dom.window, document: dom.window.document, location: dom.window.location, localStorage: dom.window.localStorage });
Object.defineProperty(globalThis, 'navigator', { value: dom.window.navigator, configurable: true });
dom.window.fetch = globalThis.fetch;

(async () => {
  const { AnalyticsBrowser } = require('@segment/analytics-next');
  const analytics = AnalyticsBrowser.load({ writeKey: KEY, cdnURL: SERVICE }, {});
  await analytics.ready();
  for (let i = 0; i < 3; i++) await analytics.page();
  await analytics.identify({ email: EMAIL, firstName: 'Bea', lastName: 'Browser' });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log(JSON.stringify({ failed: [] }));
  process.exit(0);
})();
