using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Processes;
using CrmBehavior.Simulation.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Dispatch;

/// <summary>Calls of webhooks: of whom they tell, and what becomes of those that are not taken.</summary>
public sealed class WebhookDispatcherTests
{
    static readonly PublishedDefinition[] Definitions =
    [
        new("journey", "tell", 1, false, true, """{"kind":"journey","name":"tell","trigger":{"event":"signed"},"entry":{"reentry":{}},"steps":[{"id":"call","webhook":{"url":"https://billing.example/new"}}]}"""),
    ];

    readonly SteppingClock clock = new();
    readonly MemoryStore store;
    readonly Receiver receiver = new();
    readonly Desk desk;
    readonly WebhookDispatcher caller;

    public WebhookDispatcherTests()
    {
        store = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
        desk = new Desk(new StoreSides(store, store, store), clock, Definitions);
        caller = new WebhookDispatcher(store, store, new PlainCrm(desk.Crm), receiver, new PlainRenderer(), clock, new DispatchOptions { Time = clock }, NullLogger<WebhookDispatcher>.Instance);
    }

    [Fact]
    public async Task Call_about_somebody_who_was_merged_tells_of_whom_he_was_merged_into()
    {
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(loser, "signed");
        await desk.MergeAsync(loser, master);
        desk.Crm.Contacts.Remove(loser, out _);

        await caller.RunOnceAsync(default);

        receiver.Told.ShouldBe([master]);
        (await LeftAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_told_of_who_is_gone()
    {
        Guid gone = desk.Contact("gone");
        await desk.TellAsync(gone, "signed");
        desk.Crm.Contacts.Remove(gone, out _);

        await caller.RunOnceAsync(default);

        receiver.Told.ShouldBeEmpty();
        (await LeftAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_that_nobody_answers_is_made_again_and_one_that_is_refused_is_set_aside_with_its_reason()
    {
        Guid contact = desk.Contact("person");
        await desk.TellAsync(contact, "signed");
        receiver.Next = new WebhookResult(WebhookOutcome.Retry, "nobody answered", TimeSpan.FromMinutes(1));
        await caller.RunOnceAsync(default);
        (await caller.RunOnceAsync(default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromMinutes(2));
        receiver.Next = new WebhookResult(WebhookOutcome.Refused, "it answered 400");
        await caller.RunOnceAsync(default);

        receiver.Told.ShouldBe([contact, contact]);
        receiver.Ids.Distinct().ShouldHaveSingleItem();
        (await store.ReadParkedAsync(10, default)).ShouldHaveSingleItem().Reason.ShouldBe("it answered 400");
    }

    [Fact]
    public async Task Nothing_is_called_while_calls_are_held()
    {
        await desk.TellAsync(desk.Contact("person"), "signed");
        caller.Held = "this is a copy of another environment";
        await caller.RunOnceAsync(default);
        receiver.Told.ShouldBeEmpty();

        caller.Held = null;
        await caller.RunOnceAsync(default);
        receiver.Told.Count.ShouldBe(1);
    }

    /// <summary>Calls that are still to be made.</summary>
    Task<IReadOnlyList<LeasedEffect>> LeftAsync()
    {
        clock.Advance(TimeSpan.FromDays(1));
        return store.LeaseAsync([EffectKind.Webhook], 10, TimeSpan.FromMinutes(1), flush: true, default);
    }

    sealed class Receiver : IWebhookGateway
    {
        public WebhookResult Next { get; set; } = new(WebhookOutcome.Taken);

        public List<Guid> Told { get; } = [];

        public List<Guid> Ids { get; } = [];

        public Task<WebhookResult> PostAsync(WebhookCall call, CancellationToken cancellation)
        {
            using JsonDocument body = JsonDocument.Parse(call.Body);
            Told.Add(body.RootElement.GetProperty("contactId").GetGuid());
            Ids.Add(call.Id);
            return Task.FromResult(Next);
        }
    }
}
