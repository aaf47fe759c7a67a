using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Contacts;

public sealed class ContactTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static object Attribute(string name, string type, string? of = null, string? typeName = null, bool isReadable = true) =>
        new { LogicalName = name, AttributeType = type, AttributeTypeName = new { Value = typeName ?? type + "Type" }, AttributeOf = of, IsValidForRead = isReadable };

    static readonly object[] Attributes =
    [
        Attribute("contactid", "Uniqueidentifier"), Attribute("firstname", "String"), Attribute("donotemail", "Boolean"), Attribute("statecode", "State"), Attribute("creditlimit", "Money"),
        Attribute("ownerid", "Owner"), Attribute("owneridname", "String", "ownerid"), Attribute("owneridtype", "EntityName"), Attribute("parentcustomerid", "Customer"),
        Attribute("parentcustomeridname", "String", "parentcustomerid"), Attribute("modifiedon", "DateTime"), Attribute("entityimage", "Virtual", null, "ImageType"),
        Attribute("new_hobbies", "Virtual", null, "MultiSelectPicklistType"), Attribute("secret", "String", null, null, false),
    ];

    static CrmReply? WithAttributes(CrmRequest request) => request.Path == "EntityDefinitions(LogicalName='contact')/Attributes" ? CrmReply.Rows(Attributes) : null;

    [Fact]
    public async Task Of_several_contacts_with_an_address_the_active_the_latest_the_lowest_is_taken()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        static object Row(int id, int state, string at) => new { contactid = Ids.Of(id), statecode = state, modifiedon = at };
        server.Answer(_ => CrmReply.Rows(Row(7, 0, "2026-01-02T00:00:00Z"), Row(3, 0, "2026-01-02T00:00:00Z"), Row(1, 0, "2026-01-01T00:00:00Z"), Row(2, 1, "2026-01-03T00:00:00Z")));

        (await gateway.FindContactAsync(" ada@example.test ", None)).ShouldBe(Ids.Of(3));

        CrmRequest request = server.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("contacts");
        request.Option("filter").ShouldBe("emailaddress1 eq 'ada@example.test'");
        request.Option("orderby").ShouldBe("statecode asc,modifiedon desc,contactid asc");
        request.Headers["Authorization"].ShouldBe("Bearer token");
        request.Headers["OData-Version"].ShouldBe("4.0");
        request.Headers["OData-MaxVersion"].ShouldBe("4.0");
        request.Headers["Accept"].ShouldBe("application/json");
        request.Headers["If-None-Match"].ShouldBe("null");
    }

    [Fact]
    public async Task No_contact_is_none_and_no_address_asks_nobody()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(_ => CrmReply.Rows());

        (await gateway.FindContactAsync("ada@example.test", None)).ShouldBeNull();
        (await gateway.FindContactAsync("  ", None)).ShouldBeNull();
        (await gateway.FindContactAsync(new string('a', 400), None)).ShouldBeNull();

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_contact_is_made_once()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        var columns = new Dictionary<string, object?> { ["lastname"] = "Lovelace", ["ownerid@odata.bind"] = "/teams(" + Ids.Of(9) + ")" };

        (await gateway.HasContactAsync(Ids.Of(1), None)).ShouldBeFalse();
        (await gateway.CreateContactAsync(Ids.Of(1), columns, None)).ShouldBeTrue();
        (await gateway.CreateContactAsync(Ids.Of(1), columns, None)).ShouldBeFalse();
        (await gateway.HasContactAsync(Ids.Of(1), None)).ShouldBeTrue();

        server.Rows.Find("contacts", Ids.Of(1), "ownerid@odata.bind")!.Value.GetString().ShouldBe("/teams(" + Ids.Of(9) + ")");
    }

    [Fact]
    public async Task A_duplicate_that_is_not_ours_is_a_failure()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Method == "POST" ? CrmReply.Fail(412, "0x80040237", "A record with matching key values already exists.") : null);

        CrmException e = await Should.ThrowAsync<CrmException>(() => gateway.CreateContactAsync(Ids.Of(1), new Dictionary<string, object?>(), None));

        (e.Code, e.IsTransient).ShouldBe(("0x80040237", false));
    }

    [Fact]
    public async Task Columns_come_with_labels_and_names_and_unknown_ones_are_left_out()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Put("contacts", Ids.Of(1), new Dictionary<string, object?>
        {
            ["firstname"] = "Ada",
            ["donotemail"] = false,
            ["statecode"] = 0,
            ["statecode@OData.Community.Display.V1.FormattedValue"] = "Active",
            ["creditlimit"] = 12.5,
            ["_ownerid_value"] = Ids.Of(5).ToString().ToUpperInvariant(),
            ["_ownerid_value@OData.Community.Display.V1.FormattedValue"] = "Sam Sales",
            ["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] = "systemuser",
            ["_parentcustomerid_value"] = null,
            ["modifiedon"] = "2026-01-02T03:04:05Z",
            ["new_hobbies"] = "1,2",
        });
        server.Answer(WithAttributes);

        var read = await gateway.ReadContactsAsync(
            [Ids.Of(1), Ids.Of(2)], ["firstname", "donotemail", "statecodename", "creditlimit", "owneridtype", "parentcustomeridname", "modifiedon", "entityimage", "new_hobbies", "secret", "nonsense", "x'y"], None);

        read.Keys.ShouldBe([Ids.Of(1)]);
        read[Ids.Of(1)].ShouldBe(new Dictionary<string, object?>
        {
            ["firstname"] = "Ada",
            ["donotemail"] = false,
            ["statecode"] = 0L,
            ["statecodename"] = "Active",
            ["creditlimit"] = 12.5,
            ["ownerid"] = Ids.Of(5).ToString(),
            ["owneridname"] = "Sam Sales",
            ["owneridtype"] = "systemuser",
            ["parentcustomerid"] = null,
            ["modifiedon"] = "2026-01-02T03:04:05Z",
            ["new_hobbies"] = "1,2",
        }, ignoreOrder: true);
        CrmRequest request = server.Requests.Last();
        request.Option("select").ShouldBe("contactid,creditlimit,donotemail,firstname,modifiedon,new_hobbies,_ownerid_value,_parentcustomerid_value,statecode");
        request.Headers["Prefer"].ShouldContain("FormattedValue");
    }

    [Fact]
    public async Task Labels_are_told_from_columns_without_the_environments_help_too()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Put("contacts", Ids.Of(1), new Dictionary<string, object?> { ["firstname"] = "Ada", ["_ownerid_value"] = Ids.Of(5), ["_ownerid_value@OData.Community.Display.V1.FormattedValue"] = "Sam" });
        server.Answer(r => r.Option("select").Contains("AttributeOf", StringComparison.Ordinal) ? CrmReply.Fail(400, "0x80060888", "Could not find a property named 'AttributeOf'.") : WithAttributes(r));

        var row = (await gateway.ReadContactsAsync([Ids.Of(1)], ["firstname", "owneridname"], None))[Ids.Of(1)];

        row["owneridname"].ShouldBe("Sam");
        server.Requests.Last().Option("select").ShouldBe("contactid,firstname,_ownerid_value");
    }

    [Fact]
    public async Task Many_contacts_are_read_in_few_requests_and_pages_are_followed()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        for (int i = 1; i <= 250; i++) server.Rows.Put("contacts", Ids.Of(i), new { firstname = "n" + i });
        int pages = 0;
        server.Answer(r =>
        {
            if (WithAttributes(r) is { } attributes) return attributes;
            // The first answer of all comes in two pages.
            if (r.Query.ContainsKey("$skiptoken")) return CrmReply.Rows(new { contactid = Ids.Of(999), firstname = "last page" });
            if (Interlocked.Increment(ref pages) > 1) return null;
            var all = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(server.Rows.Answer(r).Body)!;
            return CrmReply.Json(new Dictionary<string, object> { ["value"] = all["value"], ["@odata.nextLink"] = server.Url + "/api/data/v9.2/contacts?$skiptoken=abc" });
        });

        var read = await gateway.ReadContactsAsync([.. Enumerable.Range(1, 250).Select(Ids.Of)], ["firstname"], None);

        read.Count.ShouldBe(251);
        read[Ids.Of(250)]["firstname"].ShouldBe("n250");
        server.Requests.Count(r => r.Path == "contacts").ShouldBe(4);
        server.Requests.ShouldNotContain(r => r.Path == "contacts" && r.Headers.ContainsKey("Prefer"));
    }

    [Fact]
    public async Task A_page_on_another_host_is_not_followed()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => WithAttributes(r) ?? CrmReply.Json(new Dictionary<string, object> { ["value"] = Array.Empty<object>(), ["@odata.nextLink"] = "http://elsewhere.test/contacts" }));

        (await Should.ThrowAsync<CrmException>(() => gateway.ReadContactsAsync([Ids.Of(1)], ["firstname"], None))).Message.ShouldContain("another host");
    }

    [Fact]
    public async Task A_column_deleted_meanwhile_is_left_out()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        bool isDeleted = false;
        server.Rows.Put("contacts", Ids.Of(1), new { firstname = "Ada", creditlimit = 3 });
        server.Answer(r => r.Path.StartsWith("EntityDefinitions", StringComparison.Ordinal) ? CrmReply.Rows([.. Attributes.Where(a => !(isDeleted && a.ToString()!.Contains("creditlimit", StringComparison.Ordinal)))])
            : isDeleted && r.Option("select").Contains("creditlimit", StringComparison.Ordinal) ? CrmReply.Fail(400, "0x80060888", "Could not find a property named 'creditlimit'.") : null);
        await gateway.ReadContactsAsync([Ids.Of(1)], ["firstname", "creditlimit"], None);
        isDeleted = true;

        (await gateway.ReadContactsAsync([Ids.Of(1)], ["firstname", "creditlimit"], None))[Ids.Of(1)].Keys.ShouldBe(["firstname"]);
    }

    [Fact]
    public async Task Answers_of_another_form_are_failures_of_the_CRM()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        foreach (string body in (string[])["[]", "{}", "{\"value\":5}", "<html>", "{\"value\":[{}]}", "{\"value\":[5]}"])
        {
            server.Answer(_ => new CrmReply(200, body));
            (await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None))).IsTransient.ShouldBeTrue();
            (await Should.ThrowAsync<CrmException>(() => gateway.ReadDefinitionsAsync(None))).IsTransient.ShouldBeTrue();
        }
    }
}
