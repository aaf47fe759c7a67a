using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Pipeline.Reconcile;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Story;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Changes whose events never arrive, in a CRM whose book forgets after seven days.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    static readonly Guid Busy = Guid.Parse("0b000000-0000-0000-0000-0000000000b1"), Anna = Guid.Parse("0a000000-0000-0000-0000-0000000000a1");

    readonly SteppingClock clock = new();
    readonly SimulatedCrm crm = new();
    readonly EventQueue queue = new();
    readonly PlanHolder plans = new();
    readonly CancellationTokenSource stop = new();
    MemoryStore store = null!;
    ChangeBook book = null!;
    Task pumping = Task.CompletedTask;

    public Task InitializeAsync()
    {
        store = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
        book = new ChangeBook(crm, clock);
        plans.Set(ActivePlan.Compile(new StoredPlan(1, clock.Now, [.. PublishedTexts.AtFirst], [], "one")).Plan);
        var pump = new EventPump(queue, new ContactProcessor(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance), clock);
        pumping = Task.Run(async () =>
        {
            while (true) await pump.RunOnceAsync(stop.Token);
        });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(pumping);
        stop.Dispose();
        queue.Dispose();
    }

    [Fact]
    public async Task In_a_CRM_that_is_never_at_rest_the_place_moves_on_and_nothing_is_read_for_ever()
    {
        for (int hour = 0; hour < 9 * 24; hour++)
        {
            clock.Advance(TimeSpan.FromMinutes(59));
            // Somebody is always being changed when there is a look.
            book.Change(Busy);
            clock.Advance(TimeSpan.FromMinutes(1));
            await LookAsync();
            book.Read.ShouldBeLessThanOrEqualTo(2);
        }
        book.Change(Anna);
        clock.Advance(TimeSpan.FromMinutes(30));
        book.Change(Busy);
        (await LookAsync()).ShouldBe(1);

        book.Expired.ShouldBe(0);
        (await LogAsync(Anna)).ShouldBe([EventNames.ContactCreated]);
    }

    [Fact]
    public async Task What_was_too_young_is_found_later_and_once_however_soon_others_look()
    {
        await LookAsync();
        clock.Advance(TimeSpan.FromHours(1));
        await LookAsync();
        clock.Advance(TimeSpan.FromMinutes(58));
        book.Change(Anna);
        clock.Advance(TimeSpan.FromMinutes(2));
        (await LookAsync()).ShouldBe(0);
        // Other processes start and look: it is still too young.
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            (await LookAsync()).ShouldBe(0);
        }
        clock.Advance(TimeSpan.FromMinutes(54));
        (await LookAsync()).ShouldBe(1);
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            (await LookAsync()).ShouldBe(0);
        }

        (await LogAsync(Anna)).ShouldBe([EventNames.ContactCreated]);
    }

    [Fact]
    public async Task Look_that_is_refused_is_made_up_for_later()
    {
        await LookAsync();
        clock.Advance(TimeSpan.FromHours(1));
        book.Change(Anna);
        clock.Advance(TimeSpan.FromHours(1));
        book.Refuses = true;
        await Should.ThrowAsync<CrmException>(LookAsync);
        clock.Advance(TimeSpan.FromHours(1));
        book.Refuses = false;

        (await LookAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Place_that_an_earlier_version_kept_is_gone_on_from()
    {
        await store.PutSettingAsync("reconcile.contacts", $$"""{"At":{{clock.Now}},"Token":"{{book.Now}}"}""", default);
        clock.Advance(TimeSpan.FromMinutes(1));
        book.Change(Anna);
        clock.Advance(TimeSpan.FromHours(1));

        (await LookAsync()).ShouldBe(1);
    }

    /// <summary>A look of a process that has just started.</summary>
    Task<int> LookAsync() => new Reconciliation(book, new PlainCrm(crm), store, store, queue, plans, clock, NullLogger<Reconciliation>.Instance).RunOnceAsync(default);

    async Task<List<string>> LogAsync(Guid contact)
    {
        var names = new List<string>();
        await foreach (LoggedEvent logged in store.ReadLogAsync(contact, default)) names.Add(logged.Name);
        return names;
    }

    /// <summary>The CRM's book of changes.</summary>
    sealed class ChangeBook(SimulatedCrm crm, SteppingClock clock) : IContactChanges
    {
        readonly List<Guid> entries = [];

        public bool Refuses { get; set; }

        /// <summary>How many contacts the last reading told of.</summary>
        public int Read { get; private set; }

        /// <summary>How many readings came too late.</summary>
        public int Expired { get; private set; }

        /// <summary>The present place: how many entries there are, and when.</summary>
        public string Now => string.Create(CultureInfo.InvariantCulture, $"{entries.Count}!{clock.Now}");

        public void Change(Guid contact)
        {
            string at = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (!crm.Contacts.TryGetValue(contact, out Dictionary<string, object?>? row)) crm.Contacts.Add(contact, row = new() { ["createdon"] = at });
            row["modifiedon"] = at;
            row["jobtitle"] = $"At {at}";
            entries.Add(contact);
        }

        public Task<ContactChanges> ReadChangesAsync(string? token, CancellationToken cancellation)
        {
            if (Refuses) throw new CrmException("The application may not read contacts.", isTransient: false, "0x80040220");
            if (token == null) return Task.FromResult(new ContactChanges([], [], Now));
            long[] place = [.. token.Split('!').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
            if (clock.Now - place[1] > (long)TimeSpan.FromDays(7).TotalMilliseconds)
            {
                Expired++;
                return Task.FromResult(new ContactChanges([], [], Now, IsExpired: true));
            }
            (Guid, string)[] changed = [.. entries.Select((contact, n) => (contact, Version: n + 1)).Skip((int)place[0]).GroupBy(e => e.contact).Select(g => (g.Key, $"{g.Max(e => e.Version)}"))];
            Read = entries.Count - (int)place[0];
            return Task.FromResult(new ContactChanges(changed, [], Now));
        }
    }
}
