using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Story;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Calls of people whom only the CRM knows, while it is away, taken by two processes over one store.</summary>
public sealed class WaitingCallsTests
{
    static readonly WriteKey Server = new("server", true, "shop");
    static readonly Guid Anna = Guid.Parse("0a000000-0000-0000-0000-0000000000a1"), Bert = Guid.Parse("0b000000-0000-0000-0000-0000000000b1");

    readonly SteppingClock clock = new();
    readonly MemoryDatabase database = new();
    readonly LookUp crm = new();

    [Fact]
    public async Task Call_that_another_process_takes_waits_behind_one_of_the_same_person()
    {
        await using Process one = Start(), other = Start();
        // Both have looked into the store before anything waits.
        await one.TakeAsync("""{"type":"track","event":"page_viewed","messageId":"0","anonymousId":"somebody"}""");
        await other.TakeAsync("""{"type":"track","event":"page_viewed","messageId":"00","anonymousId":"somebody"}""");

        crm.IsAway = true;
        await one.TakeAsync("""{"type":"track","event":"first","messageId":"1","userId":"anna@example.org"}""");
        crm.IsAway = false;
        await other.TakeAsync("""{"type":"track","event":"second","messageId":"2","userId":"anna@example.org"}""");
        (await LogAsync()).ShouldBeEmpty();
        while (await other.Intake.RetryAsync(1, default) > 0)
        {
        }
        await one.TakeAsync("""{"type":"track","event":"third","messageId":"3","userId":"anna@example.org"}""");

        (await LogAsync()).ShouldBe(["first", "second", "third"]);
    }

    [Fact]
    public async Task Visitor_waits_behind_a_call_that_names_him_beside_an_address()
    {
        await using Process one = Start(), other = Start();
        await one.TakeAsync("""{"type":"track","event":"joined","messageId":"0","anonymousId":"v","userId":"anna@example.org"}""");
        database.Emails.Clear();

        crm.IsAway = true;
        await one.TakeAsync("""{"type":"track","event":"first","messageId":"1","anonymousId":"v","userId":"anna@example.org"}""");
        await other.TakeAsync("""{"type":"track","event":"second","messageId":"2","anonymousId":"v"}""");
        await other.TakeAsync("""{"type":"track","event":"of another","messageId":"3","anonymousId":"w"}""");
        (await LogAsync()).ShouldBe(["joined"]);
        (await other.Intake.RetryAsync(10, default)).ShouldBe(0);
        crm.IsAway = false;
        (await other.Intake.RetryAsync(10, default)).ShouldBe(2);

        (await LogAsync()).ShouldBe(["joined", "first", "second"]);
    }

