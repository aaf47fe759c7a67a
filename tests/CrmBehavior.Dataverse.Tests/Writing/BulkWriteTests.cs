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

namespace CrmBehavior.Dataverse.Tests.Writing;

public sealed class BulkWriteTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static Dictionary<string, object?> Columns(params (string Name, object? Value)[] columns) => columns.ToDictionary(c => c.Name, c => c.Value);

    static CrmWrite[] Each(int count, Func<int, CrmWrite> write) => [.. Enumerable.Range(1, count).Select(write)];

    static UpdateRow Update(int id, string why = "because") => new("contacts", Ids.Of(id), Columns(("crmb_why", why)));

    static CreateRow TaskOf(int id, string subject = "Call") => new("tasks", Ids.Of(id), Columns(("subject", subject), ("prioritycode", 2)));

    static void PutContacts(CrmServer server, int count)
    {
        for (int i = 1; i <= count; i++) server.Rows.Put("contacts", Ids.Of(i), new { lastname = "x" });
    }

    [Fact]
    public async Task Rows_of_a_kind_go_together_and_each_kind_and_set_for_itself()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        PutContacts(server, 20);
        CrmWrite[] writes =
        [
            .. Each(20, i => Update(i)), .. Each(10, i => TaskOf(i)),
            .. Each(10, i => new UpsertRow("crmb_contactscores", Ids.Of(i), Columns(("crmb_name", "engagement"), ("crmb_value", 12.5m), ("crmb_rank", null)))),
        ];

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(writes, None);

        results.Count.ShouldBe(40);
        results.ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        (server.Of("UpdateMultiple").Count, server.Of("CreateMultiple").Count, server.Of("UpsertMultiple").Count).ShouldBe((1, 1, 1));
        JsonElement task = server.Of("CreateMultiple")[0].Json.GetProperty("Targets")[0];
        task.GetRawText().ShouldBe($$"""{"@odata.type":"Microsoft.Dynamics.CRM.task","activityid":"{{Ids.Of(1)}}","subject":"Call","prioritycode":2}""");
        server.Of("UpdateMultiple")[0].Json.GetProperty("Targets")[19].GetRawText().ShouldBe($$"""{"@odata.type":"Microsoft.Dynamics.CRM.contact","contactid":"{{Ids.Of(20)}}","crmb_why":"because"}""");
        server.Rows.Find("crmb_contactscores", Ids.Of(3), "crmb_value")!.Value.GetDecimal().ShouldBe(12.5m);
    }

    [Fact]
    public async Task One_bad_row_of_five_hundred_fails_alone_and_is_found_by_halves()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        PutContacts(server, 500);
        server.Rows.Check = (_, columns) => columns.TryGetValue("crmb_why", out JsonElement why) && why.GetString() == "bad"
            ? CrmReply.Fail(400, "0x80044331", "A validation error occurred. The length of the 'crmb_why' attribute exceeded the maximum allowed length of '2000'.") : null;

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(Each(500, i => Update(i, i == 321 ? "bad" : "good")), None);

        results[320].Outcome.ShouldBe(CrmOutcome.Refused);
        results[320].Reason!.ShouldStartWith("0x80044331: A validation error occurred.");
        results.Where((_, i) => i != 320).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        Enumerable.Range(1, 500).Count(i => server.Rows.Find("contacts", Ids.Of(i), "crmb_why")?.GetString() == "good").ShouldBe(499);
        server.Calls.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Rows_that_are_gone_are_set_aside_in_one_go()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        PutContacts(server, 300);
        foreach (int gone in (int[])[7, 130, 299]) server.Rows.Remove("contacts", Ids.Of(gone));

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(Each(300, i => Update(i)), None);

        results.Select((r, i) => (r.Outcome, Id: i + 1)).Where(r => r.Outcome != CrmOutcome.Done).ShouldBe([(CrmOutcome.Gone, 7), (CrmOutcome.Gone, 130), (CrmOutcome.Gone, 299)]);
        server.Rows.Count("contacts").ShouldBe(297);
        server.Of("UpdateMultiple").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_repeated_creation_is_done_and_makes_nothing_twice()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        CrmWrite[] writes = Each(200, i => TaskOf(i));
        bool cuts = true;
        server.Stage = (request, context) =>
        {
            if (!cuts || !request.IsMessage("CreateMultiple")) return Task.FromResult<CrmReply?>(null);
            server.Rows.Answer(request);
            context.Abort();
            return Task.FromResult<CrmReply?>(null);
        };

        IReadOnlyList<CrmResult> lost = await gateway.WriteAsync(writes, None);
        cuts = false;
        IReadOnlyList<CrmResult> again = await gateway.WriteAsync([.. writes, TaskOf(201)], None);

        lost.ShouldAllBe(r => r.Outcome == CrmOutcome.Retry);
        again.ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        server.Rows.Count("tasks").ShouldBe(201);
        server.Requests.Count(r => r.Method == "POST" && r.Path == "tasks").ShouldBe(1);
    }

    [Fact]
    public async Task A_duplicate_on_another_key_is_refused()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Check = (_, columns) => columns["subject"].GetString() == "twice" ? CrmReply.Fail(412, "0x80060892", "Entity Key x violated.") : null;

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([TaskOf(1), TaskOf(2, "twice"), TaskOf(3)], None);

        results.Select(r => r.Outcome).ShouldBe([CrmOutcome.Done, CrmOutcome.Refused, CrmOutcome.Done]);
        results[1].Reason.ShouldBe("0x80060892: Entity Key x violated.");
    }

    [Fact]
    public async Task A_duplicate_that_is_not_there_is_refused()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Check = (set, _) => CrmReply.Fail(412, "0x80040237", "Cannot insert duplicate key.");

        (await gateway.WriteAsync([TaskOf(1)], None))[0].Outcome.ShouldBe(CrmOutcome.Refused);
    }

    [Fact]
    public async Task All_rows_bad_ends_too_and_each_is_refused()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Check = (_, _) => CrmReply.Fail(403, "0x80040220", "Principal user is missing prvCreateActivity privilege.");

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(Each(500, i => TaskOf(i)), None);

        results.ShouldAllBe(r => r.Outcome == CrmOutcome.Refused && r.Reason == "0x80040220: Principal user is missing prvCreateActivity privilege.");
        server.Calls.ShouldBeLessThan(120);
    }

    [Fact]
    public async Task An_unavailable_CRM_gives_all_back_to_be_tried_again()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.IsMessage("UpdateMultiple") ? new CrmReply(503, "", ("Retry-After", "30")) : null);

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(Each(50, i => Update(i)), None);

        results.ShouldAllBe(r => r.Outcome == CrmOutcome.Retry && r.After == TimeSpan.FromSeconds(30));
        server.Of("UpdateMultiple").Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_too_much_at_once_passes_in_smaller_parts()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        PutContacts(server, 400);
        server.Answer(r => r.IsMessage("UpdateMultiple") && r.Json.GetProperty("Targets").GetArrayLength() > 100 ? CrmReply.Fail(500, "0x80044151", "SQL timeout expired.") : null);

        (await gateway.WriteAsync(Each(400, i => Update(i)), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        int first = server.Of("UpdateMultiple").Count;
        (await gateway.WriteAsync(Each(100, i => Update(i)), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        first.ShouldBe(7);
        server.Of("UpdateMultiple").Count.ShouldBe(8);
    }

    [Fact]
    public async Task After_silence_fewer_rows_are_sent_at_once()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway(timeout: TimeSpan.FromMilliseconds(400));
        PutContacts(server, 300);
        bool isSlow = true;
        server.Stage = async (request, context) =>
        {
            if (isSlow && request.IsMessage("UpdateMultiple")) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        };

        (await gateway.WriteAsync(Each(300, i => Update(i)), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Retry);
        isSlow = false;
        (await gateway.WriteAsync(Each(300, i => Update(i)), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Of("UpdateMultiple").Select(r => r.Json.GetProperty("Targets").GetArrayLength()).Skip(1).ShouldBe([150, 150]);
    }

    [Fact]
    public async Task Bindings_are_spelled_as_the_environment_spells_them()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Navigations.AddRange(["regardingobjectid_contact_Task", "ownerid"]);
        CrmWrite Bound(int id) => new CreateRow("tasks", Ids.Of(id), Columns(("regardingobjectid_contact_task@odata.bind", "/contacts(" + Ids.Of(9) + ")"), ("new_other@odata.bind", null)));

        await gateway.WriteAsync([Bound(1), Bound(2)], None);
        await gateway.WriteAsync([Bound(3)], None);

        server.Rows.Find("tasks", Ids.Of(1), "regardingobjectid_contact_Task@odata.bind")!.Value.GetString().ShouldBe("/contacts(" + Ids.Of(9) + ")");
        server.Rows.Find("tasks", Ids.Of(3), "new_other@odata.bind")!.Value.ValueKind.ShouldBe(JsonValueKind.Null);
        server.Requests.Count(r => r.Path.StartsWith("RelationshipDefinitions", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_table_that_turns_out_to_have_no_bulk_messages_is_not_asked_for_them_again()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Path == "sdkmessagefilters" ? CrmReply.Fail(403, "0x80040220", "No.")
            : r.IsMessage("CreateMultiple") ? CrmReply.Fail(404, "0x8006088a", "Resource not found for the segment 'Microsoft.Dynamics.CRM.CreateMultiple'.") : null);

        for (int i = 0; i < 3; i++) (await gateway.WriteAsync([TaskOf(2 * i + 1), TaskOf(2 * i + 2)], None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Of("CreateMultiple").Count.ShouldBe(1);
        server.Requests.Count(r => r.Path == "$batch").ShouldBe(3);
    }

    [Fact]
    public async Task What_the_environment_does_not_tell_is_taken_as_we_know_it()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Path.StartsWith("RelationshipDefinitions", StringComparison.Ordinal) || r.Path == "sdkmessagefilters" ? CrmReply.Fail(403, "0x80040220", "No.") : null);
        CrmWrite Bound(int id) => new CreateRow("tasks", Ids.Of(id), Columns(("regardingobjectid_contact_task@odata.bind", "/contacts(" + Ids.Of(9) + ")")));

        (await gateway.WriteAsync([Bound(1), Bound(2)], None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Of("CreateMultiple").Count.ShouldBe(1);
        server.Rows.Find("tasks", Ids.Of(2), "regardingobjectid_contact_task@odata.bind").ShouldNotBeNull();
    }
}
