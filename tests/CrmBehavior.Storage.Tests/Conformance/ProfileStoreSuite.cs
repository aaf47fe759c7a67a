using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What <see cref="IProfileStore"/> promises of profiles, log, keys, timers and decisions.</summary>
public abstract class ProfileStoreSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Commit_of_profile_events_and_decisions_is_read_back_as_it_was()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        byte[] anything = [.. Enumerable.Range(0, 256).Select(x => (byte)x)];
        Profile profile = Rows.Profile(contact, sequence: 2) with { State = anything };
        LoggedEvent first = Rows.Event(contact, 1) with { Body = anything }, second = Rows.Event(contact, 2, "Zweite – 二 🙂") with { Body = [] };
        StoredDecision decision = Rows.Decision(contact, 0) with { Line = anything };
        await store.CommitAsync(
            [contact],
            commit =>
            {
                commit.Profiles.Add((profile, Rows.Noon));
                commit.Events.AddRange([first, second]);
                commit.Decisions.Add(decision);
            });

        Profile? found = await store.Profiles.FindAsync(contact, default);
        found.ShouldNotBeNull();
        found.State.ShouldBe(anything);
        (found.Generation, found.Sequence, found.IsErased).ShouldBe((1, 2L, false));
        (await store.LogAsync(contact)).ShouldBeEquivalentTo(new List<LoggedEvent> { first, second });
        (await store.Profiles.ReadDecisionsAsync(contact, 10, default)).ToList().ShouldBeEquivalentTo(new List<StoredDecision> { decision });
        await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
        batch.Profiles[contact].State.ShouldBe(anything);
        (await batch.ReadLogAsync(contact, default)).ToList().ShouldBeEquivalentTo(new List<LoggedEvent> { first, second });
    }

    [SkippableFact]
    public async Task Known_contacts_are_read_in_pages_each_once()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        await store.CommitAsync(contacts, commit => commit.Profiles.AddRange(contacts.Select(c => (Rows.Profile(c), (long?)null))));
        await using (await store.Profiles.OpenAsync([Guid.NewGuid()], [], default))
        {
            // Somebody only locked is not known.
        }
        var read = new List<Guid>();
        Guid? last = null;
        for (IReadOnlyList<Guid> page; (page = await store.Profiles.ReadContactsAsync(last, 2, default)).Count > 0; last = page[^1]) read.AddRange(page);
        read.Order().ShouldBe(contacts.Order());
    }

    [SkippableFact]
    public async Task Decisions_are_counted_by_day_definition_and_effect()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        const long day = 24 * 60 * 60 * 1000L;
        long noon = Rows.Noon, start = noon / day * day;
        StoredDecision decision = Rows.Decision(contact, 0) with { At = noon, Definition = "welcome", Kind = "journey", Effect = "enrolled" };
        await store.CommitAsync([contact], commit =>
        {
            commit.Profiles.Add((Rows.Profile(contact), null));
            commit.Decisions.AddRange([decision, decision with { Ordinal = 1, Id = Guid.NewGuid() }, decision with { Ordinal = 2, Id = Guid.NewGuid(), Effect = "exited" }, decision with { Ordinal = 3, Id = Guid.NewGuid(), At = start + day }]);
        });
        (await store.Profiles.CountDecisionsAsync(start, start + day, default)).ShouldBe(
            [new DecisionCount(start / day, "journey", "welcome", "enrolled", 2), new DecisionCount(start / day, "journey", "welcome", "exited", 1)]);
        (await store.Profiles.CountDecisionsAsync(start + day, start + 2 * day, default)).ShouldHaveSingleItem().Count.ShouldBe(1);
        (await store.Profiles.CountDecisionsAsync(start - day, start, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Batch_disposed_without_commit_leaves_no_trace()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await using (IProfileBatch batch = await store.Profiles.OpenAsync([contact], ["v"], default)) batch.Profiles.ShouldBeEmpty();
        (await store.Profiles.FindAsync(contact, default)).ShouldBeNull();
        (await Fixture.CountRowsAsync("profile")).ShouldBe(0);
        (await Fixture.CountRowsAsync("visitor")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Commit_of_nothing_leaves_no_row_for_those_who_were_only_locked()
    {
        OpenStore store = await FreshAsync();
        await store.CommitAsync([Guid.NewGuid()], ["v"], (_, _) => { });
        (await Fixture.CountRowsAsync("profile")).ShouldBe(0);
        (await Fixture.CountRowsAsync("visitor")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Events_are_seen_by_contact_and_id_once_they_are_committed()
    {
        OpenStore store = await FreshAsync();
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        await store.CommitAsync(
            [one],
            commit =>
            {
                commit.Profiles.Add((Rows.Profile(one, sequence: 1), null));
                commit.Events.Add(Rows.Event(one, 1, "a"));
            });
        await using IProfileBatch batch = await store.Profiles.OpenAsync([one, other], [], default);
        IReadOnlySet<EventKey> seen = await batch.FindSeenAsync([new(one, "a"), new(one, "A"), new(one, "b"), new(other, "a"), new(one, "a")], default);
        seen.ShouldBe([new EventKey(one, "a")]);
        (await batch.FindSeenAsync([], default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Event_that_is_in_the_log_is_refused_with_all_that_comes_with_it()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await store.CommitAsync(
            [contact],
            commit =>
            {
                commit.Profiles.Add((Rows.Profile(contact, sequence: 1), null));
                commit.Events.Add(Rows.Event(contact, 1, "a"));
            });
        StoreUnavailableException refused = await Should.ThrowAsync<StoreUnavailableException>(store.CommitAsync(
            [contact],
            commit =>
            {
                commit.Profiles.Add((Rows.Profile(contact, "later", sequence: 2), null));
                commit.Events.Add(Rows.Event(contact, 2, "a"));
            }));
        refused.IsTransient.ShouldBeFalse();
        (await store.Profiles.FindAsync(contact, default))!.State.ShouldBe(Rows.Bytes("state"));
    }

    [SkippableFact]
    public async Task Log_of_many_events_is_read_in_order_of_arrival_whenever_they_were_received()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        const int Count = 1100;
        await store.CommitAsync(
            [contact],
            commit =>
            {
                commit.Profiles.Add((Rows.Profile(contact, sequence: Count), null));
                // Kept events come into the log late; so the times of receipt jump back by months.
                for (int i = Count; i >= 1; i--) commit.Events.Add(Rows.Event(contact, i, received: Rows.Noon - (i % 3 * 40 * Rows.Day)));
            });
        (await store.LogAsync(contact)).Select(x => x.Sequence).ShouldBe(Enumerable.Range(1, Count).Select(x => (long)x));
        await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
        (await batch.ReadLogAsync(contact, default)).Select(x => x.Sequence).ShouldBe(Enumerable.Range(1, Count).Select(x => (long)x));
    }

    [SkippableFact]
    public async Task Decisions_are_read_latest_first_and_no_more_than_asked_for()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await store.CommitAsync([contact], commit => commit.Decisions.AddRange(Enumerable.Range(0, 5).Select(i => Rows.Decision(contact, i, Rows.Noon + (i * 20 * Rows.Day)))));
        (await store.Profiles.ReadDecisionsAsync(contact, 3, default)).Select(x => x.Ordinal).ShouldBe([4L, 3L, 2L]);
        (await store.Profiles.ReadDecisionsAsync(Guid.NewGuid(), 3, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Due_contacts_come_earliest_first_and_each_to_one_batch()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        await store.CommitAsync(contacts, commit => commit.Profiles.AddRange(contacts.Select((x, i) => (Rows.Profile(x), (long?)(100 - (i * 10))))));

        IProfileBatch first = (await store.Profiles.OpenDueAsync(100, 2, default))!;
        first.Profiles.Keys.ShouldBe([contacts[4], contacts[3]], ignoreOrder: true);
        Task<IProfileBatch?> asking = store.Profiles.OpenDueAsync(95, 10, default);
        var done = new ProfileCommit();
        done.Profiles.AddRange(first.Profiles.Values.Select(x => (x, (long?)null)));
        await first.CommitAsync(done, default);
        await using IProfileBatch second = (await asking)!;
        second.Profiles.Keys.ShouldBe([contacts[2], contacts[1]], ignoreOrder: true);
        await second.DisposeAsync();
        (await store.Profiles.CountWorkAsync(100, 1, default)).ShouldBe((3L, 0L));
        (await store.Profiles.OpenDueAsync(79, 10, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Outdated_states_come_until_none_is_left()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];
        await store.CommitAsync(contacts, commit => commit.Profiles.AddRange(contacts.Select((x, i) => (Rows.Profile(x, generation: i + 1), (long?)null))));
        (await store.Profiles.CountWorkAsync(0, 4, default)).ShouldBe((0L, 3L));
        var brought = new List<Guid>();
        while (await store.Profiles.OpenOutdatedAsync(4, 2, default) is { } batch)
        {
            await using (batch)
            {
                brought.AddRange(batch.Profiles.Keys);
                var commit = new ProfileCommit();
                commit.Profiles.AddRange(batch.Profiles.Values.Select(x => (x with { Generation = 4 }, (long?)null)));
                await batch.CommitAsync(commit, default);
            }
        }
        brought.ShouldBe(contacts[..3], ignoreOrder: true);
        (await store.Profiles.FindAsync(contacts[0], default))!.Generation.ShouldBe(4);
    }

    [SkippableFact]
    public async Task Second_batch_of_a_contact_sees_what_the_first_has_committed()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        IProfileBatch first = await store.Profiles.OpenAsync([contact], [], default);
        Task<IProfileBatch> asking = store.Profiles.OpenAsync([contact], [], default);
        var commit = new ProfileCommit();
        commit.Profiles.Add((Rows.Profile(contact, "of the first"), null));
        await first.CommitAsync(commit, default);
        await using IProfileBatch second = await asking;
        second.Profiles[contact].State.ShouldBe(Rows.Bytes("of the first"));
    }

    [SkippableFact]
    public async Task Who_waits_for_a_contact_may_give_up_and_nothing_is_stuck()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        IProfileBatch first = await store.Profiles.OpenAsync([contact], [], default);
        using var patience = new CancellationTokenSource();
        Task<IProfileBatch> asking = store.Profiles.OpenAsync([contact], [], patience.Token);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);
        await first.DisposeAsync();
        await using IProfileBatch next = await store.Profiles.OpenAsync([contact], [], default);
    }

    [SkippableFact]
    public async Task Wait_for_a_contact_has_a_limit_after_which_another_attempt_may_succeed()
    {
        OpenStore store = await FreshAsync(limit: TimeSpan.FromSeconds(1));
        Guid contact = Guid.NewGuid();
        await using IProfileBatch first = await store.Profiles.OpenAsync([contact], [], default);
        (await Should.ThrowAsync<StoreUnavailableException>(store.Profiles.OpenAsync([contact], [], default))).IsTransient.ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Two_writers_with_reversed_ids_never_wait_in_a_circle_and_lose_nothing()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())];
        const int Rounds = 30;

        async Task WriteAsync(Guid[] order, string writer)
        {
            OpenStore own = Another(writer);
            for (int round = 0; round < Rounds; round++)
            {
                int n = round;
                await own.CommitAsync(order, [], (batch, commit) => commit.AddOfEach(batch, order, $"{writer}-{n}"));
            }
        }

        await Task.WhenAll(WriteAsync(contacts, "there"), WriteAsync([.. contacts.Reverse()], "back"), WriteAsync([contacts[3], contacts[0], contacts[5]], "across"));
        foreach (Guid contact in contacts)
        {
            int writers = new[] { contacts[3], contacts[0], contacts[5] }.Contains(contact) ? 3 : 2;
            List<LoggedEvent> log = await store.LogAsync(contact);
            log.Count.ShouldBe(writers * Rounds);
            log.Select(x => x.Id).Distinct().Count().ShouldBe(writers * Rounds);
            (await store.Profiles.FindAsync(contact, default))!.Sequence.ShouldBe(writers * Rounds);
        }
    }

    [SkippableFact]
    public async Task Old_events_decisions_and_keys_are_dropped_and_young_ones_stay()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await store.CommitAsync(
            [contact],
            ["v"],
            (_, commit) =>
            {
                commit.Profiles.Add((Rows.Profile(contact, sequence: 4), null));
                foreach (int i in new[] { 1, 2, 3, 4 }) commit.Events.Add(Rows.Event(contact, i, received: Rows.Noon - ((4 - i) * 60 * Rows.Day)));
                foreach (int i in new[] { 1, 2, 3, 4 }) commit.Decisions.Add(Rows.Decision(contact, i, Rows.Noon - ((4 - i) * 60 * Rows.Day)));
                commit.Kept.AddRange([Rows.Kept("v", "old", Rows.Noon - (100 * Rows.Day)), Rows.Kept("v", "young")]);
            });
        await store.Service.ParkInputAsync("bus", "no JSON", Rows.Bytes("x"), Rows.Noon - (100 * Rows.Day), default);

        (await store.Profiles.DropOldAsync(Rows.Noon - (70 * Rows.Day), Rows.Noon - (130 * Rows.Day), default)).ShouldBeGreaterThanOrEqualTo(6);

        (await store.LogAsync(contact)).Select(x => x.Sequence).ShouldBe([3L, 4L]);
        (await store.Profiles.ReadDecisionsAsync(contact, 10, default)).Select(x => x.Ordinal).ShouldBe([4L, 3L]);
        (await store.KeptAsync("v")).Select(x => x.Id).ShouldBe(["young"]);
        (await Fixture.CountRowsAsync("parked_input")).ShouldBe(0);
        await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
        IReadOnlySet<EventKey> seen = await batch.FindSeenAsync([.. Enumerable.Range(1, 4).Select(i => new EventKey(contact, $"id-{i}"))], default);
        seen.Select(x => x.Id).ShouldBe(["id-2", "id-3", "id-4"], ignoreOrder: true);
        (await store.Profiles.FindAsync(contact, default)).ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task Clearing_up_goes_on_until_nothing_old_is_left_however_much_there_is()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        const int Count = 2300;
        await store.CommitAsync(
            [contact],
            ["v"],
            (_, commit) =>
            {
                commit.Profiles.Add((Rows.Profile(contact, sequence: Count), null));
                for (int i = 1; i <= Count; i++)
                {
                    commit.Events.Add(Rows.Event(contact, i, received: Rows.Noon - (90 * Rows.Day)));
                    commit.Kept.Add(Rows.Kept("v", $"id-{i}", Rows.Noon - (90 * Rows.Day)));
                }
            });
        await store.Profiles.DropOldAsync(Rows.Noon, Rows.Noon, default);
        (await store.LogAsync(contact)).ShouldBeEmpty();
        (await Fixture.CountRowsAsync("kept")).ShouldBe(0);
        (await Fixture.CountRowsAsync("seen")).ShouldBe(0);
        (await Fixture.CountRowsAsync("visitor")).ShouldBe(0);
        (await store.Profiles.DropOldAsync(Rows.Noon, Rows.Noon, default)).ShouldBe(0);
    }
}
