using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.Checking;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Processes;
using CrmBehavior.Simulation.Tests.Story;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>The three sides of a store.</summary>
public sealed record StoreSides(IProfileStore Profiles, IOutbox Outbox, IServiceStore Service);

/// <summary>
/// A visitor looks around, fills in a form, becomes a contact, fills a cart, is mailed, and is told of over the bus; one call on the way fails.
/// Whoever is refused comes again, as senders, bus and provider do; after a while the service is started anew.
/// </summary>
public sealed class ShortStory(StoreSides store, SimulatedCrm crm, SteppingClock clock, Interruption interruption, int number)
{
    static readonly WriteKey Browser = new("browser", false, "shop");

    readonly List<RenderedMail> inbox = [];
    readonly HashSet<string> accepted = [];
    readonly string email = $"story{number}@example.org";
    Service service = null!;
    int events;

    Guid Contact => BehaviorWeek.NameBased("contact", email, "0");

    /// <returns>What is broken, in words.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        service = Start();
        await InsistAsync(() => service.Follower.StartAsync(default));
        await InsistAsync(() => service.Follower.RunOnceAsync(default));
        await SendAsync("page_viewed");
        await SendAsync("product_viewed");
        await SendAsync("form_submitted");
        await SendAsync("product_viewed");
        await SendAsync("product_viewed");
        await InsistAsync(() => service.Writer.RunOnceAsync(true, default));
        await InsistAsync(() => service.Sender.RunOnceAsync(default));
        await ChangeAsync(EventNames.ContactCreated);
        await ReportAsync();
        await SendAsync("product_added");
        for (int round = 0; round < 90; round++)
        {
            clock.Advance(TimeSpan.FromMinutes(round % 10 == 0 ? 40 : 1));
            await InsistAsync(() => service.Timers.RunTimersAsync(clock.Now, 100, default));
            await InsistAsync(() => service.Intake.RetryAsync(100, default));
            await InsistAsync(() => service.Writer.RunOnceAsync(true, default));
            await InsistAsync(() => service.Sender.RunOnceAsync(default));
            await ReportAsync();
            interruption.IsMended |= round > 20;
            if (round > 3 && (await store.Outbox.CountAsync(default)).Waiting == 0 && (await store.Service.ReadUnresolvedAsync(1, default)).Count == 0) break;
        }
        await service.DisposeAsync();
        return await CheckAsync();
    }

    async Task SendAsync(string name)
    {
        clock.Advance(TimeSpan.FromSeconds(30));
        string id = $"s{number}-{++events}";
        var call = new Dictionary<string, object?> { ["messageId"] = id, ["type"] = "track", ["event"] = name, ["anonymousId"] = $"story{number}", ["timestamp"] = Instant.ToText(clock.Now) };
        if (name == "form_submitted") call["properties"] = new { email };
        JsonElement body = JsonSerializer.SerializeToElement(call);
        await InsistAsync(() => service.TakeAsync(body, Browser, clock.Now));
        accepted.Add(id);
    }

    async Task ChangeAsync(string name)
    {
        var change = new EventMessage { Id = $"s{number}-{++events}", Name = name, At = clock.GetUtcNow().UtcDateTime };
        change.ContactIds.Add(Contact.ToString("D"));
        change.Traits["city"] = "Ulm";
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { SharedVariables = new[] { new { key = EventMessage.VariableName, value = change.ToJson() } } });
        // The bus: received, taken in, completed; where any of it fails the message comes again.
        await InsistAsync(async () =>
        {
            Fail("bus");
            await service.Queue.AddAsync([.. CrmEventReader.Read(body, clock.Now, out _)!.Events], default);
            Fail("bus");
        });
        accepted.Add(change.Id);
    }

    async Task ReportAsync()
    {
        foreach (RenderedMail mail in inbox.ToArray())
        {
            string id = $"{mail.Id:N}-delivered";
            if (accepted.Contains(id)) continue;
            await InsistAsync(async () =>
            {
                await service.Settlement.SettleAsync(mail.Id, default);
                await service.Queue.AddAsync([OwnEvents.Of(mail.Contact, id, "email_delivered", clock.Now, clock.Now, "mail", Lane.Reported, _ => { })], default);
            });
            accepted.Add(id);
        }
    }

    void Fail(string port)
    {
        if (interruption.Next(port) != Running.Mishap.None) throw new StoreUnavailableException("the bus did not answer", isTransient: true);
    }

    /// <summary>Does something until it is done, as whoever asks for it would; what lasts is mended after some attempts, and the service started anew.</summary>
    async Task InsistAsync(Func<Task> work)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or CrmException && attempt < 10)
            {
                clock.Advance(TimeSpan.FromSeconds(20));
                if (attempt < 3) continue;
                interruption.IsMended = true;
                await service.DisposeAsync();
                service = Start();
                await service.Follower.StartAsync(default);
            }
        }
    }

    Service Start()
    {
        var gateway = new PlainCrm(crm);
        return new Service(
            new StoreSides(FailingPort.Before<IProfileStore>(store.Profiles, "store", interruption), FailingPort.Before<IOutbox>(store.Outbox, "store", interruption), FailingPort.Before<IServiceStore>(store.Service, "store", interruption)),
            FailingPort.Before<ICrmGateway>(gateway, "crm", interruption), FailingPort.Before<IMailGateway>(new PlainMail(inbox), "mail", interruption), clock);
    }

    async Task<IReadOnlyList<string>> CheckAsync()
    {
        var problems = new List<string>();
        var log = new List<LoggedEvent>();
        await foreach (LoggedEvent logged in store.Profiles.ReadLogAsync(Contact, default)) log.Add(logged);
        accepted.Add($"created:{Contact:D}");
        if (!log.Select(e => e.Id).Order(StringComparer.Ordinal).SequenceEqual(accepted.Order(StringComparer.Ordinal))) problems.Add($"1: accepted {string.Join(' ', accepted)}; in the log {string.Join(' ', log.Select(e => e.Id))}");
        StoredDecision[] decisions = [.. (await store.Profiles.ReadDecisionsAsync(Contact, 1000, default)).Reverse()];
        Profile? profile = await store.Profiles.FindAsync(Contact, default);
        problems.AddRange(new EngineReplay(isRepublished: false).Compare(Contact, log, decisions, profile?.State ?? [], clock.Now));
        ILookup<Guid, ParkedEffect> parked = (await store.Outbox.ReadParkedAsync(10000, default)).ToLookup(p => p.Effect.Id);
        if ((await store.Outbox.CountAsync(default)).Waiting is > 0 and long left) problems.Add($"4: {left} effects are left");
        foreach (StoredDecision decision in decisions.Where(d => d.Effect == "action"))
        {
            JsonElement line = JsonDocument.Parse(decision.Line).RootElement;
            string action = line.GetProperty("action").GetString()!;
            int sent = inbox.Count(m => m.Id == decision.Id);
            bool isDone = action switch
            {
                "sendEmail" => (sent == 1 && !parked.Contains(decision.Id) && crm.Rows.ContainsKey(("crmb_touchpoints", BehaviorWeek.NameBased("touchpoint", decision.Id.ToString("D"))))) || (sent == 0 && parked.Contains(decision.Id) && interruption.HasStruck),
                "timeline" => crm.Rows.ContainsKey(("crmb_touchpoints", decision.Id)),
                "notifySales" => crm.Rows.ContainsKey(("tasks", decision.Id)),
                _ => true,
            };
            if (!isDone) problems.Add($"3: {action} {decision.Id}: {sent} in the inbox, set aside: {parked[decision.Id].FirstOrDefault()?.Reason}");
        }
        if (!decisions.Any(d => d.Effect == "action")) problems.Add("The story decides nothing.");
        return problems;
    }

    /// <summary>The pipeline with a pump of its own.</summary>
    sealed class Service : IAsyncDisposable
    {
        readonly CancellationTokenSource stop = new();
        readonly Task pumping;
        readonly TrackingReader reader = new(new IngestLimits());

        public Service(StoreSides store, ICrmGateway crm, IMailGateway mail, TimeProvider clock)
        {
            var plans = new PlanHolder();
            ContactProcessor Processor() => new(store.Profiles, store.Service, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance);
            var renderer = new PlainRenderer();
            Intake = new TrackingIntake(reader, new IdentityResolver(crm, store.Service, store.Profiles, new IdentityOptions()), Queue, store.Service, NullLogger<TrackingIntake>.Instance);
            Follower = new DefinitionFollower(crm, store.Service, plans, clock, NullLogger<DefinitionFollower>.Instance);
            Timers = Processor();
            var times = new DispatchOptions { Time = clock, Silence = TimeSpan.FromDays(1000) };
            Writer = new CrmDispatcher(store.Outbox, store.Service, crm, renderer, clock, times, NullLogger<CrmDispatcher>.Instance);
            Settlement = new MailSettlement(store.Outbox, clock);
            Sender = new MailDispatcher(store.Outbox, store.Profiles, store.Service, crm, mail, renderer, new NoLinks(), Settlement, plans, clock, times, NullLogger<MailDispatcher>.Instance);
            var pump = new EventPump(Queue, Processor(), clock);
            pumping = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        await pump.RunOnceAsync(stop.Token);
                    }
                    catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
                    {
                        // Whoever waits was told.
                    }
                }
            });
        }

        public EventQueue Queue { get; } = new();

        public TrackingIntake Intake { get; }

        public DefinitionFollower Follower { get; }

        public ContactProcessor Timers { get; }

        public CrmDispatcher Writer { get; }

        public MailDispatcher Sender { get; }

        public MailSettlement Settlement { get; }

        public Task TakeAsync(JsonElement body, WriteKey key, long now)
        {
            (TrackingCall? call, _) = reader.Read(body, null, key, null, now);
            return Intake.AcceptAsync([(new RawCall(body, null, key, null, now, null), call!)], default);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await pumping;
            stop.Dispose();
            Queue.Dispose();
            Follower.Dispose();
        }
    }

    sealed class PlainMail(List<RenderedMail> inbox) : IMailGateway
    {
        public Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation)
        {
            inbox.Add(mail);
            return Task.FromResult(new MailResult(MailOutcome.Accepted));
        }
    }
}
