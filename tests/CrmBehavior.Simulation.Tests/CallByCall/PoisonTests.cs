using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.Story;
using CrmBehavior.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Events that the engine cannot judge, in a batch with others, on a store with one writer.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    static readonly byte[] Unreadable = [255, 254, 253];

    readonly string folder = Directory.CreateTempSubdirectory("crmb-poison-").FullName;
    readonly SteppingClock clock = new();
    readonly Guid person = Guid.NewGuid(), other = Guid.NewGuid();
    SqliteStore store = null!;
    ContactProcessor processor = null!;
    ActivePlan plan = null!;
    readonly PlanHolder plans = new();
    readonly List<string> log = [];

    public async Task InitializeAsync()
    {
        store = SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, "store.db"), LeaseOwner = "one", Time = clock, CommandTimeout = TimeSpan.FromSeconds(5), ErasureKey = new byte[32] });
        await store.MigrateAsync(default);
        plan = ActivePlan.Compile(new StoredPlan(1, clock.Now, [.. PublishedTexts.AtFirst], [], "one")).Plan;
        plans.Set(plan);
        processor = new ContactProcessor(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, new Lines(log));
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Event_that_cannot_be_read_is_set_aside_and_its_neighbours_are_taken_in()
    {
        await processor.ProcessAsync([Event(person, "a"), Event(person, "b") with { Body = Encoding.UTF8.GetBytes("{\"id\":7}") }, Event(person, "c"), Event(other, "d")], default);

        ParkedInput parked = (await ParkedAsync()).ShouldHaveSingleItem();
        (parked.Door, parked.Contact).ShouldBe(("engine", person));
        (await LogAsync(person)).ShouldBe(["a", "b", "c"]);
        (await LogAsync(other)).ShouldBe(["d"]);
        // Tried again it is no better, and stays.
        (await processor.JudgeAgainAsync(parked, default)).ShouldNotBeNull().ShouldStartWith("it cannot be judged still: ");
        (await ParkedAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Contact_whose_state_cannot_be_read_holds_up_no_neighbour_and_loses_no_event()
    {
        await SpoilAsync(Unreadable);

        await processor.ProcessAsync([Event(person, "a"), Event(other, "b"), Event(person, "c")], default);
        await processor.ProcessAsync([Event(person, "c"), Event(person, "d")], default);

        (await LogAsync(person)).ShouldBe(["a", "c", "d"]);
        (await LogAsync(other)).ShouldBe(["b"]);
        (await ParkedAsync()).Count.ShouldBe(3);
        (await ParkedAsync()).ShouldAllBe(p => p.Reason.StartsWith("what is stored of the contact cannot be read"));
        (await store.FindAsync(person, default))!.State.ShouldBe(Unreadable);
    }

    [Fact]
    public async Task Events_set_aside_are_judged_when_their_contact_can_be_and_each_counts_once()
    {
        await SpoilAsync(Unreadable);
        AcceptedEvent[] looks = [.. new[] { "a", "b", "c" }.Select(id => Event(person, id, "product_viewed"))];
        await processor.ProcessAsync(looks, default);
        await SpoilAsync([]);
        await processor.ProcessAsync([Event(person, "d")], default);
        ParkedInput[] parked = [.. (await ParkedAsync()).OrderBy(p => p.Number)];

        foreach (ParkedInput one in parked) (await processor.JudgeAgainAsync(one, default)).ShouldBeNull();
        foreach (ParkedInput one in parked) (await processor.JudgeAgainAsync(one, default)).ShouldBeNull();
        await processor.ProcessAsync(looks, default);

        (await ParkedAsync()).ShouldBeEmpty();
        (await LogAsync(person)).ShouldBe(["d", "a", "b", "c"]);
        // The third look makes the signal, so all three have counted, and it comes once, so none has counted again.
        (await store.ReadDecisionsAsync(person, 100, default)).Count(d => d.Definition == "buying-intent" && d.Effect == "fired").ShouldBe(1);
    }

    [Fact]
    public async Task Contact_that_cannot_be_judged_is_erased_when_it_was_deleted()
    {
        await SpoilAsync(Unreadable);

        await processor.ProcessAsync([Event(person, "a"), Event(person, "gone", "contact_deleted"), Event(other, "b")], default);

        (await store.FindAsync(person, default))!.IsErased.ShouldBeTrue();
        (await LogAsync(person)).ShouldBeEmpty();
        (await ParkedAsync()).ShouldBeEmpty();
        (await LogAsync(other)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Merge_with_a_contact_that_cannot_be_judged_is_set_aside_and_followed_when_it_can_be()
    {
        await SpoilAsync(Unreadable);
        AcceptedEvent merge = Event(other, "merge", "contact_updated") with { Body = Encoding.UTF8.GetBytes($$$"""{"id":"merge","name":"contact_updated","at":"2026-03-23T09:00:00Z","source":"crm","traits":{"statecode":1,"masterid":"{{{person:D}}}"}}""") };

        await processor.ProcessAsync([Event(other, "a"), merge, Event(other, "b")], default);
        await processor.ProcessAsync([merge], default);

        (await LogAsync(other)).ShouldBe(["a", "merge", "b"]);
        ParkedInput parked = (await ParkedAsync()).ShouldHaveSingleItem();
        (parked.Door, parked.Contact).ShouldBe((ParkedInput.Merging, other));
        (await processor.JudgeAgainAsync(parked, default)).ShouldNotBeNull();
        (await store.FindAsync(other, default))!.Master.ShouldBeNull();

        await SpoilAsync([]);
        (await processor.JudgeAgainAsync(parked, default)).ShouldBeNull();
        (await store.FindAsync(other, default))!.Master.ShouldBe(person);
        (await ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Merge_that_was_undone_meanwhile_is_not_followed_when_it_is_tried_again()
    {
        await SpoilAsync(Unreadable);
        AcceptedEvent told(string id, string traits) => Event(other, id, "contact_updated") with { Body = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"contact_updated","at":"2026-03-23T09:00:00Z","source":"crm","traits":{{traits}}}""") };
        await processor.ProcessAsync([told("merge", $$"""{"statecode":1,"masterid":"{{person:D}}"}"""), told("undone", """{"statecode":0,"masterid":null}""")], default);
        await SpoilAsync([]);

        (await processor.JudgeAgainAsync((await ParkedAsync()).ShouldHaveSingleItem(), default)).ShouldBeNull();

        (await store.FindAsync(other, default))!.Master.ShouldBeNull();
        (await ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Contact_that_cannot_be_brought_up_to_a_new_plan_holds_up_nobody_and_is_left_alone_for_an_hour()
    {
        await SpoilAsync(Unreadable);
        await processor.ProcessAsync([Event(other, "a")], default);
        plan = ActivePlan.Compile(new StoredPlan(2, clock.Now, [.. PublishedTexts.AtFirst, .. PublishedTexts.AtLast], plan.Plan.Layout.Keys, "two")).Plan;
        plans.Set(plan);

        // One at a time: who cannot be brought up must not take the place of who can.
        int served = 0;
        for (int look = 0; look < 5; look++) served += await processor.BringUpAsync(1, default);

        served.ShouldBe(1);
        (await store.FindAsync(other, default))!.Generation.ShouldBe(2);
        (await store.FindAsync(person, default))!.Generation.ShouldBe(1);
        log.Count(l => l.Contains("could not be brought up")).ShouldBe(1);
        clock.Advance(TimeSpan.FromHours(2));
        await processor.BringUpAsync(1, default);
        log.Count(l => l.Contains("could not be brought up")).ShouldBe(2);
    }

    [Fact]
    public void State_worked_out_anew_from_a_log_is_that_of_the_events_that_can_be_judged()
    {
        var evaluator = new Evaluator(plan.Plan);
        byte[] stateOf(params LoggedEvent[] log) =>
            new StateCodec(plan.Plan).Write(LogRebuild.Of(person.ToString("D"), log, evaluator, new EventReader(plan.Plan), new EventFrame()));
        LoggedEvent logged(long number, string id) => new(person, number, id, "product_viewed", clock.Now, clock.Now, clock.Now, Event(person, id, "product_viewed").Body);

        // A row without a body stands for whatever makes the engine throw.
        byte[] rebuilt = stateOf(logged(1, "a"), logged(2, "b") with { Body = null! }, logged(3, "c"));

        rebuilt.ShouldBe(stateOf(logged(1, "a"), logged(3, "c")));
        rebuilt.ShouldNotBe(stateOf(logged(1, "a")));
    }

    /// <summary>Stores a state for the person, whatever was stored before.</summary>
    async Task SpoilAsync(byte[] state)
    {
        await using IProfileBatch batch = await store.OpenAsync([person], [], default);
        var commit = new ProfileCommit();
        commit.Profiles.Add((new Profile(person, state, 1, batch.Profiles.TryGetValue(person, out Profile? before) ? before.Sequence : 0, false), null));
        await batch.CommitAsync(commit, default);
    }

    AcceptedEvent Event(Guid contact, string id, string name = "page_viewed") =>
        new(id, name, clock.Now, clock.Now, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"{{name}}","at":"2026-03-23T09:00:00Z"}""")) { Contact = contact };

    async Task<IReadOnlyList<ParkedInput>> ParkedAsync() => (await store.ReadParkedInputsAsync(10, default)).Latest;

    async Task<List<string>> LogAsync(Guid contact)
    {
        var ids = new List<string>();
        await foreach (LoggedEvent logged in store.ReadLogAsync(contact, default)) ids.Add(logged.Id);
        return ids;
    }

    sealed class Lines(List<string> lines) : ILogger<ContactProcessor>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
