// A public client of the Dataverse Web API against the sandbox; prints what it saw as one JSON object.
"use strict";
const { DynamicsWebApi } = require("dynamics-web-api");
const crm = new DynamicsWebApi({ serverUrl: process.env.URL, dataApi: { version: "9.2" }, onTokenRefresh: async () => "sandbox" });
(async () => {
  const seen = {};
  const mark = process.env.MARK;
  const made = await crm.create({ collection: "contacts", data: { firstname: "Ada", lastname: mark }, returnRepresentation: true, select: ["contactid", "fullname"] });
  seen.fullname = made.fullname;
  await crm.update({ collection: "contacts", key: made.contactid, data: { jobtitle: "Countess" } });
  const read = await crm.retrieve({ collection: "contacts", key: made.contactid, select: ["jobtitle", "_ownerid_value"], includeAnnotations: "*" });
  seen.jobtitle = read.jobtitle;
  seen.owner = read["_ownerid_value@OData.Community.Display.V1.FormattedValue"];
  await crm.upsert({ collection: "crmb_tags", key: `crmb_name='${mark}'`, data: {} });
  const tag = await crm.retrieve({ collection: "crmb_tags", key: `crmb_name='${mark}'`, select: ["crmb_tagid"] });
  await crm.associate({ collection: "contacts", primaryKey: made.contactid, relationshipName: "crmb_contact_tag", relatedCollection: "crmb_tags", relatedKey: tag.crmb_tagid });
  const tagged = await crm.retrieveMultiple({ collection: "contacts", select: ["lastname"], filter: `crmb_contact_tag/any(t:t/crmb_name eq '${mark}')`, expand: [{ property: "crmb_contact_tag", select: ["crmb_name"] }], count: true });
  seen.tagged = tagged.value.length;
  seen.count = tagged.oDataCount;
  seen.tag = tagged.value[0].crmb_contact_tag[0].crmb_name;
  for (const n of [1, 2, 3]) await crm.create({ collection: "tasks", data: { subject: `${mark} ${n}`, "regardingobjectid_contact_task@odata.bind": `contacts(${made.contactid})` } });
  const all = await crm.retrieveAll({ collection: "tasks", select: ["subject"], filter: `startswith(subject,'${mark}')`, maxPageSize: 2 });
  seen.tasks = all.value.map((t) => t.subject).sort();
  const fetched = await crm.fetch({ collection: "tasks", fetchXml: `<fetch><entity name='task'><attribute name='subject'/><filter><condition attribute='subject' operator='like' value='${mark}%'/></filter></entity></fetch>` });
  seen.fetched = fetched.value.length;
  crm.startBatch();
  crm.create({ collection: "contacts", data: { lastname: mark + " batch" }, contentId: "1" });
  crm.create({ collection: "tasks", data: { subject: "in batch", "regardingobjectid_contact_task@odata.bind": "$1" } });
  const batch = await crm.executeBatch();
  seen.batch = batch.length;
  seen.who = typeof (await crm.callFunction({ name: "WhoAmI" })).UserId;
  try {
    await crm.update({ collection: "contacts", key: "00000000-0000-0000-0000-0000000000aa", data: { jobtitle: "x" } });
  } catch (error) {
    seen.missing = error.status;
    seen.code = error.code;
  }
  const metadata = await crm.retrieveEntity({ key: "LogicalName='crmb_tag'", select: ["EntitySetName"] });
  seen.set = metadata.EntitySetName;
  await crm.deleteRecord({ collection: "contacts", key: made.contactid });
  seen.gone = (await crm.retrieveMultiple({ collection: "contacts", filter: `contactid eq ${made.contactid}` })).value.length;
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
