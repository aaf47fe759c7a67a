// SendGrid's own verification of a signed event webhook, on what the sandbox sent; prints what it said of it and of changed copies.
"use strict";
const { EventWebhook } = require("@sendgrid/eventwebhook");
const verifier = new EventWebhook();
const key = verifier.convertPublicKeyToECDSA(process.env.KEY);
const body = Buffer.from(process.env.BODY, "base64").toString("utf8");
const { SIGNATURE: signature, TIMESTAMP: timestamp } = process.env;
console.log(JSON.stringify({
  genuine: verifier.verifySignature(key, body, signature, timestamp),
  changedBody: verifier.verifySignature(key, body.replace("click", "open"), signature, timestamp),
  changedTime: verifier.verifySignature(key, body, signature, String(Number(timestamp) + 1)),
  events: JSON.parse(body).map((e) => e.event),
}));
