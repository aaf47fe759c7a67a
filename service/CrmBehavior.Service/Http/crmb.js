/* CrmBehavior tracker: page views, events, who it is. Usage:
   <script src="https://SERVICE/crmb.js" data-write-key="KEY" defer></script>  then  crmb.track("product_added", {sku: "a1"}) */
(function () {
  "use strict";
  var script = document.currentScript, w = window, n = navigator;
  var off = n.globalPrivacyControl || n.doNotTrack === "1" || w.doNotTrack === "1";
  var key = script && script.getAttribute("data-write-key"), host = script ? new URL(script.src).origin : "";
  var queue = [], timer = 0, link = null, hash = null, user = null;
  function uuid() {
    return w.crypto && w.crypto.randomUUID ? w.crypto.randomUUID()
      : "xxxxxxxxxxxx4xxxyxxxxxxxxxxxxxxx".replace(/[xy]/g, function (c) { var r = Math.random() * 16 | 0; return (c === "x" ? r : r & 3 | 8).toString(16); });
  }
  function kept(name, make) {
    try {
      var v = w.localStorage.getItem(name);
      if (!v && make) { v = make(); w.localStorage.setItem(name, v); }
      return v;
    } catch (e) { return make ? make() : null; }
  }
  var anonymous = off ? "" : kept("crmb_anonymous", uuid);
  function context() {
    var c = { page: { path: location.pathname, url: location.origin + location.pathname, title: document.title, referrer: document.referrer.split("?")[0] }, locale: n.language, library: { name: "crmb.js", version: "1" } };
    try { c.timezone = Intl.DateTimeFormat().resolvedOptions().timeZone; } catch (e) { /* an old browser knows none */ }
    if (link) c.crmb = link;
    if (hash) c.userHash = hash;
    return c;
  }
  function send(last) {
    clearTimeout(timer); timer = 0;
    if (!queue.length) return;
    var batch = queue.splice(0, 50), body = JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: batch });
    function again() { queue = batch.concat(queue).slice(0, 200); if (!timer) timer = setTimeout(send, 5000); }
    w.fetch(host + "/v1/batch", { method: "POST", body: body, keepalive: !!last, credentials: "omit", headers: { "Content-Type": "text/plain" } })
      .then(function (r) { if (r.status === 429 || r.status >= 500) again(); }, again);
    if (queue.length) send(last);
  }
  function add(type, fields) {
    if (off || !key) return;
    var call = { type: type, messageId: uuid(), anonymousId: anonymous, timestamp: new Date().toISOString(), context: context() };
    if (user) call.userId = user;
    for (var f in fields) if (fields[f] !== undefined) call[f] = fields[f];
    queue.push(call);
    if (!timer) timer = setTimeout(send, 300);
  }
  w.crmb = {
    track: function (event, properties) { add("track", { event: event, properties: properties }); },
    page: function (name, properties) { add("page", { name: name, properties: Object.assign({ path: location.pathname, title: document.title }, properties) }); },
    identify: function (id, traits, options) {
      if (typeof id === "object") { options = traits; traits = id; id = undefined; }
      if (options && options.userHash) hash = options.userHash;
      if (id) user = String(id);
      add("identify", { userId: id, traits: traits });
    },
    flush: send
  };
  var came = new URLSearchParams(location.search).get("crmb");
  if (came) {
    link = came;
    w.crmb.identify({});
    try { var clean = new URL(location.href); clean.searchParams.delete("crmb"); history.replaceState(history.state, "", clean); } catch (e) { /* the address stays as it is */ }
  }
  w.crmb.page();
  w.addEventListener("pagehide", function () { send(true); });
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") send(true); });
})();
