using System;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Postgres;

/// <summary>What several processes do beside each other, which the embedded store does one after the other.</summary>
public sealed class PostgresParallelTests(PostgresFixture fixture) : StoreSuite(fixture), IClassFixture<PostgresFixture>
{
    private DatabaseFixture Database { get; } = fixture;

    [SkippableFact]
    public async Task Batches_of_other_contacts_and_visitors_go_on_while_one_is_open()
    {
        OpenStore store = await FreshAsync();
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        await using IProfileBatch open = await store.Profiles.OpenAsync([one], ["v"], default);
        OpenStore second = Another("two");
        await second.CommitAsync([other], ["w"], (batch, commit) =>
        {
            commit.AddOfEach(batch, [other], "a");
            commit.Claims.Add(("w", other));
            commit.Effects.Add(Rows.Effect(other));
        });
        (await second.Profiles.FindAsync(other, default))!.Sequence.ShouldBe(1);
        (await second.Outbox.LeaseAsync([EffectKind.Task], 10, Minute, false, default)).Count.ShouldBe(1);
        var commit = new ProfileCommit();
        commit.AddOfEach(open, [one], "a");
        await open.CommitAsync(commit, default);
        (await store.Profiles.FindAsync(one, default))!.Sequence.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Timers_of_a_contact_under_way_are_left_to_its_batch()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid())];
        await store.CommitAsync(contacts, commit => commit.Profiles.AddRange(contacts.Select((x, i) => (Rows.Profile(x), (long?)i))));
        await using IProfileBatch named = await store.Profiles.OpenAsync([contacts[0]], [], default);
        await using IProfileBatch first = (await store.Profiles.OpenDueAsync(9, 1, default))!;
        first.Profiles.Keys.ShouldBe([contacts[1]]);
        await using IProfileBatch outdated = (await Another("two").Profiles.OpenOutdatedAsync(9, 10, default))!;
        outdated.Profiles.Keys.ShouldBe([contacts[2]]);
        (await Another("three").Profiles.OpenDueAsync(9, 10, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Process_that_stands_still_in_a_batch_loses_its_locks()
    {
        OpenStore store = await FreshAsync(limit: TimeSpan.FromSeconds(1));
        Guid contact = Guid.NewGuid();
        IProfileBatch still = await store.Profiles.OpenAsync([contact], [], default);
        OpenStore patient = Another("two", limit: Minute);
        await using (IProfileBatch taken = await patient.Profiles.OpenAsync([contact], [], default))
        {
            var late = new ProfileCommit();
            late.Profiles.Add((Rows.Profile(contact, "late"), null));
            (await Should.ThrowAsync<StoreException>(() => still.CommitAsync(late, default))).IsTransient.ShouldBeTrue();
            await still.DisposeAsync();
        }
        (await store.Profiles.FindAsync(contact, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Erasing_gives_way_to_a_batch_that_has_the_contacts_visitor_at_hand()
    {
        OpenStore store = await FreshAsync(), other = Another("two");
        Guid gone = Guid.NewGuid();
        await store.CommitAsync([gone], ["v"], (_, commit) =>
        {
            commit.Profiles.Add((Rows.Profile(gone), null));
            commit.Claims.Add(("v", gone));
        });
        var erasure = new ProfileCommit();
        erasure.Erased.Add(gone);
        Task<IProfileBatch> waiting;
        await using (IProfileBatch erasing = await store.Profiles.OpenAsync([gone], [], default))
        {
            // It locks the visitor, and then waits for the contact.
            waiting = other.Profiles.OpenAsync([], ["v"], default);
            await WaitsAsync();
            (await Should.ThrowAsync<StoreException>(() => erasing.CommitAsync(erasure, default))).IsTransient.ShouldBeTrue();
        }
        await using (IProfileBatch served = await waiting) served.Profiles.Keys.ShouldBe([gone]);
        await using (IProfileBatch again = await store.Profiles.OpenAsync([gone], [], default)) await again.CommitAsync(erasure, default);
        (await store.Profiles.FindAsync(gone, default))!.IsErased.ShouldBeTrue();
        (await Database.ExecuteAsync("SELECT count(*) FROM visitor")).ShouldBe(0L);
    }

    [SkippableFact]
    public async Task Erasing_gives_way_to_a_batch_that_has_a_visitor_at_hand_under_whom_the_contact_was_never_known()
    {
        OpenStore store = await FreshAsync(), other = Another("two");
        Guid gone = Guid.NewGuid();
        await store.Service.RememberEmailAsync("anna@example.org", gone, default);
        await store.CommitAsync([], ["u:anna@example.org"], (_, commit) => commit.Kept.Add(Rows.Kept("u:anna@example.org", "1")));
        var erasure = new ProfileCommit();
        erasure.Erased.Add(gone);
        await using (IProfileBatch busy = await other.Profiles.OpenAsync([], ["u:anna@example.org"], default))
        await using (IProfileBatch erasing = await store.Profiles.OpenAsync([gone], [], default))
            (await Should.ThrowAsync<StoreException>(() => erasing.CommitAsync(erasure, default))).IsTransient.ShouldBeTrue();
        await using (IProfileBatch again = await store.Profiles.OpenAsync([gone], [], default)) await again.CommitAsync(erasure, default);

        (await Database.ExecuteAsync("SELECT count(*) FROM kept")).ShouldBe(0L);
        (await Database.ExecuteAsync("SELECT count(*) FROM visitor")).ShouldBe(0L);
    }

    [SkippableFact]
    public async Task Months_and_weeks_that_two_processes_need_at_once_are_made_once()
    {
        OpenStore store = await FreshAsync();
        OpenStore[] processes = [.. Enumerable.Range(0, 4).Select(n => Another($"{n}"))];
        Guid[] contacts = [.. processes.Select(_ => Guid.NewGuid())];
        const int Months = 6;
        await Task.WhenAll(processes.Select((process, i) => Task.Run(() => process.CommitAsync(
            [contacts[i]],
            commit =>
            {
                commit.Profiles.Add((Rows.Profile(contacts[i], sequence: Months), null));
                commit.Events.AddRange(Enumerable.Range(1, Months).Select(n => Rows.Event(contacts[i], n, received: Rows.Noon + (n * 31 * Rows.Day))));
                commit.Decisions.AddRange(Enumerable.Range(1, Months).Select(n => Rows.Decision(contacts[i], n, Rows.Noon + (n * 31 * Rows.Day))));
            }))));
        foreach (Guid contact in contacts) (await store.LogAsync(contact)).Count.ShouldBe(Months);
        // Each with the one after, so that its beginning costs nobody anything.
        (await Database.ExecuteAsync("SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY 1) FROM pg_inherits WHERE inhparent = 'event'::regclass"))
            .ShouldBe("event_2026_04 event_2026_05 event_2026_06 event_2026_07 event_2026_08 event_2026_09 event_2026_10");
    }

    [SkippableFact]
    public async Task Month_that_another_process_has_dropped_is_made_again_for_the_next_attempt()
    {
        OpenStore store = await FreshAsync(), other = Another("two");
        Guid contact = Guid.NewGuid();
        await store.CommitAsync([contact], commit => commit.Events.Add(Rows.Event(contact, 1, "a")));
        (await other.Profiles.DropOldAsync(Rows.Noon + (60 * Rows.Day), 0, default)).ShouldBe(1);
        StoreException dropped = await Should.ThrowAsync<StoreException>(store.CommitAsync([contact], commit => commit.Events.Add(Rows.Event(contact, 2, "b"))));
        dropped.IsTransient.ShouldBeTrue();
        await store.CommitAsync([contact], commit => commit.Events.Add(Rows.Event(contact, 2, "b")));
        (await store.LogAsync(contact)).Single().Id.ShouldBe("b");
    }

    [SkippableFact]
    public async Task Clearing_up_waits_for_nobody_and_leaves_visitors_at_hand_alone()
    {
        OpenStore store = await FreshAsync();
        await store.CommitAsync([], ["v", "w"], (_, commit) => commit.Kept.AddRange([Rows.Kept("v", "a"), Rows.Kept("w", "a")]));
        await using (IProfileBatch open = await store.Profiles.OpenAsync([], ["v"], default))
            (await Another("two").Profiles.DropOldAsync(Rows.Noon + (90 * Rows.Day), 0, default)).ShouldBe(1);
        (await store.KeptAsync("v", "w")).Select(x => x.Visitor).ShouldBe(["v"]);
        (await store.Profiles.DropOldAsync(Rows.Noon + (90 * Rows.Day), 0, default)).ShouldBe(1);
        (await Database.ExecuteAsync("SELECT count(*) FROM visitor")).ShouldBe(0L);
    }

    [SkippableFact]
    public async Task Statements_of_a_batch_are_served_by_indexes()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 300).Select(_ => Guid.NewGuid())];
        // Often enough that statements are prepared, and without the statistics that come later.
        for (int round = 1; round <= 8; round++)
        {
            string id = $"{round}";
            await store.CommitAsync(contacts, [], (batch, commit) => commit.AddOfEach(batch, contacts, id));
        }
        string[] scanned = ["profile", "outbox", "kept", "visitor"];
        foreach (string table in scanned)
            (await Database.ExecuteAsync($"SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname = '{table}'")).ShouldBe(0L, table);
        (await Database.ExecuteAsync("SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'seen_%' OR relname LIKE 'event_%'")).ShouldBe(0L);
    }

    /// <summary>A unique key that did not begin with the contact could not be kept over several nodes.</summary>
    [SkippableTheory]
    [InlineData("profile")]
    [InlineData("event")]
    [InlineData("seen")]
    [InlineData("decision")]
    [InlineData("outbox")]
    public async Task Every_key_of_a_hot_table_begins_with_the_contact(string table)
    {
        await FreshAsync();
        (await Database.ExecuteAsync($"""
            SELECT string_agg(DISTINCT a.attname, ' ') FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = '{table}'::regclass AND i.indisunique
            """)).ShouldBe("contact");
    }

    /// <summary>Waits until some session waits for a lock.</summary>
    private async Task WaitsAsync()
    {
        while (await Database.ExecuteAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is 0L) await Task.Yield();
    }
}
