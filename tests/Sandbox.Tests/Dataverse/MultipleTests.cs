using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class MultipleTests(SandboxFixture sandbox)
{
    const string Create = "contacts/Microsoft.Dynamics.CRM.CreateMultiple", Update = "contacts/Microsoft.Dynamics.CRM.UpdateMultiple";
    readonly string mark = Guid.NewGuid().ToString("N")[..12];

    Crm Crm => sandbox.Crm;

    [Fact]
    public async Task Created_ids_come_in_the_order_of_the_targets()
    {
        CrmAnswer answer = await Crm.PostAsync(Create, Targets(Enumerable.Range(0, 20).Select(i => Contact(i)).ToArray()));
        answer.Status.ShouldBe(200);
        string[] ids = [.. answer.Json["Ids"]!.AsArray().Select(i => i!.GetValue<string>())];
        for (int i = 0; i < 20; i += 7) (await Crm.GetAsync($"contacts({ids[i]})?$select=firstname")).Json["firstname"]!.GetValue<string>().ShouldBe("n" + i);
    }

    [Fact]
    public async Task One_bad_row_makes_none()
    {
        JsonObject bad = Contact(1);
        bad["preferredcontactmethodcode"] = 99;
        CrmAnswer answer = await Crm.PostAsync(Create, Targets(Contact(0), bad));
        (answer.Status, answer.Code).ShouldBe((400, "0x8004431a"));
        (await Count()).ShouldBe(0);
        JsonObject untyped = Contact(2);
        untyped.Remove("@odata.type");
        (await Crm.PostAsync(Create, Targets(Contact(0), untyped))).Message.ShouldNotBeNull()
            .ShouldContain("\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\"");
        (await Crm.PostAsync(Create, new JsonObject { ["Targets"] = new JsonArray() })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Update_changes_all_or_none()
    {
        string[] ids = [.. (await Crm.PostAsync(Create, Targets(Contact(0), Contact(1)))).Json["Ids"]!.AsArray().Select(i => i!.GetValue<string>())];
        JsonObject First(string id, string name) => new() { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = id, ["firstname"] = name };
        (await Crm.PostAsync(Update, Targets(First(ids[0], "a"), First(ids[1], "b")))).Status.ShouldBe(204);
        CrmAnswer refused = await Crm.PostAsync(Update, Targets(First(ids[0], "c"), First(Guid.NewGuid().ToString(), "d")));
        (refused.Status, refused.Code).ShouldBe((404, "0x80040217"));
        (await Crm.GetAsync($"contacts?$select=firstname&$orderby=firstname&$filter=lastname eq '{mark}'")).Column("firstname").ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Upsert_goes_by_id_by_address_and_by_key()
    {
        Guid contact = await Crm.CreateAsync("contacts", Contact(0));
        const string action = "crmb_contactscores/Microsoft.Dynamics.CRM.UpsertMultiple";
        JsonObject Score(string name, decimal value) => new()
        {
            ["@odata.type"] = "Microsoft.Dynamics.CRM.crmb_contactscore",
            ["crmb_contactid@odata.bind"] = $"/contacts({contact})",
            ["crmb_name"] = name,
            ["crmb_value"] = value,
        };
        JsonObject byAddress =
            new()
            {
                ["@odata.type"] = "Microsoft.Dynamics.CRM.crmb_contactscore",
                ["@odata.id"] = $"crmb_contactscores(_crmb_contactid_value={contact},crmb_name='two')",
                ["crmb_value"] = 2m
            };
        (await Crm.PostAsync(action, Targets(Score("one", 1m), byAddress))).Status.ShouldBe(204);
        byAddress["crmb_value"] = 22m;
        (await Crm.PostAsync(action, Targets(Score("one", 11m), byAddress.DeepClone().AsObject()))).Status.ShouldBe(204);
        CrmAnswer scores = await Crm.GetAsync($"crmb_contactscores?$select=crmb_name,crmb_value&$orderby=crmb_name&$filter=_crmb_contactid_value eq {contact}");
        scores.Rows.Select(r => (r!["crmb_name"]!.GetValue<string>(), r["crmb_value"]!.GetValue<decimal>())).ShouldBe([("one", 11m), ("two", 22m)]);
    }

    [Fact]
    public async Task Key_that_is_taken_is_refused_and_key_in_the_address_finds_makes_and_echoes()
    {
        Guid contact = await Crm.CreateAsync("contacts", Contact(0));
        string address = $"crmb_contactscores(_crmb_contactid_value={contact},crmb_name='{mark}')";
        CrmAnswer made = await Crm.PatchAsync(address, new JsonObject { ["crmb_value"] = 5m });
        made.Status.ShouldBe(204);
        made.Headers["OData-EntityId"].ShouldBe(Crm.Root + address);
        (await Crm.GetAsync(address + "?$select=crmb_value")).Json["crmb_value"]!.GetValue<decimal>().ShouldBe(5m);
        (await Crm.PatchAsync(address, new JsonObject { ["crmb_value"] = 6m }, ("Prefer", "return=representation"))).Status.ShouldBe(200);
        CrmAnswer duplicate = await Crm.PostAsync(
            "crmb_contactscores", new JsonObject { ["crmb_contactid@odata.bind"] = $"/contacts({contact})", ["crmb_name"] = mark.ToUpperInvariant() });
        (duplicate.Status, duplicate.Code).ShouldBe((412, "0x80060892"));
        CrmAnswer missing = await Crm.GetAsync("crmb_tags(crmb_name='no such tag')");
        (missing.Status, missing.Code).ShouldBe((404, "0x80060891"));
        CrmAnswer nokey = await Crm.GetAsync("contacts(lastname='x')");
        (nokey.Status, nokey.Code).ShouldBe((400, "0x80060890"));
    }

    [Fact]
    public async Task Quoted_and_encoded_key_values_are_read()
    {
        string name = "it's (a) näme, = " + mark;
        await Crm.CreateAsync("crmb_tags", new JsonObject { ["crmb_name"] = name });
        string address = $"crmb_tags(crmb_name='{Uri.EscapeDataString(name.Replace("'", "''", StringComparison.Ordinal))}')?$select=crmb_name";
        (await Crm.GetAsync(address)).Json["crmb_name"]!.GetValue<string>().ShouldBe(name);
    }

    [Theory]
    [InlineData("50%25")]
    [InlineData("a%3Ab")]
    [InlineData("a%2Ab")]
    [InlineData("a%26b")]
    [InlineData("a%3Fb")]
    [InlineData("a%3Cb")]
    [InlineData("a%5Cb")]
    public async Task Key_value_that_the_platforms_web_server_takes_in_no_path_is_refused(string encoded)
    {
        await Crm.PostAsync("crmb_tags", new JsonObject { ["crmb_name"] = Uri.UnescapeDataString(encoded) });
        CrmAnswer answer = await Crm.GetAsync($"crmb_tags(crmb_name='{encoded}')");
        answer.Status.ShouldBe(400);
        answer.Message.ShouldNotBeNull().ShouldStartWith("A potentially dangerous Request.Path value was detected");
        (await Crm.GetAsync($"crmb_tags?$filter=crmb_name eq '{encoded}'")).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task All_rows_that_are_missing_are_named()
    {
        Guid[] missing = [Guid.NewGuid(), Guid.NewGuid()];
        JsonObject known = Contact(0);
        known["contactid"] = (await Crm.CreateAsync("contacts", Contact(0))).ToString();
        CrmAnswer answer = await Crm.PostAsync(Update, Targets([known, .. missing.Select(m =>
        {
            JsonObject row = Contact(1);
            row["contactid"] = m.ToString();
            return row;
        })]));
        answer.Message.ShouldBe($"contact With Ids = {missing[0]}, {missing[1]} Do Not Exist");
    }

    [Fact]
    public async Task Upsert_of_the_same_new_row_twice_makes_one()
    {
        Guid contact = await Crm.CreateAsync("contacts", Contact(0));
        JsonObject Score(decimal value) => new()
        {
            ["@odata.type"] = "Microsoft.Dynamics.CRM.crmb_contactscore",
            ["crmb_contactid@odata.bind"] = $"/contacts({contact})",
            ["crmb_name"] = mark,
            ["crmb_value"] = value,
        };
        (await Crm.PostAsync("crmb_contactscores/Microsoft.Dynamics.CRM.UpsertMultiple", Targets(Score(1m), Score(2m)))).Status.ShouldBe(204);
        (await Crm.GetAsync($"crmb_contactscores?$select=crmb_value&$filter=crmb_name eq '{mark}'")).Rows.Single()!["crmb_value"]!.GetValue<decimal>().ShouldBe(2m);
    }

    JsonObject Contact(int n) => new() { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["firstname"] = "n" + n, ["lastname"] = mark };

    static JsonObject Targets(params JsonObject[] rows) => new() { ["Targets"] = new JsonArray([.. rows]) };

    async Task<int> Count() => (await Crm.GetAsync($"contacts?$select=contactid&$filter=lastname eq '{mark}'")).Rows.Count;
}
