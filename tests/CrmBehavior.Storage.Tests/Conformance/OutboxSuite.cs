using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What <see cref="IOutbox"/> promises of leases, fences and states.</summary>
public abstract class OutboxSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Effects_are_leased_oldest_first_of_the_kinds_asked_for()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        Effect first = Rows.Effect(contact, EffectKind.Tag, "a", body: """{"tag":"ü"}"""), second = Rows.Effect(contact, EffectKind.Task), mail = Rows.Effect(contact, EffectKind.Mail);
        await AddAsync(store, first);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(store, second, mail);

        IReadOnlyList<LeasedEffect> leased = await store.Outbox.LeaseAsync([EffectKind.Task, EffectKind.Tag, EffectKind.Task], 10, Minute, false, default);
        leased.Select(x => x.Effect).ToList().ShouldBeEquivalentTo(new List<Effect> { first, second });
        leased.ShouldAllBe(x => x.Attempt == 1 && x.State == EffectState.Pending);
        (await store.Outbox.LeaseAsync([EffectKind.Task, EffectKind.Tag], 10, Minute, false, default)).ShouldBeEmpty();
        (await store.Outbox.LeaseAsync([], 10, Minute, false, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task No_more_are_leased_than_asked_for_and_of_equal_age_those_of_one_contact_together()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).Order()];
        await AddAsync(store, [.. contacts.Reverse().SelectMany(x => new[] { Rows.Effect(x), Rows.Effect(x, EffectKind.Touchpoint) })]);
        IReadOnlyList<LeasedEffect> leased = await store.Outbox.LeaseAsync([EffectKind.Task, EffectKind.Touchpoint], 4, Minute, false, default);
        leased.Select(x => x.Effect.Contact).ShouldBe([contacts[0], contacts[0], contacts[1], contacts[1]]);
    }

    [SkippableFact]
    public async Task Delayed_effect_comes_in_its_time_or_when_all_is_flushed()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, delay: Minute), Rows.Effect(contact, EffectKind.Score, "s", delay: Minute));
        (await LeaseAsync(store, EffectKind.Task, EffectKind.Score)).ShouldBeEmpty();
        (await store.Outbox.LeaseAsync([EffectKind.Score], 10, Minute, true, default)).Count.ShouldBe(1);
        Clock.Advance(Minute);
        (await LeaseAsync(store, EffectKind.Task)).Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task What_may_wait_comes_in_waves_none_later_than_it_may()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];
        var came = new List<int>();
        for (int second = 0; second < 20 + 10; second++)
        {
            if (second < contacts.Length) await AddAsync(store, Rows.Effect(contacts[second], EffectKind.Score, "s", delay: TimeSpan.FromSeconds(10)));
            Clock.Advance(TimeSpan.FromSeconds(1));
            IReadOnlyList<LeasedEffect> wave = await LeaseAsync(store, EffectKind.Score);
            foreach (LeasedEffect effect in wave) Array.IndexOf(contacts, effect.Effect.Contact).ShouldBeInRange(second + 1 - 10, second + 1 - 5);
            if (wave.Count > 0) came.Add(wave.Count);
        }
        came.Sum().ShouldBe(contacts.Length);
        came.Count.ShouldBeLessThanOrEqualTo(5);
    }

    [SkippableFact]
    public async Task Lapsed_lease_goes_to_another_and_the_first_can_do_nothing_with_it_any_more()
    {
        OpenStore store = await FreshAsync();
        OpenStore other = Another("two");
        Guid contact = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Mail));
        LeasedEffect lost = (await LeaseAsync(store, EffectKind.Mail)).Single();
        (await LeaseAsync(other, EffectKind.Mail)).ShouldBeEmpty();
        Clock.Advance(Minute);
        (await store.Outbox.MarkUncertainAsync(lost, default)).ShouldBeFalse();
        LeasedEffect taken = (await LeaseAsync(other, EffectKind.Mail)).Single();
        (taken.Attempt, taken.Fence == lost.Fence).ShouldBe((2, false));

        await store.Outbox.CompleteAsync([lost], [], default);
        await store.Outbox.RetryAsync([lost], TimeSpan.Zero, "late", default);
        await store.Outbox.ParkAsync(lost, "late", [Rows.Effect(contact, EffectKind.Touchpoint)], default);
        (await store.Outbox.MarkUncertainAsync(lost, default)).ShouldBeFalse();

        (await store.Outbox.CountAsync(default)).ShouldBe((1L, 0L, Minute));
        (await LeaseAsync(store, EffectKind.Mail)).ShouldBeEmpty();
        (await other.Outbox.MarkUncertainAsync(taken, default)).ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Effect_that_comes_again_under_its_id_is_not_done_by_whoever_held_its_predecessor()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id));
        LeasedEffect stalled = (await LeaseAsync(store, EffectKind.Score)).Single();
        Clock.Advance(Minute);
        await store.Outbox.CompleteAsync(await LeaseAsync(store, EffectKind.Score), [], default);
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "new"));
        LeasedEffect next = (await LeaseAsync(store, EffectKind.Score)).Single();
        await store.Outbox.CompleteAsync([stalled with { Revision = next.Revision }], [], default);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Later_effect_of_a_key_replaces_the_one_that_waits_and_does_not_wait_longer()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "1", TimeSpan.FromSeconds(5)));
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "2", TimeSpan.FromSeconds(60)), Rows.Effect(contact, EffectKind.Score, "s", id, "3", TimeSpan.FromSeconds(50)));
        Clock.Advance(TimeSpan.FromSeconds(5));
        LeasedEffect leased = (await LeaseAsync(store, EffectKind.Score)).Single();
        leased.Effect.Body.ShouldBe(Rows.Bytes("3"));
        leased.Revision.ShouldBeGreaterThan(1);
        await store.Outbox.CompleteAsync([leased], [], default);
        (await store.Outbox.CountAsync(default)).ShouldBe((0L, 0L, TimeSpan.Zero));
    }

    [SkippableFact]
    public async Task Effect_replaced_while_it_is_carried_out_is_carried_out_once_more()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "old"));
        LeasedEffect old = (await LeaseAsync(store, EffectKind.Score)).Single();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "new"));
        // Its key is under way still, so nobody else gets the newer one yet.
        (await LeaseAsync(Another("two"), EffectKind.Score)).ShouldBeEmpty();
        await store.Outbox.CompleteAsync([old], [], default);
        LeasedEffect newer = (await LeaseAsync(store, EffectKind.Score)).Single();
        newer.Effect.Body.ShouldBe(Rows.Bytes("new"));
        newer.Attempt.ShouldBe(1);
        await store.Outbox.CompleteAsync([newer], [], default);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    }

    [SkippableFact]
    public async Task What_is_set_aside_for_an_old_revision_does_not_set_aside_the_newer_one()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "bad"));
        LeasedEffect bad = (await LeaseAsync(store, EffectKind.Score)).Single();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Score, "s", id, "good"));
        await store.Outbox.ParkAsync(bad, "400", [Rows.Effect(contact, EffectKind.Touchpoint)], default);
        (await store.Outbox.ReadParkedAsync(10, default)).ShouldBeEmpty();
        (await LeaseAsync(store, EffectKind.Score, EffectKind.Touchpoint)).Single().Effect.Body.ShouldBe(Rows.Bytes("good"));
    }

    [SkippableFact]
    public async Task Effect_of_no_key_that_comes_twice_stays_as_it_was()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, id: id, body: "first"), Rows.Effect(contact, id: id, body: "second"));
        LeasedEffect leased = (await LeaseAsync(store, EffectKind.Task)).Single();
        await AddAsync(store, Rows.Effect(contact, id: id, body: "third"));
        leased.Effect.Body.ShouldBe(Rows.Bytes("first"));
        await store.Outbox.CompleteAsync([leased], [], default);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Retry_waits_even_when_all_is_flushed_and_counts_the_attempt()
    {
        OpenStore store = await FreshAsync();
        await AddAsync(store, Rows.Effect(Guid.NewGuid()));
        await store.Outbox.RetryAsync(await LeaseAsync(store, EffectKind.Task), Minute, "429", default);
        (await store.Outbox.LeaseAsync([EffectKind.Task], 10, Minute, true, default)).ShouldBeEmpty();
        Clock.Advance(Minute);
        (await LeaseAsync(store, EffectKind.Task)).Single().Attempt.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Effects_that_follow_come_with_the_completion()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Mail), Rows.Effect(contact, EffectKind.Mail));
        IReadOnlyList<LeasedEffect> mails = await LeaseAsync(store, EffectKind.Mail);
        await store.Outbox.CompleteAsync([mails[0]], [Rows.Effect(contact, EffectKind.Touchpoint, body: "sent"), Rows.Effect(contact, EffectKind.Score, "s")], default);
        await store.Outbox.ParkAsync(mails[1], "refused", [Rows.Effect(contact, EffectKind.Touchpoint, body: "not sent")], default);
        (await LeaseAsync(store, EffectKind.Touchpoint)).Select(x => x.Effect.Body.Length).ShouldBe([4, 8], ignoreOrder: true);
        (await store.Outbox.CountAsync(default)).ShouldBe((3L, 1L, TimeSpan.Zero));
        StoreUnavailableException refused = await Should.ThrowAsync<StoreUnavailableException>(() => store.Outbox.CompleteAsync([], [Rows.Effect(contact, key: "\0")], default));
        refused.Message.ShouldContain("Follow-up 0");
    }

    [SkippableFact]
    public async Task Parked_effect_is_read_with_its_reason_and_tried_again_when_a_person_says_so()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, body: "1"), Rows.Effect(contact, body: "2"));
        IReadOnlyList<LeasedEffect> leased = await LeaseAsync(store, EffectKind.Task);
        await store.Outbox.ParkAsync(leased[0], "owner disabled", [], default);
        Clock.Advance(Minute);
        await store.Outbox.ParkAsync(leased[1], "column gone", [], default);

        IReadOnlyList<ParkedEffect> parked = await store.Outbox.ReadParkedAsync(10, default);
        parked.Select(x => x.Reason).ShouldBe(["column gone", "owner disabled"]);
        parked[0].ParkedAt.ShouldBe(Clock.GetUtcNow());
        parked[0].Effect.ShouldBeEquivalentTo(leased[1].Effect);
        (await store.Outbox.ReadParkedAsync(1, default)).Count.ShouldBe(1);
        (await LeaseAsync(store, EffectKind.Task)).ShouldBeEmpty();

        (await store.Outbox.ReleaseAsync(parked[1].Effect.Id, default)).ShouldBeTrue();
        (await store.Outbox.ReleaseAsync(parked[1].Effect.Id, default)).ShouldBeFalse();
        (await LeaseAsync(store, EffectKind.Task)).Single().Attempt.ShouldBe(1);
        (await store.Outbox.CountAsync(default)).ShouldBe((1L, 1L, TimeSpan.Zero));
    }

    [SkippableFact]
    public async Task Parked_effects_are_read_page_by_page_and_dropped_one_by_one()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await AddAsync(store, [.. Enumerable.Range(0, 7).Select(n => Rows.Effect(contact, body: $"{n}"))]);
        foreach ((LeasedEffect leased, int n) in (await LeaseAsync(store, EffectKind.Task)).Select((l, n) => (l, n)))
        {
            // Several of one instant too.
            if (n % 3 == 0) Clock.Advance(Minute);
            await store.Outbox.ParkAsync(leased, $"reason {n}", [], default);
        }
        await AddAsync(store, Rows.Effect(contact, id: Guid.Empty, body: "waits"));

        var read = new List<ParkedEffect>();
        for (IReadOnlyList<ParkedEffect> page = await store.Outbox.ReadParkedAsync(2, default); page.Count > 0; page = await store.Outbox.ReadParkedAfterAsync((read[^1].ParkedAt, read[^1].Effect.Id), 2, default)) read.AddRange(page);
        read.Select(p => p.Effect.Id).ShouldBe((await store.Outbox.ReadParkedAsync(100, default)).Select(p => p.Effect.Id));
        read.Select(p => p.Effect.Id).Distinct().Count().ShouldBe(7);

        (await store.Outbox.FindParkedAsync(read[3].Effect.Id, default))!.Reason.ShouldBe(read[3].Reason);
        (await store.Outbox.DropParkedAsync(read[3].Effect.Id, default)).ShouldBeTrue();
        (await store.Outbox.DropParkedAsync(read[3].Effect.Id, default)).ShouldBeFalse();
        (await store.Outbox.FindParkedAsync(read[3].Effect.Id, default)).ShouldBeNull();
        (await store.Outbox.DropParkedAsync(Guid.Empty, default)).ShouldBeFalse();
        (await store.Outbox.FindParkedAsync(Guid.Empty, default)).ShouldBeNull();
        (await store.Outbox.CountAsync(default)).ShouldBe((1L, 6L, TimeSpan.Zero));
    }

    [SkippableFact]
    public async Task Parked_effect_of_a_key_comes_back_with_the_next_of_its_key()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), id = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Tag, "t", id, "bad"));
        await store.Outbox.ParkAsync((await LeaseAsync(store, EffectKind.Tag)).Single(), "400", [], default);
        Clock.Advance(Minute);
        await AddAsync(store, Rows.Effect(contact, EffectKind.Tag, "t", id, "good", Minute));
        (await store.Outbox.CountAsync(default)).ShouldBe((1L, 0L, TimeSpan.Zero));
        (await LeaseAsync(store, EffectKind.Tag)).ShouldBeEmpty();
        Clock.Advance(Minute);
        LeasedEffect leased = (await LeaseAsync(store, EffectKind.Tag)).Single();
        (leased.Attempt, leased.State).ShouldBe((1, EffectState.Pending));
        leased.Effect.Body.ShouldBe(Rows.Bytes("good"));
    }

    [SkippableFact]
    public async Task Claims_at_the_same_time_give_each_effect_to_one()
    {
        OpenStore store = await FreshAsync();
        const int Count = 240;
        await AddAsync(store, [.. Enumerable.Range(0, Count).Select(_ => Rows.Effect(Guid.NewGuid()))]);
        var taken = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            OpenStore own = Another($"worker {n}");
            while (await own.Outbox.LeaseAsync([EffectKind.Task], 7, Minute, false, default) is { Count: > 0 } leased)
            {
                foreach (LeasedEffect effect in leased) taken.Add(effect.Effect.Id);
                await own.Outbox.CompleteAsync(leased, [], default);
            }
        })));
        taken.Count.ShouldBe(Count);
        taken.Distinct().Count().ShouldBe(Count);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Workers_and_batches_at_the_same_effects_never_wait_in_a_circle()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        Guid[] ids = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];
        int rounds = 0;
        async Task DecideAsync()
        {
            OpenStore own = Another("batches");
            for (; rounds < 40; rounds++)
                await AddAsync(own, [.. ids.OrderBy(_ => Random.Shared.Next()).Select(id => Rows.Effect(contact, EffectKind.Score, id.ToString("N"), id, $"{rounds}"))]);
        }

        async Task WorkAsync(string name)
        {
            OpenStore own = Another(name);
            while (true)
            {
                bool isLast = rounds >= 40;
                IReadOnlyList<LeasedEffect> leased = await own.Outbox.LeaseAsync([EffectKind.Score], 9, Minute, true, default);
                if (leased.Count == 0 && isLast) return;
                LeasedEffect[] shuffled = [.. leased.OrderBy(_ => Random.Shared.Next())];
                await own.Outbox.RetryAsync(shuffled[..(shuffled.Length / 3)], TimeSpan.Zero, "again", default);
                await own.Outbox.CompleteAsync(shuffled[(shuffled.Length / 3)..], [], default);
            }
        }

        await Task.WhenAll(Task.Run(DecideAsync), Task.Run(() => WorkAsync("one")), Task.Run(() => WorkAsync("two")));
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    }
}