    [Fact]
    public async Task Calls_of_one_batch_stay_in_order_when_only_the_first_cannot_be_told()
    {
        await using Process one = Start();
        crm.FailsOnce = true;
        await one.TakeAsync(
            """{"type":"track","event":"first","messageId":"1","anonymousId":"v","userId":"anna@example.org"}""",
            """{"type":"track","event":"second","messageId":"2","anonymousId":"v","userId":"0a000000-0000-0000-0000-0000000000a1"}""");
        (await one.Intake.RetryAsync(10, default)).ShouldBe(2);

        (await LogAsync()).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Call_without_id_that_two_processes_take_up_counts_once()
    {
        await using Process one = Start(), other = Start();
        crm.IsAway = true;
        await one.TakeAsync("""{"type":"track","event":"first","userId":"anna@example.org"}""");
        crm.IsAway = false;
        crm.Gate = new TaskCompletionSource();
        Task<int> slow = one.Intake.RetryAsync(10, default);
        crm.Gate = null;
        (await other.Intake.RetryAsync(10, default)).ShouldBe(1);
        crm.Held!.SetResult();
        await slow;

        (await LogAsync()).ShouldBe(["first"]);
    }

    [Fact]
    public async Task Call_about_which_the_CRM_always_fails_holds_up_nobody_but_its_own_person()
    {
        await using Process one = Start();
        crm.IsAway = true;
        await one.TakeAsync("""{"type":"track","event":"first","messageId":"1","anonymousId":"b","userId":"bert@example.org"}""");
        await one.TakeAsync("""{"type":"track","event":"second","messageId":"2","anonymousId":"b","userId":"0b000000-0000-0000-0000-0000000000b1"}""");
        await one.TakeAsync("""{"type":"track","event":"third","messageId":"3","userId":"0b000000-0000-0000-0000-0000000000b1"}""");
        await one.TakeAsync("""{"type":"track","event":"of another","messageId":"4","userId":"anna@example.org"}""");
        crm.IsAway = false;
        crm.Failing.Add("bert@example.org");

        // However few are read at once.
        (await one.Intake.RetryAsync(1, default)).ShouldBe(1);
        (await one.Intake.RetryAsync(1, default)).ShouldBe(0);
        (await LogAsync()).ShouldBe(["of_another"]);
        (await LogAsync(Bert)).ShouldBeEmpty();
        crm.Failing.Clear();
        (await one.Intake.RetryAsync(10, default)).ShouldBe(3);

        (await LogAsync(Bert)).ShouldBe(["first", "second", "third"]);
    }

    [Fact]
    public async Task Round_ends_when_the_CRM_fails_again_and_again_and_the_next_goes_on_with_others()
    {
        await using Process one = Start();
        crm.IsAway = true;
        for (int i = 0; i < 7; i++) await one.TakeAsync($$"""{"type":"track","event":"asked","messageId":"{{i}}","userId":"somebody{{i}}@example.org"}""");
        await one.TakeAsync("""{"type":"track","event":"first","messageId":"1","userId":"anna@example.org"}""");
        crm.Questions = 0;
        (await one.Intake.RetryAsync(10, default)).ShouldBe(0);
        crm.Questions.ShouldBe(3);
        crm.IsAway = false;
        for (int i = 0; i < 7; i++) crm.Failing.Add($"somebody{i}@example.org");

        (await one.Intake.RetryAsync(10, default)).ShouldBe(0);
        (await one.Intake.RetryAsync(10, default)).ShouldBe(1);
        (await LogAsync()).ShouldBe(["first"]);
        // All have had their turn: it begins with the oldest again.
        crm.Failing.Clear();
        (await one.Intake.RetryAsync(10, default)).ShouldBe(7);
    }

    Process Start() => new(new MemoryStore(database, clock, new byte[32]), crm, clock);

    async Task<List<string>> LogAsync(Guid? contact = null)
    {
        var names = new List<string>();
        await foreach (LoggedEvent logged in new MemoryStore(database, clock, new byte[32]).ReadLogAsync(contact ?? Anna, default)) names.Add(logged.Name);
        return names;
    }

    sealed class Process : IAsyncDisposable
    {
        readonly CancellationTokenSource stop = new();
        readonly TrackingReader reader = new(new IngestLimits());
        readonly EventQueue queue = new();
        readonly SteppingClock clock;
        readonly Task pumping;

        public Process(MemoryStore store, ICrmGateway crm, SteppingClock clock)
        {
            this.clock = clock;
            var plans = new PlanHolder();
            plans.Set(ActivePlan.Compile(new StoredPlan(1, clock.Now, [.. PublishedTexts.AtFirst], [], "one")).Plan);
            Intake = new TrackingIntake(reader, new IdentityResolver(crm, store, store, new IdentityOptions()), queue, store, NullLogger<TrackingIntake>.Instance);
            var pump = new EventPump(queue, new ContactProcessor(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance), clock);
            pumping = Task.Run(async () =>
            {
                while (true) await pump.RunOnceAsync(stop.Token);
            });
        }

        public TrackingIntake Intake { get; }

        public Task TakeAsync(params string[] calls)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Intake.AcceptAsync(
                [.. calls.Select(text =>
                {
                    JsonElement body = JsonDocument.Parse(text).RootElement;
                    return (new RawCall(body, null, Server, null, clock.Now, null), reader.Read(body, null, Server, null, clock.Now).Call!);
                })], default);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(pumping);
            stop.Dispose();
            queue.Dispose();
        }
    }

    /// <summary>A CRM that is asked for addresses only.</summary>
    sealed class LookUp : ICrmGateway
    {
        readonly PlainCrm rest = new(new SimulatedCrm());

        public bool IsAway { get; set; }

        public bool FailsOnce { get; set; }

        /// <summary>Addresses at which it fails whenever it is asked.</summary>
        public HashSet<string> Failing { get; } = [];

        /// <summary>How often it was asked.</summary>
        public int Questions { get; set; }

        /// <summary>What the next question waits for.</summary>
        public TaskCompletionSource? Gate { get; set; }

        /// <summary>What the last question waited for.</summary>
        public TaskCompletionSource? Held { get; private set; }

        public async Task<Guid?> FindContactAsync(string email, CancellationToken cancellation)
        {
            if (Gate is { } gate)
            {
                Held = gate;
                await gate.Task;
            }
            Questions++;
            bool fails = IsAway || FailsOnce || Failing.Contains(email);
            FailsOnce = false;
            if (fails) throw new CrmException("The CRM is away.", isTransient: true);
            return email switch { "anna@example.org" => Anna, "bert@example.org" => Bert, _ => null };
        }

        public Task<bool> HasContactAsync(Guid contact, CancellationToken cancellation) => Task.FromResult(contact == Anna || contact == Bert);

        public Task<bool> CreateContactAsync(Guid contact, IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation) => rest.CreateContactAsync(contact, columns, cancellation);

        public Task<bool> MayReadContactAsync(Guid user, Guid contact, CancellationToken cancellation) => rest.MayReadContactAsync(user, contact, cancellation);

        public Task<string?> FindUserAddressAsync(Guid user, CancellationToken cancellation) => rest.FindUserAddressAsync(user, cancellation);

        public Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadContactsAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation) =>
            rest.ReadContactsAsync(contacts, columns, cancellation);

        public Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation) => rest.WriteAsync(writes, cancellation);

        public Task<IReadOnlyList<PublishedDefinition>> ReadDefinitionsAsync(CancellationToken cancellation) => rest.ReadDefinitionsAsync(cancellation);

        public Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason, CancellationToken cancellation) => rest.PublishAsync(definitions, reason, cancellation);

        public Task<string?> FindVariableAsync(string name, CancellationToken cancellation) => rest.FindVariableAsync(name, cancellation);
    }
}
