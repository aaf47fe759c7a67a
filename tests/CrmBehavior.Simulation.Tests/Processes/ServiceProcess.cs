using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Planted;
using CrmBehavior.Simulation.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>One start of the service, put together from the real pipeline: its doors, and the loops that its workers run.</summary>
public sealed class ServiceProcess : IDisposable
{
    internal static readonly string[] CrmKinds = [EffectKind.Task, EffectKind.Touchpoint, EffectKind.Tag, EffectKind.Score, EffectKind.Contact];

    readonly Simulation simulation;
    readonly TrackingReader reader = new(new IngestLimits());
    readonly EventQueue queue = new();
    readonly PlanHolder plans = new();
    readonly IdentityResolver identities;
    readonly TrackingIntake intake;
    readonly DefinitionFollower follower;
    readonly CrmDispatcher writer;
    readonly MailDispatcher sender;
    readonly MailSettlement settlement;
    readonly List<TaskCompletionSource<bool>> requests = [];

    public ServiceProcess(Simulation simulation, string name)
    {
        this.simulation = simulation;
        Name = name;
        Life = new Life(simulation.World);
        Store = new SimulatedStore(simulation, this);
        var crm = new SimulatedCrmGateway(simulation, this);
        identities = new IdentityResolver(crm, Store, Store, new IdentityOptions());
        intake = new TrackingIntake(reader, identities, queue, Store, NullLogger<TrackingIntake>.Instance);
        follower = new DefinitionFollower(crm, Store, plans, simulation.World.Clock, NullLogger<DefinitionFollower>.Instance);
        // Reports come late and in any order here, so silence about a mail proves nothing.
        var times = new DispatchOptions { Time = simulation.World.Clock, Silence = TimeSpan.FromDays(1000) };
        writer = new CrmDispatcher(Store, Store, crm, new PlainRenderer(), simulation.World.Clock, times, NullLogger<CrmDispatcher>.Instance);
        settlement = new MailSettlement(Store, simulation.World.Clock);
        sender = new MailDispatcher(Store, Store, Store, crm, new SimulatedMailGateway(simulation, this), new PlainRenderer(), new NoLinks(), settlement, plans, simulation.World.Clock, times, NullLogger<MailDispatcher>.Instance);
    }

    public string Name { get; }

    public Life Life { get; }

    public SimulatedStore Store { get; }

    /// <summary>Whether it takes requests.</summary>
    public bool IsUp { get; private set; }

    /// <summary>What could not be used of the definitions.</summary>
    public IReadOnlyList<string> LeftOut => follower.LeftOut;

    public void Start() => Life.Post(_ => StartAsync(), null);

    /// <summary>kill -9: nothing in it goes on, its connections break, who waits for it learns of it.</summary>
    public void End()
    {
        Life.IsOver = true;
        IsUp = false;
        _ = Store.BreakAsync();
        foreach (TaskCompletionSource<bool> request in requests.ToArray()) request.TrySetResult(false);
        requests.Clear();
    }

    public void Dispose()
    {
        queue.Dispose();
        follower.Dispose();
    }

    /// <summary>Has it handle a request.</summary>
    /// <returns>True for 200; false for an error, a broken connection, or no answer in time.</returns>
    public async Task<bool> AskAsync(Func<ServiceProcess, Task> handle)
    {
        var answer = new TaskCompletionSource<bool>();
        requests.Add(answer);
        Life.Post(_ => HandleAsync(handle, answer), null);
        await using (simulation.World.Clock.CreateTimer(_ => answer.TrySetResult(false), null, TimeSpan.FromSeconds(100), System.Threading.Timeout.InfiniteTimeSpan))
        {
            bool isTaken = await answer.Task;
            requests.Remove(answer);
            return isTaken;
        }
    }

    /// <summary>The door of the tracking API.</summary>
    public async Task TakeCallsAsync(JsonElement body, WriteKey key)
    {
        long now = simulation.World.Clock.Now;
        (TrackingCall? call, CallProblem? problem) = reader.Read(body, null, key, null, now);
        if (call == null) throw new InvalidOperationException($"The story sends a bad call: {problem}");
        Task taken = intake.AcceptAsync([(new RawCall(body, null, key, null, now, null), call)], default);
        if (!simulation.Has(Bug.AnsweredBeforeCommit)) await taken;
    }

