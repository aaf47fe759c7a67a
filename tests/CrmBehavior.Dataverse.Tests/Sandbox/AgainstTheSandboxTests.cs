using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Sandbox;

/// <summary>The gateway against an environment that holds the real solution with its plugins, as the service's own user.</summary>
public sealed class AgainstTheSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    static readonly CancellationToken None = CancellationToken.None;

    DataverseGateway Gateway()
    {
        return new DataverseGateway(new CrmOptions { Url = sandbox.Url, Token = sandbox.Settings["Crm__Token"], Patience = TimeSpan.FromSeconds(60) });
    }

    async Task<JsonElement> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{sandbox.Url}/api/data/v9.2/{path}");
        request.Headers.Authorization = new("Bearer", "sandbox");
        using HttpResponseMessage answer = await sandbox.Http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(path + ": " + await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    async Task DeleteAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{sandbox.Url}/api/data/v9.2/{path}");
        request.Headers.Authorization = new("Bearer", "sandbox");
        using HttpResponseMessage answer = await sandbox.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }


    static async Task<Guid[]> ContactsAsync(DataverseGateway gateway, int count, string address)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
        foreach (Guid[] some in ids.Chunk(500))
        {
            CrmWrite[] writes = [.. some.Select((id, i) => new CreateRow("contacts", id, new Dictionary<string, object?> { ["lastname"] = "Löve'lace " + i, ["emailaddress1"] = $"{id:N}@{address}", ["creditlimit"] = 12.5m }))];
            (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        }
        return ids;
    }

    [Fact]
    public async Task Tags_of_many_contacts_take_one_request_and_what_was_on_or_is_gone_is_told()
    {
        using DataverseGateway gateway = Gateway();
        Guid[] contacts = await ContactsAsync(gateway, 300, "tags.example");
        await gateway.WriteAsync([new SetTag(contacts[0], "By hand", true)], None);
        long before = await RequestsAsync();

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(
            [.. contacts.Select(c => new SetTag(c, "by hand", true)), new SetTag(Guid.NewGuid(), "By hand", true), .. contacts.Take(100).Select(c => new SetTag(c, "Never", false))], None);

        results[0].Outcome.ShouldBe(CrmOutcome.WasSo);
        results.Skip(1).Take(299).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        results[300].Outcome.ShouldBe(CrmOutcome.Gone);
        (await RequestsAsync() - before).ShouldBe(1);
        (await AskAsync("contacts?$select=contactid&$filter=crmb_contact_tag/any(t:t/crmb_name eq 'By hand')")).GetProperty("value").GetArrayLength().ShouldBe(300);
    }

    async Task<long> RequestsAsync() =>
        (await sandbox.Http.GetFromJsonAsync<JsonElement>($"{sandbox.Url}/sandbox/requests")).EnumerateArray()
            .Where(r => r.GetProperty("system").GetString() == "crm" && !r.GetProperty("route").GetString()!.StartsWith("GET", StringComparison.Ordinal)).Sum(r => r.GetProperty("count").GetInt64());

    static CreateRow Touchpoint(Guid id, Guid contact) => new("crmb_touchpoints", id, new Dictionary<string, object?>
    {
        ["subject"] = "Looked at prices",
        ["description"] = "three times",
        ["crmb_effect"] = "timeline",
        ["crmb_definitionname"] = "intent",
        ["crmb_at"] = DateTimeOffset.UtcNow,
        ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({contact})",
    }, Complete: true);

    [Fact]
    public async Task Contacts_are_made_found_and_read_with_labels()
    {
        using DataverseGateway gateway = Gateway();
        Guid id = Guid.NewGuid();
        string address = $"o'neil+{id:N}@example.test";
        string owner = (await AskAsync("systemusers?$select=systemuserid&$top=1")).GetProperty("value")[0].GetProperty("systemuserid").GetString()!;
        var columns = new Dictionary<string, object?> { ["firstname"] = "Ada", ["lastname"] = "Lovelace", ["emailaddress1"] = address, ["creditlimit"] = 99.5m, ["ownerid@odata.bind"] = $"/systemusers({owner})" };

        (await gateway.CreateContactAsync(id, columns, None)).ShouldBeTrue();
        (await gateway.CreateContactAsync(id, columns, None)).ShouldBeFalse();
        (await gateway.HasContactAsync(id, None)).ShouldBeTrue();
        (await gateway.HasContactAsync(Guid.NewGuid(), None)).ShouldBeFalse();
        (await gateway.FindContactAsync(address.ToUpperInvariant(), None)).ShouldBe(id);
        (await gateway.FindContactAsync("nobody@example.test", None)).ShouldBeNull();
        var row = (await gateway.ReadContactsAsync([id, Guid.NewGuid()], ["firstname", "creditlimit", "statecode", "ownerid", "owneridname", "masterid", "donotemail", "no_such_column"], None)).ShouldHaveSingleItem().Value;

        (row["firstname"], row["creditlimit"], row["statecode"], row["statecodename"], row["ownerid"], row["owneridtype"], row["masterid"]).ShouldBe(("Ada", 99.5, 0L, "Active", owner, "systemuser", null));
        row["owneridname"].ShouldBeOfType<string>().Length.ShouldBeGreaterThan(0);
        row.ContainsKey("no_such_column").ShouldBeFalse();
    }

    [Fact]
    public async Task A_few_hundred_rows_of_all_kinds_are_written_and_written_again_with_one_effect()
    {
        using DataverseGateway gateway = Gateway();
        Guid[] contacts = await ContactsAsync(gateway, 200, "bulk.test");
        Guid gone = contacts[17];
        await DeleteAsync($"contacts({gone})");
        Guid[] touchpoints = [.. contacts.Select(_ => Guid.NewGuid())], scores = [.. contacts.Select(_ => Guid.NewGuid())], tasks = [.. contacts.Select(_ => Guid.NewGuid())];
        string tag = "Hot " + Guid.NewGuid().ToString("N");
        CrmWrite[] writes =
        [
            .. contacts.Select((c, i) => Touchpoint(touchpoints[i], c)),
            .. contacts.Select((c, i) => new UpsertRow("crmb_contactscores", scores[i], new Dictionary<string, object?> { ["crmb_contactid@odata.bind"] = $"/contacts({c})", ["crmb_name"] = "engagement", ["crmb_value"] = 12.5m, ["crmb_grade"] = "warm" })),
            .. contacts.Select((c, i) => new CreateRow("tasks", tasks[i], new Dictionary<string, object?> { ["subject"] = "Call", ["prioritycode"] = 2, ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({c})" })),
            .. contacts.Select(c => new UpdateRow("contacts", c, new Dictionary<string, object?> { ["crmb_why"] = "because", ["crmb_score"] = 12.5m })),
            .. contacts.Select(c => new SetTag(c, tag, true)),
        ];

        IReadOnlyList<CrmResult> first = await gateway.WriteAsync(writes, None), second = await gateway.WriteAsync(writes, None);

        first.Select((r, i) => (r, i)).Where(r => r.i % 200 != 17).ShouldAllBe(r => r.r.Outcome == CrmOutcome.Done);
        first.Where((_, i) => i % 200 == 17).ShouldAllBe(r => r.Outcome == CrmOutcome.Gone);
        second.Select((r, i) => (r, i)).Where(r => r.i % 200 != 17).ShouldAllBe(r => r.r.Outcome == (r.i < 800 ? CrmOutcome.Done : CrmOutcome.WasSo));
        second.Where((_, i) => i % 200 == 17).ShouldAllBe(r => r.Outcome == CrmOutcome.Gone);
        JsonElement timeline = await AskAsync($"crmb_touchpoints?$select=statecode,statuscode,_regardingobjectid_value&$filter=_regardingobjectid_value eq {contacts[5]}");
        timeline.GetProperty("value").EnumerateArray().Single().GetProperty("statecode").GetInt32().ShouldBe(1);
        (await AskAsync($"contacts({contacts[5]})/crmb_contact_tag?$select=crmb_name")).GetProperty("value").EnumerateArray().Single().GetProperty("crmb_name").GetString().ShouldBe(tag);
        (await AskAsync($"tasks?$select=subject&$filter=_regardingobjectid_value eq {contacts[5]}")).GetProperty("value").GetArrayLength().ShouldBe(1);
        (await gateway.WriteAsync([new SetTag(contacts[5], tag, false), new SetTag(contacts[5], "Never " + tag, false)], None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done || r.Outcome == CrmOutcome.WasSo);
        (await AskAsync($"contacts({contacts[5]})/crmb_contact_tag?$select=crmb_name")).GetProperty("value").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task One_bad_row_spoils_no_other()
    {
        using DataverseGateway gateway = Gateway();
        Guid[] contacts = await ContactsAsync(gateway, 60, "bad.test");

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([.. contacts.Select((c, i) => new UpdateRow("contacts", c, new Dictionary<string, object?> { ["crmb_grade"] = i == 33 ? new string('x', 5000) : "hot" }))], None);

        results[33].Outcome.ShouldBe(CrmOutcome.Refused);
        results[33].Reason!.ShouldStartWith("0x80044331");
        results.Where((_, i) => i != 33).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        (await AskAsync($"contacts({contacts[59]})?$select=crmb_grade")).GetProperty("crmb_grade").GetString().ShouldBe("hot");
    }

    [Fact]
    public async Task Definitions_are_published_by_the_real_plugins_and_followed()
    {
        using DataverseGateway gateway = Gateway();
        string name = "intent-" + Guid.NewGuid().ToString("N");
        string Json(int count) => $$$"""{"kind":"signal","name":"{{{name}}}","when":{"event":"page_viewed","count":{"gte":{{{count}}} } } }""";

        (await gateway.PublishAsync([("signal", name, Json(3))], "first", None)).ShouldBe([$"signal {name}: new, version 1"]);
        (await gateway.ReadDefinitionsAsync(None)).Where(d => d.Name == name).Select(d => (d.Kind, d.Version, d.IsPaused, d.IsCurrent)).ShouldBe([("signal", 1, false, true)]);
        (await gateway.PublishAsync([("signal", name, " " + Json(3))], "again", None)).ShouldBeEmpty();
        (await gateway.PublishAsync([("signal", name, Json(5))], "it was too low", None)).ShouldBe([$"signal {name}: version 2, was version 1"]);
        (await gateway.ReadDefinitionsAsync(None)).Single(d => d.Name == name).ShouldBe(new PublishedDefinition("signal", name, 2, false, true, Json(5)));
        (await Should.ThrowAsync<CrmException>(() => gateway.PublishAsync([("signal", name, "{")], "broken", None))).IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Variables_and_the_organisation_are_read()
    {
        using DataverseGateway gateway = Gateway();

        (await gateway.FindVariableAsync("crmb_ServiceUser", None)).ShouldNotBeNullOrEmpty();
        (await gateway.FindVariableAsync("crmb_NoSuchVariable", None)).ShouldBeNull();
        (await gateway.ReadOrganizationAsync(None)).ShouldNotBe(Guid.Empty);
    }
}
