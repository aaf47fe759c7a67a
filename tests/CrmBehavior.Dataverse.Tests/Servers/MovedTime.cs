using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>A clock that goes only when it is moved; what waits for it goes on then.</summary>
sealed class MovedTime : TimeProvider
{
    readonly Lock gate = new();
    readonly List<Waiter> waiters = [];
    DateTimeOffset now = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Raised when something begins to wait for the clock.</summary>
    public event Action<TimeSpan>? Waiting;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(TimeSpan by)
    {
        Waiter[] due;
        lock (gate)
        {
            now += by;
            due = [.. waiters.Where(w => w.Due <= now)];
            waiters.RemoveAll(w => due.Contains(w));
        }
        foreach (Waiter waiter in due) waiter.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiter = new Waiter(this, callback, state);
        waiter.Change(dueTime, period);
        return waiter;
    }

    sealed class Waiter(MovedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.waiters.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.now + dueTime;
                time.waiters.Add(this);
            }
            time.Waiting?.Invoke(dueTime);
            return true;
        }

        public void Dispose()
        {
            lock (time.gate) time.waiters.Remove(this);
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
