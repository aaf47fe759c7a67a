using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Writing;

public sealed class SingleWriteTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static Dictionary<string, object?> Columns(params (string Name, object? Value)[] columns) => columns.ToDictionary(c => c.Name, c => c.Value);

    static CreateRow Touchpoint(int id) => new("crmb_touchpoints", Ids.Of(id), Columns(("subject", "Seen")), Complete: true);

    [Fact]
    public async Task A_change_of_a_deleted_row_makes_no_ghost()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();

        CrmResult result = (await gateway.WriteAsync([new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", "x")))], None))[0];

        result.Outcome.ShouldBe(CrmOutcome.Gone);
        result.Reason.ShouldBe($"0x80040217: contacts With Id = {Ids.Of(1)} Does Not Exist");
        server.Rows.Count("contacts").ShouldBe(0);
        server.Requests.Single().Headers["If-Match"].ShouldBe("*");
    }

    [Fact]
    public async Task An_upsert_makes_and_changes()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();

        foreach (int value in (int[])[1, 2])
            (await gateway.WriteAsync([new UpsertRow("crmb_contactscores", Ids.Of(1), Columns(("crmb_value", value)))], None))[0].Outcome.ShouldBe(CrmOutcome.Done);

        server.Rows.Find("crmb_contactscores", Ids.Of(1), "crmb_value")!.Value.GetInt32().ShouldBe(2);
        server.Requests.ShouldAllBe(r => r.Method == "PATCH" && !r.Headers.ContainsKey("If-Match"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Activities_are_made_and_then_completed(int count)
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        CrmWrite[] writes = [.. Enumerable.Range(1, count).Select(Touchpoint), new CreateRow("tasks", Ids.Of(999), Columns(("subject", "Call")), Complete: true)];

        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        Enumerable.Range(1, count).ShouldAllBe(i => server.Rows.Find("crmb_touchpoints", Ids.Of(i), "statecode")!.Value.GetInt32() == 1 && server.Rows.Find("crmb_touchpoints", Ids.Of(i), "statuscode")!.Value.GetInt32() == 2);
        server.Rows.Find("tasks", Ids.Of(999), "statuscode")!.Value.GetInt32().ShouldBe(5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task An_activity_left_open_by_a_lost_answer_is_completed_at_the_next_attempt_and_a_completed_one_left_alone(int count)
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        CrmWrite[] writes = [.. Enumerable.Range(1, count).Select(Touchpoint)];
        bool fails = true;
        server.Answer(r => fails && (r.IsMessage("UpdateMultiple") || r.Method == "PATCH") ? new CrmReply(503) : null);

        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Retry);
        fails = false;
        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        int before = server.Requests.Count(r => r.IsMessage("UpdateMultiple") || r.Method == "PATCH");
        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Rows.Count("crmb_touchpoints").ShouldBe(count);
        Enumerable.Range(1, count).ShouldAllBe(i => server.Rows.Find("crmb_touchpoints", Ids.Of(i), "statecode")!.Value.GetInt32() == 1);
        server.Requests.Count(r => r.IsMessage("UpdateMultiple") || r.Method == "PATCH").ShouldBe(before);
    }

    [Theory]
    [InlineData("contact", 7, CrmOutcome.Gone)]
    [InlineData("task", 1, CrmOutcome.Gone)]
    [InlineData("systemuser", 8, CrmOutcome.Refused)]
    public async Task A_task_whose_owner_is_missing_waits_for_a_person_one_whose_contact_is_gone_does_not(string table, int missing, CrmOutcome outcome)
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Check = (_, _) => CrmReply.Missing(table, Ids.Of(missing));
        var columns = Columns(("regardingobjectid_contact_task@odata.bind", $"/contacts({Ids.Of(7)})"), ("ownerid@odata.bind", $"/systemusers({Ids.Of(8)})"));

        foreach (int count in (int[])[1, 2])
            (await gateway.WriteAsync([.. Enumerable.Range(0, count).Select(i => new CreateRow("tasks", Ids.Of(1 + i * 100), columns))], None))[0].Outcome.ShouldBe(outcome);
    }

    [Fact]
    public async Task A_row_that_a_customers_plugin_refuses_is_told_in_its_words()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Check = (set, _) => set == "tasks" ? CrmReply.Fail(400, "0x80040265", "Tasks need a project.") : null;

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new CreateRow("tasks", Ids.Of(1), Columns(("subject", "x"))), Touchpoint(2)], None);

        results.Select(r => (r.Outcome, r.Reason)).ShouldBe([(CrmOutcome.Refused, "0x80040265: Tasks need a project."), (CrmOutcome.Done, null)]);
    }

    [Fact]
    public async Task Writes_of_one_row_are_joined_or_follow_each_other()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Put("contacts", Ids.Of(1), new { lastname = "x" });
        CrmWrite[] writes =
        [
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", "first"), ("crmb_grade", "cold"))),
            new CreateRow("tasks", Ids.Of(2), Columns(("subject", "new"))),
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", "second"))),
            new UpdateRow("tasks", Ids.Of(2), Columns(("subject", "changed"))),
            new CreateRow("tasks", Ids.Of(2), Columns(("subject", "again"))),
        ];

        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Requests.Count(r => r.Method == "PATCH" && r.Path.StartsWith("contacts", StringComparison.Ordinal)).ShouldBe(1);
        server.Rows.Find("contacts", Ids.Of(1), "crmb_why")!.Value.GetString().ShouldBe("second");
        server.Rows.Find("contacts", Ids.Of(1), "crmb_grade")!.Value.GetString().ShouldBe("cold");
        server.Rows.Find("tasks", Ids.Of(2), "subject")!.Value.GetString().ShouldBe("changed");
    }

    [Fact]
    public async Task A_change_of_a_row_that_could_not_be_made_yet_is_not_taken_for_gone()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Is("POST", "tasks") ? new CrmReply(503) : null);

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new CreateRow("tasks", Ids.Of(2), Columns(("subject", "new"))), new UpdateRow("tasks", Ids.Of(2), Columns(("subject", "changed")))], None);

        results.ShouldAllBe(r => r.Outcome == CrmOutcome.Retry);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_written_never_leaves_and_the_rest_does()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Rows.Put("contacts", Ids.Of(1), new { lastname = "x" });
        CrmWrite[] writes =
        [
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_score", double.NaN))),
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", "\ud83d"))),
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", new object()))),
            new UpdateRow("contacts)?x", Ids.Of(1), Columns(("crmb_why", "x"))),
            new UpdateRow("contacts", Guid.Empty, Columns(("crmb_why", "x"))),
            new SetTag(Ids.Of(1), " ", true),
            new UpdateRow("contacts", Ids.Of(1), Columns(("crmb_why", "fine 😀"))),
        ];

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(writes, None);

        results.Take(6).ShouldAllBe(r => r.Outcome == CrmOutcome.Refused && r.Reason!.Length > 10);
        results[6].Outcome.ShouldBe(CrmOutcome.Done);
        server.Rows.Find("contacts", Ids.Of(1), "crmb_why")!.Value.GetString().ShouldBe("fine 😀");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Values_are_written_as_the_Web_API_wants_them()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        var row = Columns(
            ("a", "é\"\\\n"), ("b", true), ("c", 3), ("d", 2.5), ("e", 10.50m), ("f", Ids.Of(7)), ("g", new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc)),
            ("h", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))), ("i", new DateOnly(2026, 1, 2)), ("j", null));

        await gateway.WriteAsync([new CreateRow("tasks", Ids.Of(1), row)], None);

        server.Requests.Single().Body.ShouldBe(
            $$"""{"activityid":"{{Ids.Of(1)}}","a":"é\"\\\n","b":true,"c":3,"d":2.5,"e":10.50,"f":"{{Ids.Of(7)}}","g":"2026-01-02T03:04:05Z","h":"2026-01-02T01:04:05Z","i":"2026-01-02","j":null}""");
    }

    [Fact]
    public async Task A_set_that_the_environment_has_not_is_told()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Path == "EntityDefinitions" ? CrmReply.Rows() : null);

        CrmResult result = (await gateway.WriteAsync([new UpdateRow("new_things", Ids.Of(1), Columns(("a", 1)))], None))[0];

        (result.Outcome, result.Reason).ShouldBe((CrmOutcome.Refused, "There is no entity set 'new_things' in the CRM; is the solution installed?"));
    }

    [Fact]
    public async Task Nothing_to_write_asks_nobody()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();

        (await gateway.WriteAsync([], None)).ShouldBeEmpty();
        server.Requests.ShouldBeEmpty();
    }
}
