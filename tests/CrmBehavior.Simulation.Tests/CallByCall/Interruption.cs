using System.Threading;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Fails the i-th call at one port: once, or that and all that follow until it is mended.</summary>
public sealed class Interruption(string port, int call, Mishap how, bool lasts)
{
    int calls;

    /// <summary>Whether the call it waits for has come.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>Whether it does nothing any more.</summary>
    public bool IsMended { get; set; }

    public Mishap Next(string at)
    {
        if (at != port || IsMended) return Mishap.None;
        int number = Interlocked.Increment(ref calls);
        if (number != call && !(lasts && number > call)) return Mishap.None;
        HasStruck = true;
        return how;
    }

    public override string ToString() => $"call {call} at the {port} fails {how}{(lasts ? " for good" : "")}";
}
