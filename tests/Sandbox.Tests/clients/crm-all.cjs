// Every call of a public client of the Dataverse Web API against the sandbox, each with what must come back; prints one JSON object of
// check and outcome ("ok", or what was wrong).
"use strict";
const assert = require("node:assert/strict");
const { DynamicsWebApi } = require("dynamics-web-api");
const options = { serverUrl: process.env.URL, dataApi: { version: "9.2" }, onTokenRefresh: async () => "sandbox" };
const crm = new DynamicsWebApi(options);
const mark = process.env.MARK;
const nobody = "00000000-0000-0000-0000-0000000000aa";
const formatted = (row, column) => row[column + "@OData.Community.Display.V1.FormattedValue"];
const refused = async (work, status, code) => {
  const error = await work().then(() => assert.fail("was not refused"), (e) => e);
  assert.equal(error.status, status, error.message);
  if (code) assert.equal(error.code, code);
  return error;
};
const contact = (name, more = {}) => crm.create({ collection: "contacts", data: { firstname: name, lastname: mark, ...more } });
const fetchOf = (inner, attributes = "") => `<fetch ${attributes}><entity name='contact'>${inner}<filter><condition attribute='lastname' operator='eq' value='${mark}'/></filter></entity></fetch>`;

const checks = {
  async create_answers_the_id_or_the_row() {
    const id = await contact("Plain");
    assert.match(id, /^[0-9a-f-]{36}$/);
    const row = await crm.create({ collection: "contacts", data: { firstname: "Whole", lastname: mark, preferredcontactmethodcode: 2 }, returnRepresentation: true, select: ["fullname", "preferredcontactmethodcode"], includeAnnotations: "*" });
    assert.equal(row.fullname, `Whole ${mark}`);
    assert.equal(formatted(row, "preferredcontactmethodcode"), "Email");
    assert.match(row["@odata.etag"], /^W\/"\d+"$/);
  },
  async create_below_a_row_over_its_navigation_property() {
    const parent = await contact("Parent");
    await crm.create({ collection: "contacts", navigationProperty: "Contact_Tasks", key: parent, data: { subject: "below" } });
    const row = await crm.retrieve({ collection: "contacts", key: parent, select: ["firstname"], expand: [{ property: "Contact_Tasks", select: ["subject"] }] });
    assert.deepEqual(row.Contact_Tasks.map((t) => t.subject), ["below"]);
  },
  async retrieve_selects_expands_and_annotates() {
    const account = await crm.create({ collection: "accounts", data: { name: mark } });
    const id = await contact("Read", { "parentcustomerid_account@odata.bind": `accounts(${account})` });
    const row = await crm.retrieve({ collection: "contacts", key: id, select: ["firstname", "_parentcustomerid_value"], expand: [{ property: "parentcustomerid_account", select: ["name"] }], includeAnnotations: "*" });
    assert.equal(row.parentcustomerid_account.name, mark);
    assert.equal(row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "account");
    assert.equal(row["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"], "parentcustomerid_account");
    assert.equal(formatted(row, "_parentcustomerid_value"), mark);
    const over = await crm.retrieve({ collection: "contacts", key: id, navigationProperty: "parentcustomerid_account", select: ["name"] });
    assert.equal(over.name, mark);
  },
  async retrieve_answers_304_to_the_tag_it_gave() {
    const id = await contact("Tagged");
    const row = await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"] });
    // The client gives nothing for 304.
    assert.ok(!(await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"], ifnonematch: row["@odata.etag"] }))?.firstname);
    await crm.update({ collection: "contacts", key: id, data: { firstname: "Newer" } });
    assert.equal((await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"], ifnonematch: row["@odata.etag"] })).firstname, "Newer");
  },
  async update_changes_what_is_sent_and_can_give_it_back() {
    const id = await contact("Old", { jobtitle: "kept" });
    assert.equal(await crm.update({ collection: "contacts", key: id, data: { firstname: "New" } }), true);
    const row = await crm.update({ collection: "contacts", key: id, data: { middlename: "M" }, returnRepresentation: true, select: ["firstname", "middlename", "jobtitle"] });
    assert.deepEqual([row.firstname, row.middlename, row.jobtitle], ["New", "M", "kept"]);
    await refused(() => crm.update({ collection: "contacts", key: nobody, data: { firstname: "x" } }), 404, "0x80040217");
  },
  async update_minds_the_version() {
    const id = await contact("Version");
    const row = await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"] });
    await crm.update({ collection: "contacts", key: id, data: { firstname: "First" }, ifmatch: row["@odata.etag"] });
    // The client takes a precondition that failed as "not updated".
    assert.equal(await crm.update({ collection: "contacts", key: id, data: { firstname: "Second" }, ifmatch: row["@odata.etag"] }), false);
    assert.equal((await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"] })).firstname, "First");
  },
  async single_property_is_written_and_cleared() {
    const id = await contact("Property");
    await crm.updateSingleProperty({ collection: "contacts", key: id, fieldValuePair: { jobtitle: "Baker" } });
    assert.equal((await crm.retrieve({ collection: "contacts", key: id, select: ["jobtitle"] })).jobtitle, "Baker");
    await crm.deleteRecord({ collection: "contacts", key: id, property: "jobtitle" });
    assert.equal((await crm.retrieve({ collection: "contacts", key: id, select: ["jobtitle"] })).jobtitle, null);
  },
  async upsert_by_id_makes_writes_and_may_be_forbidden_either() {
    const key = crypto.randomUUID();
    const made = await crm.upsert({ collection: "contacts", key, data: { firstname: "Upsert", lastname: mark }, returnRepresentation: true, select: ["firstname"] });
    assert.equal(made.firstname, "Upsert");
    assert.equal(await crm.upsert({ collection: "contacts", key, data: { firstname: "again", lastname: mark }, ifnonematch: "*" }), null);
    assert.equal(await crm.upsert({ collection: "contacts", key: nobody, data: { firstname: "ghost" }, ifmatch: "*" }), null);
    assert.equal((await crm.retrieve({ collection: "contacts", key, select: ["firstname"] })).firstname, "Upsert");
  },
  async alternate_keys_make_find_update_and_delete() {
    const name = `it's (${mark}) = new`;
    const key = `crmb_name='${name.replace("'", "''")}'`;
    await crm.upsert({ collection: "crmb_tags", key, data: {} });
    assert.equal((await crm.retrieve({ collection: "crmb_tags", key, select: ["crmb_name"] })).crmb_name, name);
    const id = await contact("Keyed");
    const score = `_crmb_contactid_value=${id},crmb_name='${mark}'`;
    await crm.upsert({ collection: "crmb_contactscores", key: score, data: { crmb_value: 1.5 } });
    await crm.update({ collection: "crmb_contactscores", key: score, data: { crmb_value: 2.5 } });
    assert.equal((await crm.retrieve({ collection: "crmb_contactscores", key: score, select: ["crmb_value"] })).crmb_value, 2.5);
    await crm.deleteRecord({ collection: "crmb_tags", key });
    await refused(() => crm.retrieve({ collection: "crmb_tags", key }), 404, "0x80060891");
    await refused(() => crm.retrieve({ collection: "contacts", key: "lastname='x'" }), 400, "0x80060890");
  },
  async delete_deletes_once_and_minds_the_version() {
    const id = await contact("Gone");
    assert.equal(await crm.deleteRecord({ collection: "contacts", key: id, ifmatch: 'W/"1"' }), false);
    await crm.deleteRecord({ collection: "contacts", key: id });
    await refused(() => crm.deleteRecord({ collection: "contacts", key: id }), 404, "0x80040217");
  },
  async retrieve_multiple_filters_orders_counts_and_takes_the_top() {
    for (const name of ["C1", "C2", "C3"]) await contact(name, { middlename: "many" });
    const filter = `lastname eq '${mark}' and middlename eq 'many'`;
    const rows = await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter, orderBy: ["firstname desc"], count: true });
    assert.deepEqual([rows.value.map((r) => r.firstname), rows.oDataCount], [["C3", "C2", "C1"], 3]);
    assert.deepEqual((await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter, orderBy: ["firstname"], top: 2 })).value.map((r) => r.firstname), ["C1", "C2"]);
    assert.equal(await crm.count({ collection: "contacts", filter }), 3);
    assert.equal(await crm.countAll({ collection: "contacts", filter, select: ["firstname"] }), 3);
    const page = await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter, orderBy: ["firstname"], maxPageSize: 2 });
    const next = await crm.retrieveMultiple({ collection: "contacts", maxPageSize: 2 }, page.oDataNextLink);
    assert.deepEqual([...page.value, ...next.value].map((r) => r.firstname), ["C1", "C2", "C3"]);
    assert.equal((await crm.retrieveAll({ collection: "contacts", select: ["firstname"], filter, maxPageSize: 1 })).value.length, 3);
  },
  async query_functions_lambdas_and_expansions_with_options() {
    const id = await contact("Lambda");
    for (const n of [1, 2, 3]) await crm.create({ collection: "tasks", data: { subject: `${mark} ${n}`, prioritycode: n - 1, "regardingobjectid_contact_task@odata.bind": `contacts(${id})` } });
    const rows = await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter: `lastname eq '${mark}' and Contact_Tasks/any(t:t/prioritycode eq 2)`, expand: [{ property: "Contact_Tasks", select: ["subject"], filter: "prioritycode ge 1", orderBy: ["prioritycode desc"], top: 1 }] });
    assert.deepEqual(rows.value.map((r) => [r.firstname, r.Contact_Tasks.map((t) => t.subject)]), [["Lambda", [`${mark} 3`]]]);
    const named = await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter: `Microsoft.Dynamics.CRM.In(PropertyName='firstname',PropertyValues=['Lambda','x']) and lastname eq '${mark}' and Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=2)` });
    assert.equal(named.value.length, 1);
  },
  async apply_groups_and_aggregates() {
    for (const n of [1, 2, 2]) await contact("Apply" + n, { middlename: "apply", numberofchildren: n });
    const groups = await crm.retrieveMultiple({ collection: "contacts", apply: `filter(lastname eq '${mark}' and middlename eq 'apply')/groupby((firstname),aggregate($count as n,numberofchildren with sum as s))` });
    assert.deepEqual(groups.value.map((g) => [g.firstname, g.n, g.s]).sort(), [["Apply1", 1, 1], ["Apply2", 2, 4]]);
  },
  async fetch_joins_aggregates_and_pages_by_its_cookie() {
    for (const name of ["F1", "F2", "F3"]) await contact(name, { middlename: "fetch" });
    const only = "<attribute name='firstname'/><order attribute='firstname'/><filter><condition attribute='middlename' operator='eq' value='fetch'/></filter>";
    const first = await crm.fetch({ collection: "contacts", fetchXml: fetchOf(only, "count='2'"), includeAnnotations: "*", pageNumber: 1 });
    assert.deepEqual([first.value.map((r) => r.firstname), first.PagingInfo.nextPage], [["F1", "F2"], 2]);
    const second = await crm.fetch({ collection: "contacts", fetchXml: fetchOf(only, "count='2'"), includeAnnotations: "*", pageNumber: first.PagingInfo.nextPage, pagingCookie: first.PagingInfo.cookie });
    assert.deepEqual(second.value.map((r) => r.firstname), ["F3"]);
    assert.equal((await crm.fetchAll({ collection: "contacts", fetchXml: fetchOf(only, "count='1'"), includeAnnotations: "*" })).value.length, 3);
    const total = await crm.fetch({ collection: "contacts", fetchXml: `<fetch aggregate='true'><entity name='contact'><attribute name='contactid' alias='n' aggregate='count'/><filter><condition attribute='lastname' operator='eq' value='${mark}'/><condition attribute='middlename' operator='eq' value='fetch'/></filter></entity></fetch>` });
    assert.equal(total.value[0].n, 3);
  },
  async associate_and_disassociate_both_kinds() {
    const id = await contact("Linked");
    const tag = await crm.create({ collection: "crmb_tags", data: { crmb_name: `${mark} link` } });
    const tags = async () => (await crm.retrieve({ collection: "contacts", key: id, select: ["firstname"], expand: [{ property: "crmb_contact_tag", select: ["crmb_name"] }] })).crmb_contact_tag.length;
    await crm.associate({ collection: "contacts", primaryKey: id, relationshipName: "crmb_contact_tag", relatedCollection: "crmb_tags", relatedKey: tag });
    assert.equal(await tags(), 1);
    await crm.disassociate({ collection: "contacts", primaryKey: id, relationshipName: "crmb_contact_tag", relatedKey: tag });
    assert.equal(await tags(), 0);
    const account = await crm.create({ collection: "accounts", data: { name: mark } });
    await crm.associateSingleValued({ collection: "contacts", primaryKey: id, navigationProperty: "parentcustomerid_account", relatedCollection: "accounts", relatedKey: account });
    const parent = async () => (await crm.retrieve({ collection: "contacts", key: id, select: ["_parentcustomerid_value"] }))._parentcustomerid_value;
    assert.equal(await parent(), account);
    await crm.disassociateSingleValued({ collection: "contacts", primaryKey: id, navigationProperty: "parentcustomerid_account" });
    assert.equal(await parent(), null);
  },
  async functions_and_actions_bound_and_unbound() {
    const who = await crm.callFunction("WhoAmI");
    assert.match(who.UserId, /^[0-9a-f-]{36}$/);
    assert.equal((await crm.callFunction({ name: "RetrieveEnvironmentVariableValue", parameters: { DefinitionSchemaName: "crmb_ServiceUrl" } })).Value, "http://localhost:5000");
    const made = await crm.callAction({ collection: "contacts", actionName: "Microsoft.Dynamics.CRM.CreateMultiple", action: { Targets: [1, 2].map((n) => ({ "@odata.type": "Microsoft.Dynamics.CRM.contact", firstname: "Bulk" + n, lastname: mark })) } });
    assert.equal(made.Ids.length, 2);
    const mail = await crm.create({ collection: "emails", data: { subject: mark, email_activity_parties: [{ "partyid_contact@odata.bind": `/contacts(${made.Ids[0]})`, participationtypemask: 2 }] } });
    assert.equal((await crm.callAction({ collection: "emails", key: mail, actionName: "Microsoft.Dynamics.CRM.SendEmail", action: { IssueSend: false, TrackingToken: "" } })).Subject, mark);
    const definition = await crm.create({ collection: "crmb_definitions", data: { crmb_json: JSON.stringify({ kind: "signal", name: mark, when: { event: "page_viewed" } }) } });
    assert.equal((await crm.callAction({ collection: "crmb_definitions", key: definition, actionName: "Microsoft.Dynamics.CRM.crmb_Publish", action: { Reason: "a stranger's" } })).Version, 1);
    await refused(() => crm.callAction({ actionName: "NoSuchAction", action: {} }), 404);
  },
  async impersonation_acts_as_another() {
    const service = new DynamicsWebApi({ ...options, onTokenRefresh: async () => "sandbox:marketer" });
    const marketer = (await service.callFunction("WhoAmI")).UserId;
    assert.equal((await crm.callFunction({ name: "WhoAmI", impersonate: marketer })).UserId, marketer);
    const user = await crm.retrieve({ collection: "systemusers", key: marketer, select: ["azureactivedirectoryobjectid"] });
    assert.equal((await crm.callFunction({ name: "WhoAmI", impersonateAAD: user.azureactivedirectoryobjectid })).UserId, marketer);
    await refused(() => crm.create({ collection: "contacts", data: { lastname: mark }, impersonate: marketer }), 403, "0x80040220");
  },
  async changes_are_tracked_with_deletions() {
    const kept = await contact("Tracked"), gone = await contact("Deleted");
    let first = await crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], trackChanges: true });
    while (first.oDataNextLink) first = await crm.retrieveMultiple({ collection: "contacts", trackChanges: true }, first.oDataNextLink);
    await crm.update({ collection: "contacts", key: kept, data: { firstname: "Changed" } });
    await crm.deleteRecord({ collection: "contacts", key: gone });
    const delta = await crm.retrieveMultiple({ collection: "contacts" }, first.oDataDeltaLink);
    assert.deepEqual(delta.value.map((r) => r.reason ?? r.firstname), ["Changed", "deleted"]);
    assert.equal(delta.value[1].id, gone);
    assert.equal((await crm.retrieveMultiple({ collection: "contacts" }, delta.oDataDeltaLink)).value.length, 0);
  },
  async batch_of_single_requests_answers_each() {
    crm.startBatch();
    crm.create({ collection: "contacts", data: { firstname: "Batch", lastname: mark }, inChangeSet: false });
    crm.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter: `lastname eq '${mark}' and firstname eq 'Batch'`, inChangeSet: false });
    crm.callFunction({ name: "WhoAmI", inChangeSet: false });
    const answers = await crm.executeBatch();
    assert.match(answers[0], /^[0-9a-f-]{36}$/);
    assert.equal(answers[1].value.length, 1);
    assert.ok(answers[2].UserId);
  },
  async change_set_refers_back_and_is_all_or_nothing() {
    crm.startBatch();
    crm.create({ collection: "contacts", data: { firstname: "Set", lastname: mark }, contentId: "1" });
    crm.create({ collection: "tasks", data: { subject: `${mark} set`, "regardingobjectid_contact_task@odata.bind": "$1" } });
    crm.update({ collection: "$1", data: { jobtitle: "in the set" } });
    const answers = await crm.executeBatch();
    assert.equal((await crm.retrieve({ collection: "contacts", key: answers[0], select: ["jobtitle"] })).jobtitle, "in the set");
    crm.startBatch();
    crm.create({ collection: "contacts", data: { firstname: "Undone", lastname: mark }, contentId: "1" });
    crm.create({ collection: "tasks", data: { prioritycode: 99 } });
    const [error] = await crm.executeBatch().then(() => assert.fail("was not refused"), (e) => (Array.isArray(e) ? e : [e]));
    assert.deepEqual([error.status, error.error.code], [400, "0x8004431a"]);
    assert.equal((await crm.retrieveMultiple({ collection: "contacts", filter: `lastname eq '${mark}' and firstname eq 'Undone'` })).value.length, 0);
  },
  async batch_goes_on_after_an_error_when_told_to() {
    crm.startBatch();
    crm.retrieve({ collection: "contacts", key: nobody, inChangeSet: false });
    crm.create({ collection: "contacts", data: { firstname: "After", lastname: mark }, inChangeSet: false });
    await crm.executeBatch({ continueOnError: true }).catch((e) => assert.equal((Array.isArray(e) ? e[0] : e).status, 404));
    assert.equal((await crm.retrieveMultiple({ collection: "contacts", filter: `lastname eq '${mark}' and firstname eq 'After'` })).value.length, 1);
  },
  async saved_query_runs_on_its_table() {
    const [view] = (await crm.retrieveMultiple({ collection: "savedqueries", select: ["savedqueryid"], filter: "returnedtypecode eq 'crmb_tag'", top: 1 })).value;
    await crm.create({ collection: "crmb_tags", data: { crmb_name: `${mark} view` } });
    const rows = await crm.retrieve({ collection: "crmb_tags", savedQuery: view.savedqueryid });
    assert.ok(rows.value.some((r) => r.crmb_name === `${mark} view`));
  },
  async definitions_of_tables_columns_and_relationships() {
    const table = await crm.retrieveEntity({ key: "LogicalName='crmb_tag'", select: ["EntitySetName", "SchemaName"], expand: [{ property: "Keys", select: ["KeyAttributes"] }] });
    assert.deepEqual([table.EntitySetName, table.Keys[0].KeyAttributes], ["crmb_tags", ["crmb_name"]]);
    assert.equal((await crm.retrieveEntity({ key: table.MetadataId, select: ["LogicalName"] })).LogicalName, "crmb_tag");
    assert.ok((await crm.retrieveEntities({ select: ["LogicalName"], filter: "IsActivity eq true" })).value.some((t) => t.LogicalName === "crmb_touchpoint"));
    const columns = await crm.retrieveAttributes({ entityKey: "LogicalName='contact'", castType: "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", select: ["LogicalName"], expand: [{ property: "OptionSet", select: ["Options"] }] });
    assert.ok(columns.value.find((c) => c.LogicalName === "preferredcontactmethodcode").OptionSet.Options.some((o) => o.Label.UserLocalizedLabel.Label === "Email"));
    const column = await crm.retrieveAttribute({ entityKey: "LogicalName='contact'", attributeKey: "LogicalName='lastname'", select: ["SchemaName", "AttributeOf"] });
    assert.deepEqual([column.SchemaName, column.AttributeOf], ["LastName", null]);
    const relationship = await crm.retrieveRelationship({ key: "SchemaName='crmb_contact_tag'", castType: "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata", select: ["IntersectEntityName"] });
    assert.equal(relationship.IntersectEntityName, "crmb_contact_tag");
    assert.equal((await crm.retrieveRelationships({ castType: "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", select: ["SchemaName"], filter: "ReferencingEntity eq 'crmb_contactscore' and ReferencedEntity eq 'contact'" })).value.length, 1);
    assert.equal((await crm.retrieveGlobalOptionSet({ key: "Name='crmb_reviewanswer'", castType: "Microsoft.Dynamics.CRM.OptionSetMetadata", select: ["Name", "Options"] })).Name, "crmb_reviewanswer");
    assert.ok((await crm.retrieveGlobalOptionSets({ select: ["Name"] })).value.length > 0);
    assert.match(await crm.retrieveCsdlMetadata(), /EntityType Name="crmb_touchpoint"/);
  },
  async names_of_tables_serve_as_names_of_sets() {
    const named = new DynamicsWebApi({ ...options, useEntityNames: true });
    const id = await named.create({ collection: "contact", data: { firstname: "Named", lastname: mark } });
    assert.equal((await named.retrieve({ collection: "contact", key: id, select: ["firstname"] })).firstname, "Named");
  },
  async what_the_sandbox_has_not_is_refused_in_words() {
    const id = await contact("File");
    await refused(() => crm.uploadFile({ collection: "contacts", key: id, property: "entityimage", data: Buffer.from("x"), fileName: "x.png" }), 404);
    const error = await refused(() => crm.createEntity({ data: { "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata", SchemaName: "new_x" } }), 400);
    assert.match(error.message, /come with solutions/);
  },
  async failures_carry_status_code_and_words() {
    await refused(() => crm.create({ collection: "contacts", data: { nosuch: 1 } }), 400, "0x80048d19");
    await refused(() => crm.create({ collection: "contacts", data: { firstname: "x".repeat(51), lastname: mark } }), 400, "0x80044331");
    await refused(() => crm.create({ collection: "nosuch", data: {} }), 404, "0x8006088a");
    await refused(() => crm.retrieveMultiple({ collection: "contacts", filter: "nosuch eq 1" }), 400, "0x80060888");
    const stranger = new DynamicsWebApi({ ...options, onTokenRefresh: async () => "wrong" });
    await refused(() => stranger.callFunction("WhoAmI"), 401);
  },
};

(async () => {
  const seen = {};
  for (const [name, check] of Object.entries(checks)) seen[name] = await check().then(() => "ok", (e) => String(e.message ?? e));
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
