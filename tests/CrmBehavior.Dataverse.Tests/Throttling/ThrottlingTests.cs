using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Dataverse.Throttling;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Throttling;

public sealed class ThrottlingTests
{
    static readonly CancellationToken None = CancellationToken.None;
    static readonly CrmReply Busy = CrmReply.Fail(429, "0x80072322", "Number of requests exceeded the limit of 6000.", ("Retry-After", "17"));

    [Fact]
    public async Task While_the_CRM_asks_to_be_left_alone_nobody_calls_it_and_then_all_go_on()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        var time = new MovedTime();
        var waits = new List<TimeSpan>();
        using var waiting = new SemaphoreSlim(0);
        time.Waiting += wait =>
        {
            lock (waits) waits.Add(wait);
            waiting.Release();
        };
        using DataverseGateway gateway = server.Gateway(time: time);
        int calls = 0;
        server.Answer(r => Interlocked.Increment(ref calls) == 1 ? Busy : null);

        List<Task<bool>> asking = [gateway.HasContactAsync(Ids.Of(1), None)];
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        for (int i = 2; i <= 6; i++) asking.Add(gateway.HasContactAsync(Ids.Of(i), None));
        for (int i = 2; i <= 6; i++) (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();

        waits.ShouldAllBe(w => w == TimeSpan.FromSeconds(17));
        time.Advance(TimeSpan.FromSeconds(17) - TimeSpan.FromTicks(1));
        gateway.Load.Closed.ShouldBe(TimeSpan.FromTicks(1));
        server.Requests.Count.ShouldBe(1);
        asking.ShouldAllBe(t => !t.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        (await Task.WhenAll(asking)).ShouldAllBe(has => !has);
        server.Requests.Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_ban_longer_than_patience_is_given_back_without_another_call()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway(patience: TimeSpan.FromSeconds(5), time: new MovedTime());
        server.Answer(_ => CrmReply.Fail(429, "0x80072321", "Combined execution time exceeded.", ("Retry-After", "300")));

        CrmException first = await Should.ThrowAsync<CrmException>(() => gateway.HasContactAsync(Ids.Of(1), None));
        CrmException second = await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None));
        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new UpdateRow("contacts", Ids.Of(1), new Dictionary<string, object?> { ["crmb_why"] = "x" }), new SetTag(Ids.Of(1), "t", true)], None);

        (first.IsTransient, first.RetryAfter).ShouldBe((true, TimeSpan.FromMinutes(5)));
        second.RetryAfter.ShouldBe(TimeSpan.FromMinutes(5));
        results.ShouldAllBe(r => r.Outcome == CrmOutcome.Retry && r.After == TimeSpan.FromMinutes(5));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_throttled_part_of_a_batch_shuts_the_gate_too_and_costs_the_others_nothing()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway(patience: TimeSpan.Zero, time: new MovedTime());
        server.Rows.Bulk.Clear();
        for (int i = 1; i <= 3; i++) server.Rows.Put("contacts", Ids.Of(i), new { lastname = "x" });
        server.Answer(r => r.Method == "PATCH" && r.Path.Contains(Ids.Of(2).ToString(), StringComparison.Ordinal) ? Busy : null);

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([.. Enumerable.Range(1, 3).Select(i => new UpdateRow("contacts", Ids.Of(i), new Dictionary<string, object?> { ["crmb_why"] = "x" }))], None);

        results.Select(r => r.Outcome).ShouldBe([CrmOutcome.Done, CrmOutcome.Retry, CrmOutcome.Done]);
        results[1].After.ShouldBe(TimeSpan.FromSeconds(17));
        gateway.Load.Closed.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Fact]
    public void Without_Retry_After_the_wait_grows_until_an_answer_comes()
    {
        var gate = new ProtectionGate(new MovedTime());

        Enumerable.Range(0, 8).Select(_ => gate.Throttled(null, null).TotalSeconds).ShouldBe([5, 10, 20, 40, 80, 160, 300, 300]);
        gate.Answered(null);
        gate.Throttled(null, null).ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task As_many_run_at_once_as_the_CRM_recommends_fewer_after_a_refusal_and_slowly_more_again()
    {
        var gate = new ProtectionGate(new MovedTime());
        gate.Load.Limit.ShouldBe(4);
        for (int i = 0; i < 200; i++) gate.Answered(10);
        gate.Load.Limit.ShouldBe(10);
        gate.Throttled(TimeSpan.Zero, "0x80072326").ShouldBe(TimeSpan.Zero);
        gate.Load.Limit.ShouldBe(5);
        for (int i = 0; i < 4; i++) gate.Answered(10);
        gate.Load.Limit.ShouldBe(5);
        for (int i = 0; i < 3; i++) gate.Answered(10);
        gate.Load.Limit.ShouldBe(6);
        gate.Answered(2);
        gate.Load.Limit.ShouldBe(2);

        var first = await gate.EnterAsync(TimeSpan.Zero, None);
        var second = await gate.EnterAsync(TimeSpan.Zero, None);
        Task<(ProtectionGate.Permit? Permit, TimeSpan, TimeSpan)> third = gate.EnterAsync(TimeSpan.Zero, None);
        third.IsCompleted.ShouldBeFalse();
        first.Permit!.Dispose();
        (await third).Permit.ShouldNotBeNull();
        second.Permit.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_gives_up_in_the_queue_holds_up_nobody()
    {
        var gate = new ProtectionGate(new MovedTime());
        gate.Answered(1);
        var running = await gate.EnterAsync(TimeSpan.Zero, None);
        using var cancellation = new CancellationTokenSource();
        var impatient = gate.EnterAsync(TimeSpan.Zero, cancellation.Token);
        var patient = gate.EnterAsync(TimeSpan.Zero, None);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        running.Permit!.Dispose();

        (await patient).Permit.ShouldNotBeNull();
    }

    [Fact]
    public async Task When_the_gate_shuts_those_in_the_queue_learn_it()
    {
        var gate = new ProtectionGate(new MovedTime());
        gate.Answered(1);
        var running = await gate.EnterAsync(TimeSpan.Zero, None);
        var queued = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(TimeSpan.Zero, None)).ToArray();

        gate.Throttled(TimeSpan.FromSeconds(9), null);
        running.Permit!.Dispose();

        foreach (var (permit, _, closed) in await Task.WhenAll(queued))
        {
            permit.ShouldBeNull();
            closed.ShouldBe(TimeSpan.FromSeconds(9));
        }
    }

    [Fact]
    public async Task Never_more_requests_are_open_than_the_limit()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        int open = 0, most = 0;
        server.Stage = async (_, _) =>
        {
            int now = Interlocked.Increment(ref open);
            lock (server) most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref open);
            return new CrmReply(200, "{}", ("x-ms-dop-hint", "3"));
        };

        await Task.WhenAll(Enumerable.Range(1, 60).Select(i => gateway.HasContactAsync(Ids.Of(i), None)));

        most.ShouldBeLessThanOrEqualTo(4);
        gateway.Load.Limit.ShouldBe(3);
        gateway.Load.Running.ShouldBe(0);
    }
}
