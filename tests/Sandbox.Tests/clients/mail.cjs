// SendGrid's own client against the sandbox; prints what it saw as one JSON object. The key first: setting it resets the address.
"use strict";
const mail = require("@sendgrid/mail");
mail.setApiKey(process.env.KEY);
mail.client.setDefaultRequest("baseUrl", process.env.URL + "/");
(async () => {
  const seen = {};
  const [answer] = await mail.send({
    to: process.env.TO, from: { email: "news@example.com", name: "News" }, subject: "From a stranger", text: "Hello", html: "<p>Hello</p>",
    customArgs: { decision_id: "d1" }, categories: ["news"], headers: { "List-Unsubscribe": "<https://x.example/u>" },
  });
  seen.status = answer.statusCode;
  seen.id = answer.headers["x-message-id"];
  try {
    await mail.send({ to: "nobody", from: "news@example.com", subject: "x", text: "x" });
  } catch (error) {
    seen.code = error.code;
    seen.field = error.response.body.errors[0].field;
    seen.message = error.response.body.errors[0].message;
  }
  mail.setApiKey("SG.wrong");
  mail.client.setDefaultRequest("baseUrl", process.env.URL + "/");
  try {
    await mail.send({ to: process.env.TO, from: "news@example.com", subject: "x", text: "x" });
  } catch (error) {
    seen.unauthorized = error.code;
  }
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
