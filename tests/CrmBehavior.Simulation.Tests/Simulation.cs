using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Checking;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Planted;
using CrmBehavior.Simulation.Tests.Processes;
using CrmBehavior.Simulation.Tests.Running;
using CrmBehavior.Simulation.Tests.Story;

namespace CrmBehavior.Simulation.Tests;

/// <summary>One run: a week of behaviour through one to three processes of the service, with all that goes wrong, and what the checker says in the end.</summary>
public sealed class Simulation
{
    static readonly TimeSpan Week = TimeSpan.FromDays(7), Patience = TimeSpan.FromDays(2);

    /// <summary>A week takes some ten thousand steps; who takes this many goes round in circles.</summary>
    const int TooMany = 120_000;

    readonly Bug bug;
    readonly List<ServiceProcess> processes = [];
    readonly List<Resting> resting = [];
    readonly BehaviorWeek week;
    (long? Timer, long? Write, long? Mail, bool IsOutdated, int Plans)? ahead;
    int started;
    bool isNudged;

    public Simulation(int seed, Bug bug = Bug.None, bool isCalm = false)
    {
        Seed = seed;
        this.bug = bug;
        World = new World(seed);
        Faults = new FaultPlan(World, isCalm);
        Store = new MemoryStore(Database, World.Clock, new byte[32]);
        Mail = new MailProvider(this);
        Bus = new SimulatedBus(this);
        Observer = new Observer(World);
        ProcessCount = World.Chance.Next(1, 4);
        week = new BehaviorWeek(this);
    }

    public int Seed { get; }

    public int ProcessCount { get; }

    public World World { get; }

    public FaultPlan Faults { get; }

    public MemoryDatabase Database { get; } = new();

    /// <summary>The store as it is, without wires and faults.</summary>
    public MemoryStore Store { get; }

    public SimulatedCrm Crm { get; } = new();

    public MailProvider Mail { get; }

    public SimulatedBus Bus { get; }

    public Observer Observer { get; }

    public BehaviorWeek Behavior => week;

    /// <summary>Whether a bug is planted.</summary>
    public bool Has(Bug which) => bug == which;

    /// <summary>Runs the week and has it checked.</summary>
    /// <returns>What is broken, in words; empty when all is well.</returns>
    public IReadOnlyList<string> Run()
    {
        week.Prepare();
        for (int i = 0; i < ProcessCount; i++) StartProcess(i);
        World.Begin(week.LiveAsync);
        World.Begin(JumpAsync);
        World.Begin(Mail.WithdrawAsync);
        World.Run(() => World.Clock.Elapsed >= Week || World.Steps > TooMany);
        Faults.IsOver = true;
        bool isDrained = false;
        World.Run(() => (isDrained = IsQuiet()) || World.Clock.Elapsed >= Week + Patience || World.Steps > TooMany);
        processes.ForEach(p => p.Dispose());
        if (!isDrained) return [.. Observer.Problems, $"It does not come to rest after {World.Steps} steps: {WhatIsLeft()}"];
        return [.. Observer.Problems, .. new Checker(this, week).Check()];
    }

    public void Kill(ServiceProcess process)
    {
        if (process.Life.IsOver) return;
        World.Note($"kill {process.Name}");
        process.End();
        int slot = processes.IndexOf(process);
        World.Begin(async () =>
        {
            await World.Delay(World.Between(1, 60));
            StartProcess(slot);
        });
    }

    /// <summary>A process stands still for a while; the database takes back what it has locked.</summary>
    public void Freeze(ServiceProcess process)
    {
        if (process.Life.IsOver || process.Life.IsFrozen) return;
        World.Note($"freeze {process.Name}");
        process.Life.Freeze();
        World.Begin(async () =>
        {
            await World.Delay(World.Between(30, 60));
            await process.Store.BreakAsync();
            await World.Delay(World.Between(0, 400));
            if (!process.Life.IsOver) process.Life.Thaw();
        });
    }

    /// <summary>Sends a request to one of the processes that are up.</summary>
    public async Task<bool> AskAsync(Func<ServiceProcess, Task> handle)
    {
        ServiceProcess[] up = [.. processes.Where(p => p.IsUp)];
        return up.Length > 0 && await up[World.Chance.Next(up.Length)].AskAsync(handle);
    }

    public bool IsPublished(ActivePlan plan) => plan.Published.SequenceEqual(Crm.Definitions);

