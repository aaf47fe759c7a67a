using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrmBehavior.Sandbox.Clock;

namespace CrmBehavior.Sandbox.Faults;

/// <summary>The faults that are on. Which requests they hit is drawn from a seeded sequence, so that a run can be repeated.</summary>
internal sealed class FaultBoard(SandboxClock clock)
{
    readonly Lock gate = new();
    readonly List<Fault> faults = [];
    Random draw = new(1);

    /// <summary>Raised when faults were deleted or one has run out, so that work waiting for better times goes on.</summary>
    public event Action? Cleared;

    public void Add(Fault fault, int? seed)
    {
        lock (gate)
        {
            if (seed is { } value) draw = new Random(value);
            faults.Add(fault);
        }
    }

    public void Clear()
    {
        lock (gate) faults.Clear();
        Cleared?.Invoke();
    }

    /// <summary>The faults that are on now.</summary>
    public IReadOnlyList<Fault> Active()
    {
        bool ranOut;
        IReadOnlyList<Fault> active;
        DateTimeOffset now = clock.GetUtcNow();
        lock (gate)
        {
            ranOut = faults.RemoveAll(f => f.Until <= now) > 0;
            active = faults.Count == 0 ? [] : [.. faults];
        }
        if (ranOut) Cleared?.Invoke();
        return active;
    }

    /// <summary>The first fault that hits this request; null when none does.</summary>
    public Fault? Hit(string target, string request, Func<Fault, bool> applies)
    {
        IReadOnlyList<Fault> active = Active();
        if (active.Count == 0) return null;
        foreach (Fault fault in active.Where(f => f.Target == target && applies(f)))
        {
            if (fault.Match is not null && !request.Contains(fault.Match, StringComparison.OrdinalIgnoreCase)) continue;
            lock (gate)
                if (fault.Rate >= 1 || draw.NextDouble() < fault.Rate) return fault;
        }
        return null;
    }

    /// <summary>Seconds until the fault ends by itself, at least 1; for <c>Retry-After</c>.</summary>
    public int SecondsLeft(Fault fault) =>
        fault.Until is { } until ? Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds)) : 1;
}
