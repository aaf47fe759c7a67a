using System.Threading;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>
/// A process from its start to its end, or the world outside of all processes. What awaits in it goes on in it; once it is over nothing in
/// it goes on, as after kill -9.
/// </summary>
public sealed class Life(World world) : SynchronizationContext
{
    /// <summary>Whether the process is dead.</summary>
    public bool IsOver { get; set; }

    public override void Post(SendOrPostCallback d, object? state) => world.Add(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new System.NotSupportedException("Nobody waits for anybody here.");

    public override SynchronizationContext CreateCopy() => this;
}
