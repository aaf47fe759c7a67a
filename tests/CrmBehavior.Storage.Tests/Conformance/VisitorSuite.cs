using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What <see cref="IProfileStore"/> promises of visitors: what is kept of them, and who they turn out to be.</summary>
public abstract class VisitorSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Events_of_a_visitor_are_kept_in_order_of_arrival_and_each_once()
    {
        OpenStore store = await FreshAsync();
        await store.CommitAsync([], ["v", "w"], (_, commit) => commit.Kept.AddRange([Rows.Kept("v", "b", Rows.Noon), Rows.Kept("w", "x", Rows.Noon + 2), Rows.Kept("v", "a", Rows.Noon - 1)]));
        await store.CommitAsync([], ["v"], (_, commit) => commit.Kept.AddRange([Rows.Kept("v", "a", Rows.Noon + 9), Rows.Kept("v", "c", Rows.Noon + 3)]));

        IReadOnlyList<KeptEvent> kept = await store.KeptAsync("v", "w");
        kept.Select(x => x.Id).ShouldBe(["b", "a", "x", "c"]);
        kept[1].ShouldBeEquivalentTo(Rows.Kept("v", "a", Rows.Noon - 1));
        (await store.KeptAsync("V")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Claim_tells_who_the_visitor_is_and_takes_away_what_was_kept()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await store.CommitAsync([], ["v", "w"], (_, commit) => commit.Kept.AddRange([Rows.Kept("v", "a"), Rows.Kept("w", "a")]));
        await store.CommitAsync(
            [contact],
            ["v"],
            (batch, commit) =>
            {
                batch.Claims.ShouldBeEmpty();
                commit.Profiles.Add((Rows.Profile(contact), null));
                commit.Claims.Add(("v", contact));
            });

        (await store.KeptAsync("v", "w")).Select(x => x.Visitor).ShouldBe(["w"]);
        await using IProfileBatch batch = await store.Profiles.OpenAsync([], ["v", "w"], default);
        batch.Claims.ShouldBe(new Dictionary<string, Guid> { ["v"] = contact });
        batch.Profiles.Keys.ShouldBe([contact]);
        // The contact is locked with its visitor, so the batch may write it.
        var more = new ProfileCommit();
        more.AddOfEach(batch, [contact], "later");
        await batch.CommitAsync(more, default);
        (await store.Profiles.FindAsync(contact, default))!.Sequence.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Visitor_may_turn_out_to_be_somebody_else_later()
    {
        OpenStore store = await FreshAsync();
        Guid before = Guid.NewGuid(), after = Guid.NewGuid();
        await store.CommitAsync([before], ["v"], (_, commit) => commit.Claims.Add(("v", before)));
        await store.CommitAsync([after], ["v"], (_, commit) => commit.Claims.Add(("v", after)));
        await using IProfileBatch batch = await store.Profiles.OpenAsync([], ["v"], default);
        batch.Claims["v"].ShouldBe(after);
    }

    [SkippableFact]
    public async Task Joins_at_the_same_time_as_events_never_strand_a_kept_event()
    {
        OpenStore store = await FreshAsync();
        const int Visitors = 8, Events = 12;
        Guid[] contacts = [.. Enumerable.Range(0, Visitors).Select(_ => Guid.NewGuid())];

        // What the pipeline does: to the contact if the visitor is known, else kept.
        async Task TakeAsync(OpenStore own, int v, string id)
        {
            await using IProfileBatch batch = await own.Profiles.OpenAsync([], [$"v{v}"], default);
            var commit = new ProfileCommit();
            if (batch.Claims.TryGetValue($"v{v}", out Guid contact)) commit.AddOfEach(batch, [contact], id);
            else commit.Kept.Add(Rows.Kept($"v{v}", id));
            await batch.CommitAsync(commit, default);
        }

        async Task JoinAsync(OpenStore own, int v)
        {
            await using IProfileBatch batch = await own.Profiles.OpenAsync([contacts[v]], [$"v{v}"], default);
            var commit = new ProfileCommit();
            long sequence = batch.Profiles.TryGetValue(contacts[v], out Profile? known) ? known.Sequence : 0;
            foreach (KeptEvent kept in await batch.ReadKeptAsync([$"v{v}"], default)) commit.Events.Add(Rows.Event(contacts[v], ++sequence, kept.Id));
            commit.Profiles.Add((Rows.Profile(contacts[v], sequence: sequence), null));
            commit.Claims.Add(($"v{v}", contacts[v]));
            await batch.CommitAsync(commit, default);
        }

        OpenStore[] processes = [Another("a"), Another("b"), Another("c")];
        var work = new List<Task>();
        for (int v = 0; v < Visitors; v++)
        {
            int visitor = v;
            work.Add(Task.Run(async () =>
            {
                for (int i = 0; i < Events; i++) await TakeAsync(processes[0], visitor, $"{i}");
            }));
            work.Add(Task.Run(() => JoinAsync(processes[1], visitor)));
            work.Add(Task.Run(() => JoinAsync(processes[2], visitor)));
        }
        await Task.WhenAll(work);

        for (int v = 0; v < Visitors; v++)
        {
            (await store.LogAsync(contacts[v])).Select(x => x.Id).ShouldBe(Enumerable.Range(0, Events).Select(x => $"{x}"), ignoreOrder: true);
            (await store.KeptAsync($"v{v}")).ShouldBeEmpty();
        }
    }
}