    /// <summary>The door of the mail provider's reports.</summary>
    public async Task TakeReportsAsync(IReadOnlyList<SimulatedReport> reports)
    {
        long now = simulation.World.Clock.Now;
        var events = new List<AcceptedEvent>();
        foreach (SimulatedReport report in reports)
        {
            await settlement.SettleAsync(report.Mail.Id, default);
            if (report.Name == "processed") continue;
            events.Add(OwnEvents.Of(report.Mail.Contact, report.Id, report.Name, report.At, now, "mail", Lane.Reported, json =>
            {
                foreach ((string arg, string property) in new[] { ("crmb_journey", "journey"), ("crmb_step", "step"), ("crmb_template", "template") }) json.WriteString(property, report.Mail.Args[arg]);
            }));
        }
        Task taken = queue.AddAsync(events, default);
        if (!simulation.Has(Bug.ReportsAnsweredBeforeCommit)) await taken;
    }

    async void HandleAsync(Func<ServiceProcess, Task> handle, TaskCompletionSource<bool> answer)
    {
        try
        {
            await handle(this);
            answer.TrySetResult(true);
        }
        catch (Exception e) when (e is StoreUnavailableException or CrmException or QueueFullException)
        {
            answer.TrySetResult(false);
        }
        catch (Exception e)
        {
            simulation.Observer.Unexpected($"{Name} answering: {e}");
            answer.TrySetResult(false);
        }
    }

    async void StartAsync()
    {
        while (true)
        {
            try
            {
                await follower.StartAsync(default);
                break;
            }
            catch (StoreUnavailableException)
            {
                await simulation.World.Delay(TimeSpan.FromSeconds(1));
            }
        }
        IsUp = true;
        Func<long> now = () => simulation.World.Clock.Now;
        ContactProcessor timers = Processor(), bringer = Processor();
        Loop("follow", () => follower.RunOnceAsync(default), () => simulation.IsPublished(plans.Current) ? null : now() + 1000);
        for (int i = 0; i < 2; i++)
        {
            var pump = new EventPump(queue, Processor(), simulation.World.Clock);
            Loop("pump", () => AlwaysMore(pump.RunOnceAsync(default)), () => null);
        }
        for (int i = 0; i < 3; i++) Loop("bus", ListenAsync, () => simulation.Bus.Next is { } next ? (long)(now() + (next - simulation.World.Clock.Elapsed).TotalMilliseconds) : null);
        Loop("timers", async () => await timers.RunTimersAsync(now(), 200, default) > 0, () => simulation.Ahead.Timer);
        Loop("bring up", async () => await bringer.BringUpAsync(200, default) > 0, () => simulation.Ahead.IsOutdated && plans.Current.Generation == simulation.Ahead.Plans ? now() + 1000 : null);
        Loop("write", async () => await writer.RunOnceAsync(flush: false, default) > 0, () => simulation.Ahead.Write);
        Loop("send", async () => await sender.RunOnceAsync(default) > 0, () => simulation.Ahead.Mail);
        Loop("resolve", async () => await intake.RetryAsync(500, default) > 0, () => simulation.Database.Unresolved.Count > 0 ? now() + 2000 : null);
    }

    static async Task<bool> AlwaysMore(Task work)
    {
        await work;
        return true;
    }

    ContactProcessor Processor() => new(Store, Store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), simulation.World.Clock, NullLogger<ContactProcessor>.Instance);

    /// <summary>Takes a message of the bus in: it is completed only after all it says is durable.</summary>
    async Task<bool> ListenAsync()
    {
        if (simulation.Bus.Receive() is not { } received) return false;
        simulation.World.Note($"{Name} bus {received.Number}");
        if (simulation.Has(Bug.CompletedBeforeCommit)) simulation.Bus.Complete(received);
        await simulation.World.Delay(TimeSpan.FromMilliseconds(simulation.World.Chance.Next(5)));
        long now = Instant.From(simulation.World.Clock.GetUtcNow());
        if (CrmEventReader.Read(received.Body, now, out string? problem) is not { } change) await Store.ParkInputAsync("bus", problem!, received.Body, now, default);
        else
        {
            foreach ((Guid contact, string? address) in change.Addresses) await identities.RememberAsync(contact, address, default);
            await queue.AddAsync([.. change.Events], default);
        }
        simulation.Bus.Complete(received);
        return true;
    }

    async void Loop(string name, Func<Task<bool>> runOnce, Func<long?> next)
    {
        int failures = 0;
        while (true)
        {
            try
            {
                bool more = await runOnce();
                failures = 0;
                if (!more) await simulation.RestAsync(this, next);
            }
            catch (Exception e)
            {
                if (e is not (StoreUnavailableException or CrmException)) simulation.Observer.Unexpected($"{Name} {name}: {e}");
                else if (e is StoreUnavailableException { IsTransient: false }) simulation.Observer.Unexpected($"{Name} {name}: {e.Message}");
                await simulation.World.Delay(Backoff.After(Math.Min(++failures, 6), simulation.World.Chance.NextDouble()));
            }
        }
    }
}