    /// <summary>When the next timer is due, the next effect for the CRM and the next mail can be had, and whether a state is of an earlier plan.</summary>
    public (long? Timer, long? Write, long? Mail, bool IsOutdated, int Plans) Ahead =>
        ahead ??= (Store.NextTimer, Store.NextEffect(ServiceProcess.CrmKinds), Store.NextEffect([EffectKind.Mail]), Database.Profiles.Values.Any(p => p.Profile.Generation < Database.Plans.Count), Database.Plans.Count);

    /// <summary>Rests a loop until there is something for it to do, as one that looks five times a second would find it.</summary>
    public Task RestAsync(ServiceProcess process, Func<long?> next)
    {
        resting.RemoveAll(r => r.Process.Life.IsOver);
        var rest = new Resting(this, process, next);
        resting.Add(rest);
        rest.Plan();
        return rest.Over.Task;
    }

    /// <summary>Something has changed that loops may wait for.</summary>
    public void Nudge()
    {
        ahead = null;
        if (isNudged) return;
        isNudged = true;
        World.Begin(() =>
        {
            isNudged = false;
            foreach (Resting rest in resting) rest.Plan();
            return Task.CompletedTask;
        });
    }

    void StartProcess(int slot)
    {
        var process = new ServiceProcess(this, $"p{slot}.{++started}");
        if (slot < processes.Count) processes[slot] = process;
        else processes.Add(process);
        process.Start();
    }

    /// <summary>Somebody sets the wall clock forward, and later back; not while a lease could lapse by it under a write to the CRM that is on its way.</summary>
    async Task JumpAsync()
    {
        if (!World.Happens(0.3)) return;
        await World.Delay(World.Between(3600, 4 * 86400));
        TimeSpan by = World.Between(5, 40);
        World.Clock.Jump(by);
        Nudge();
        await World.Delay(World.Between(3600, 86400));
        World.Clock.Jump(-by);
        Nudge();
    }

    bool IsQuiet() => week.IsTold && Bus.IsEmpty && Mail.Open == 0 && processes.TrueForAll(p => p.IsUp && !p.Life.IsFrozen) && WhatIsLeft().Length == 0;

    string WhatIsLeft()
    {
        lock (Database.Gate)
        {
            string[] left =
            [
                .. Database.Outbox.Values.Where(e => e.State != EffectState.Parked).Take(3).Select(e => $"effect {e.Effect.Kind} {e.Effect.Key} {e.State} attempt {e.Attempts} {e.Reason}"),
                .. Database.Unresolved.Take(1).Select(u => $"unresolved call of {u.Subjects[0]}"),
                .. Database.Profiles.Values.Where(p => p.Due <= World.Clock.Now).Take(1).Select(p => $"timer of {p.Profile.Contact}"),
                .. Database.Profiles.Values.Where(p => p.Profile.Generation < Database.Plans.Count).Take(1).Select(p => $"outdated state of {p.Profile.Contact}"),
                .. week.IsTold ? Array.Empty<string>() : ["senders that are not answered"], .. Bus.IsEmpty ? Array.Empty<string>() : ["messages on the bus"],
                .. Mail.Open == 0 ? Array.Empty<string>() : ["reports of the mail provider"],
            ];
            return string.Join("; ", left);
        }
    }

    sealed class Resting
    {
        static readonly TimeSpan Longest = TimeSpan.FromHours(6);

        readonly Simulation simulation;
        readonly Func<long?> next;
        readonly ITimer timer;
        TimeSpan planned = TimeSpan.MaxValue;

        public Resting(Simulation simulation, ServiceProcess process, Func<long?> next)
        {
            (this.simulation, Process, this.next) = (simulation, process, next);
            timer = simulation.World.Clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public ServiceProcess Process { get; }

        public TaskCompletionSource Over { get; } = new();

        public void Plan()
        {
            if (Process.Life.IsOver || Over.Task.IsCompleted) return;
            TimeSpan now = simulation.World.Clock.Elapsed, wanted = now + Longest;
            if (next() is { } due && due - simulation.World.Clock.Now < (long)Longest.TotalMilliseconds)
            {
                TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(0, due - simulation.World.Clock.Now));
                if (now + wait >= planned) return;
                wanted = now + wait + TimeSpan.FromMilliseconds(simulation.World.Chance.Next(1, 200));
            }
            if (wanted >= planned) return;
            planned = wanted;
            timer.Change(wanted - now, Timeout.InfiniteTimeSpan);
        }

        void Wake()
        {
            simulation.resting.Remove(this);
            timer.Dispose();
            Over.TrySetResult();
        }
    }
}
