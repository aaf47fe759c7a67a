// Microsoft's old REST client of Service Bus against the sandbox; prints what it saw as one JSON object.
"use strict";
const azure = require("azure-sb");
const bus = azure.createServiceBusService(process.env.CONNECTION);
const queue = process.env.QUEUE;
const call = (name, ...args) => new Promise((resolve) => bus[name](...args, (error, result) => resolve({ error, result })));
(async () => {
  const seen = {};
  seen.created = (await call("createQueueIfNotExists", queue)).result;
  seen.createdAgain = (await call("createQueueIfNotExists", queue)).result;
  seen.name = (await call("getQueue", queue)).result.QueueName;
  await call("sendQueueMessage", queue, { body: "hello", customProperties: { Priority: "High", Number: 7 }, brokerProperties: { MessageId: "m1" } });
  const first = (await call("receiveQueueMessage", queue, { isPeekLock: true })).result;
  seen.body = first.body;
  seen.id = first.brokerProperties.MessageId;
  seen.priority = first.customProperties.priority;
  seen.number = first.customProperties.number;
  seen.renewed = (await call("renewLockForMessage", first)).error === null;
  seen.unlocked = (await call("unlockMessage", first)).error === null;
  const second = (await call("receiveQueueMessage", queue, { isPeekLock: true })).result;
  seen.deliveries = second.brokerProperties.DeliveryCount;
  seen.deleted = (await call("deleteMessage", second)).error === null;
  seen.lost = (await call("deleteMessage", second)).error.statusCode;
  await call("sendQueueMessage", queue, "plain");
  seen.taken = (await call("receiveQueueMessage", queue, { isPeekLock: false })).result.body;
  seen.empty = String((await call("receiveQueueMessage", queue, { timeoutIntervalInS: 1 })).error);
  seen.unknown = (await call("sendQueueMessage", "no-such-queue", "x")).error.statusCode;
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
