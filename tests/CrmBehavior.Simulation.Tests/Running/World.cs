using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>
/// Runs everything on one thread under one clock: takes what is ready, in an order drawn from the seed, and lets the clock go on when nothing
/// is. Equal seeds give equal runs.
/// </summary>
public sealed class World
{
    readonly List<(Life Life, SendOrPostCallback Callback, object? State)> ready = [];
    ulong trace = 14695981039346656037;

    public World(int seed)
    {
        Chance = new Random(seed);
        Outside = new Life(this);
    }

    public SimulatedClock Clock { get; } = new();

    /// <summary>All that is drawn at random comes from here.</summary>
    public Random Chance { get; }

    /// <summary>Where senders, wires and the other systems live.</summary>
    public Life Outside { get; }

    /// <summary>A number that differs as soon as two runs differ in anything that was noted.</summary>
    public ulong Trace => trace;

    /// <summary>Every note, where a failure is looked into.</summary>
    public List<string>? Notes { get; set; }

    /// <summary>How many pieces of work were run.</summary>
    public long Steps { get; private set; }

    public bool Happens(double probability) => Chance.NextDouble() < probability;

    public TimeSpan Between(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * Chance.NextDouble()));

    public Task Delay(TimeSpan time) => Task.Delay(time, Clock);

    public void Note(string what)
    {
        foreach (char c in what) trace = (trace ^ c) * 1099511628211;
        trace = (trace ^ (ulong)Clock.Elapsed.Ticks) * 1099511628211;
        Notes?.Add($"{Clock.Elapsed:d\\.hh\\:mm\\:ss\\.fff} {what}");
    }

    /// <summary>Begins something that lives outside of all processes.</summary>
    public void Begin(Func<Task> work) => Outside.Post(async _ => await GuardAsync(work), null);

    /// <summary>What went wrong in the simulation itself.</summary>
    public Exception? Failure { get; private set; }

    async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
    }

    internal void Add(Life life, SendOrPostCallback callback, object? state)
    {
        if (!life.IsOver) ready.Add((life, callback, state));
    }

    /// <summary>Runs until a condition holds while nothing is ready; looked at whenever the clock is about to go on.</summary>
    public void Run(Func<bool> isEnough)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        try
        {
            while (true)
            {
                while (ready.Count > 0) RunOne();
                if (Failure != null) throw new InvalidOperationException($"The simulation itself failed: {Failure.Message}", Failure);
                if (isEnough()) return;
                SynchronizationContext.SetSynchronizationContext(Outside);
                if (!Clock.FireNext()) throw new InvalidOperationException("Nothing is left to happen.");
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    void RunOne()
    {
        // Mostly first come, first served; often enough not.
        int index = ready.Count > 1 && Chance.Next(4) == 0 ? Chance.Next(ready.Count) : 0;
        (Life life, SendOrPostCallback callback, object? state) = ready[index];
        ready.RemoveAt(index);
        if (life.IsOver) return;
        if (life.IsFrozen)
        {
            life.Post(callback, state);
            return;
        }
        Steps++;
        SynchronizationContext.SetSynchronizationContext(life);
        callback(state);
    }
}
