using System;
using System.Collections.Generic;
using System.Threading;

namespace CrmBehavior.Service.Workers;

/// <summary>Wakes workers that rest, when there is news for them.</summary>
internal sealed class WorkBell
{
    readonly List<Action> listeners = [];
    long flushUntil;

    /// <summary>Somebody who wants to be woken.</summary>
    public void Add(Action wake) => listeners.Add(wake);

    /// <summary>Wakes all.</summary>
    public void Ring()
    {
        foreach (Action wake in listeners) wake();
    }

    /// <summary>For the next moments nothing waits to be written with others.</summary>
    public void Flush()
    {
        Interlocked.Exchange(ref flushUntil, Environment.TickCount64 + 2000);
        Ring();
    }

    /// <summary>Whether nothing is to wait now.</summary>
    public bool IsFlushing => Environment.TickCount64 < Interlocked.Read(ref flushUntil);
}
