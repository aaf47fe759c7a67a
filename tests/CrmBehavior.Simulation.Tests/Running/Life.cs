using System.Collections.Generic;
using System.Threading;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>
/// A process from its start to its end, or the world outside of all processes. What awaits in it goes on in it; once it is over nothing in
/// it goes on, as after kill -9.
/// </summary>
public sealed class Life(World world) : SynchronizationContext
{
    readonly List<(SendOrPostCallback, object?)> held = [];

    /// <summary>Whether the process is dead.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether it stands still, as after SIGSTOP: what would go on goes on later.</summary>
    public bool IsFrozen { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsFrozen) held.Add((d, state));
        else world.Add(this, d, state);
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        foreach ((SendOrPostCallback callback, object? state) in held) world.Add(this, callback, state);
        held.Clear();
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new System.NotSupportedException("Nobody waits for anybody here.");

    public override SynchronizationContext CreateCopy() => this;
}
