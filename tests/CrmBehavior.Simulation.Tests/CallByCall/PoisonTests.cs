using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.Story;
using CrmBehavior.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Events that the engine cannot read, in a batch with others, on a store with one writer.</summary>
public sealed class PoisonTests
{
    [Fact]
    public async Task Event_that_cannot_be_read_is_set_aside_and_its_neighbours_are_taken_in()
    {
        string folder = Directory.CreateTempSubdirectory("crmb-poison-").FullName;
        try
        {
            var clock = new SteppingClock();
            await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, "store.db"), LeaseOwner = "one", Time = clock, CommandTimeout = TimeSpan.FromSeconds(5), ErasureKey = new byte[32] });
            await store.MigrateAsync(default);
            var plans = new PlanHolder();
            plans.Set(ActivePlan.Compile(new StoredPlan(1, clock.Now, [.. PublishedTexts.AtFirst], [], "one")).Plan);
            var processor = new ContactProcessor(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance);
            Guid poisoned = Guid.NewGuid(), other = Guid.NewGuid();
            AcceptedEvent[] events = [Event(poisoned, "a", clock.Now), Event(poisoned, "b", clock.Now) with { Body = Encoding.UTF8.GetBytes("{\"id\":7}") }, Event(poisoned, "c", clock.Now), Event(other, "d", clock.Now)];

            await processor.ProcessAsync(events, default);

            (IReadOnlyList<ParkedInput> parked, long count) = await store.ReadParkedInputsAsync(10, default);
            count.ShouldBe(1);
            parked[0].Door.ShouldBe("engine");
            (await LogAsync(store, poisoned)).ShouldBe(["a", "b", "c"]);
            (await LogAsync(store, other)).ShouldBe(["d"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Contact_whose_state_cannot_be_read_holds_up_no_neighbour_and_loses_no_event()
    {
        string folder = Directory.CreateTempSubdirectory("crmb-poison-").FullName;
        try
        {
            var clock = new SteppingClock();
            await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, "store.db"), LeaseOwner = "one", Time = clock, CommandTimeout = TimeSpan.FromSeconds(5), ErasureKey = new byte[32] });
            await store.MigrateAsync(default);
            var plans = new PlanHolder();
            plans.Set(ActivePlan.Compile(new StoredPlan(1, clock.Now, [.. PublishedTexts.AtFirst], [], "one")).Plan);
            var processor = new ContactProcessor(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance);
            Guid spoiled = Guid.NewGuid(), other = Guid.NewGuid();
            await using (IProfileBatch batch = await store.OpenAsync([spoiled], [], default))
            {
                var commit = new ProfileCommit();
                commit.Profiles.Add((new Profile(spoiled, [255, 254, 253], 1, 0, false), null));
                await batch.CommitAsync(commit, default);
            }

            await processor.ProcessAsync([Event(spoiled, "a", clock.Now), Event(other, "b", clock.Now), Event(spoiled, "c", clock.Now)], default);
            await processor.ProcessAsync([Event(spoiled, "c", clock.Now), Event(spoiled, "d", clock.Now)], default);

            (await LogAsync(store, spoiled)).ShouldBe(["a", "c", "d"]);
            (await LogAsync(store, other)).ShouldBe(["b"]);
            (IReadOnlyList<ParkedInput> parked, long count) = await store.ReadParkedInputsAsync(10, default);
            count.ShouldBe(3);
            parked.ShouldAllBe(p => p.Reason.StartsWith("what is stored of the contact cannot be read"));
            (await store.FindAsync(spoiled, default))!.State.ShouldBe([255, 254, 253]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static AcceptedEvent Event(Guid contact, string id, long at) =>
        new(id, "page_viewed", at, at, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"page_viewed","at":"2026-03-23T09:00:00Z"}""")) { Contact = contact };

    static async Task<List<string>> LogAsync(SqliteStore store, Guid contact)
    {
        var ids = new List<string>();
        await foreach (LoggedEvent logged in store.ReadLogAsync(contact, default)) ids.Add(logged.Id);
        return ids;
    }
}
