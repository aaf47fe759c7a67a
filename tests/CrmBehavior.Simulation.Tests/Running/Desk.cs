using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>The pipeline over one store, worked by hand: events in, timers, rows and mails out.</summary>
internal sealed class Desk
{
    readonly StoreSides store;
    readonly PlanHolder plans = new();
    readonly ContactProcessor processor;
    readonly CrmDispatcher writer;
    readonly MailDispatcher sender;
    int events;

    /// <summary>A desk.</summary>
    /// <param name="store">The store.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="definitions">What is in force.</param>
    /// <param name="provider">The mail provider; null for one that accepts everything into the inbox.</param>
    /// <param name="silence">After how much silence about a mail in doubt the provider does not have it; null for never.</param>
    public Desk(StoreSides store, SteppingClock clock, IEnumerable<PublishedDefinition> definitions, IMailGateway? provider = null, TimeSpan? silence = null)
    {
        this.store = store;
        Clock = clock;
        Publish(1, definitions, []);
        processor = new ContactProcessor(store.Profiles, store.Service, plans, new EffectFactory(new EffectOptions { ScoreDelay = TimeSpan.Zero }), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance);
        var times = new DispatchOptions { Time = clock, Silence = silence ?? TimeSpan.FromDays(1000), Doubt = TimeSpan.FromDays(1000) };
        writer = new CrmDispatcher(store.Outbox, store.Service, new PlainCrm(Crm), new PlainRenderer(), clock, times, NullLogger<CrmDispatcher>.Instance);
        Settlement = new MailSettlement(store.Outbox, clock);
        sender = new MailDispatcher(store.Outbox, store.Profiles, store.Service, new PlainCrm(Crm), provider ?? new Mails(Inbox), new PlainRenderer(), new NoLinks(), Settlement, plans, clock, times, NullLogger<MailDispatcher>.Instance);
    }

    public SteppingClock Clock { get; }

    /// <summary>Who hears what the provider tells.</summary>
    public MailSettlement Settlement { get; }

    public SimulatedCrm Crm { get; } = new();

    public List<RenderedMail> Inbox { get; } = [];

    public ActivePlan Plan => plans.Current;

    /// <summary>Puts definitions in force as a new generation.</summary>
    public void Publish(int generation, IEnumerable<PublishedDefinition> definitions, IReadOnlyList<string> layout)
    {
        var stored = new StoredPlan(generation, Clock.Now, [.. definitions], layout, $"{generation}");
        ActivePlan compiled = ActivePlan.Compile(stored).Plan;
        store.Service.TryAddPlanAsync(stored with { LayoutKeys = compiled.Plan.Layout.Keys }, default).GetAwaiter().GetResult();
        plans.Set(compiled);
    }

    public Guid Contact(string name)
    {
        Guid contact = EffectIds.Of("test", name);
        Crm.Contacts.TryAdd(contact, new Dictionary<string, object?> { ["emailaddress1"] = $"{name}@example.org", ["fullname"] = name });
        return contact;
    }

    /// <summary>An event half a minute later.</summary>
    public async Task<AcceptedEvent> TellAsync(Guid contact, string name, string traits = "{}", string source = "web")
    {
        Clock.Advance(TimeSpan.FromSeconds(30));
        string id = $"e{++events}", at = Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var told = new AcceptedEvent(id, name, Clock.Now, Clock.Now, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"{{name}}","at":"{{at}}","receivedAt":"{{at}}","source":"{{source}}","traits":{{traits}}}""")) { Contact = contact };
        await processor.ProcessAsync([told], default);
        return told;
    }

    public Task<AcceptedEvent> MergeAsync(Guid contact, Guid master) =>
        TellAsync(contact, EventNames.ContactUpdated, $$"""{"statecode":1,"masterid":"{{master:D}}"}""", "crm");

    public Task<AcceptedEvent> SeparateAsync(Guid contact) => TellAsync(contact, EventNames.ContactUpdated, """{"statecode":0,"masterid":null}""", "crm");

    public Task RepeatAsync(params AcceptedEvent[] told) => processor.ProcessAsync(told, default);

    /// <summary>Lets time go by in steps of an hour, serving what comes due.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        for (TimeSpan gone = TimeSpan.Zero; gone < time; gone += TimeSpan.FromHours(1))
        {
            Clock.Advance(TimeSpan.FromHours(1));
            while (await processor.RunTimersAsync(Clock.Now, 100, default) > 0)
            {
            }
        }
    }

    public async Task BringUpAsync()
    {
        while (await processor.BringUpAsync(100, default) > 0)
        {
        }
    }

    /// <summary>Carries out all that is to be done outside.</summary>
    public async Task DispatchAsync()
    {
        for (int round = 0; round < 20 && (await store.Outbox.CountAsync(default)).Waiting > 0; round++)
        {
            await sender.RunOnceAsync(default);
            await writer.RunOnceAsync(flush: true, default);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Sends the mails that are due, once.</summary>
    public Task<int> SendAsync() => sender.RunOnceAsync(default);

    /// <summary>Why no mail is sent at present; null when sending is open.</summary>
    public string? Closed => sender.Closed;

    /// <summary>Shows faded scores anew, for all contacts.</summary>
    public Task RefreshScoresAsync() => processor.RefreshScoresAsync(null, 1000, Clock.Now - 86_400_000, Clock.Now, default);

    public async Task<Profile> ProfileAsync(Guid contact) => (await store.Profiles.FindAsync(contact, default))!;

    public async Task<double> ScoreAsync(Guid contact, string score)
    {
        Profile profile = await ProfileAsync(contact);
        return Standing.ScoreOf(Plan.Plan, new StateCodec(Plan.Plan).Read(contact.ToString("D"), profile.State), score, Clock.Now);
    }

    public async Task<List<string>> LogAsync(Guid contact)
    {
        var ids = new List<string>();
        await foreach (LoggedEvent logged in store.Profiles.ReadLogAsync(contact, default)) ids.Add(logged.Id);
        return ids;
    }

    /// <summary>Decisions as <c>definition effect step outcome</c>, in order.</summary>
    public async Task<List<string>> DecisionsAsync(Guid contact, string definition) =>
        [.. (await store.Profiles.ReadDecisionsAsync(contact, 1000, default)).Reverse().Where(d => d.Definition == definition).Select(d =>
        {
            JsonElement line = JsonDocument.Parse(d.Line).RootElement;
            return string.Join(' ', new[] { d.Effect, Text(line, "step"), Text(line, "outcome") }.Where(t => t.Length > 0));
        })];

    static string Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    sealed class Mails(List<RenderedMail> inbox) : IMailGateway
    {
        public Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation)
        {
            lock (inbox) inbox.Add(mail);
            return Task.FromResult(new MailResult(MailOutcome.Accepted));
        }
    }
}
