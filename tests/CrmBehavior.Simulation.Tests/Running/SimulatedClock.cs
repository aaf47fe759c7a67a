using System;
using System.Collections.Generic;
using System.Threading;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>A clock that goes only when it is told, and fires its timers in order of time, those of one instant in order of their making.</summary>
public sealed class SimulatedClock : TimeProvider
{
    static readonly DateTimeOffset Start = new(2026, 3, 23, 6, 0, 0, TimeSpan.Zero);

    readonly PriorityQueue<(Alarm Alarm, int Setting), (long Due, long Number)> alarms = new();
    long ticks, offset, number;

    /// <summary>Milliseconds since 1970 at which the simulation begins.</summary>
    public static long Began { get; } = Start.ToUnixTimeMilliseconds();

    /// <summary>Time gone by, however the wall clock was set meanwhile.</summary>
    public TimeSpan Elapsed => new(ticks);

    /// <summary>Milliseconds since 1970 by the wall clock.</summary>
    public long Now => GetUtcNow().ToUnixTimeMilliseconds();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(ticks + offset);

    public override long GetTimestamp() => ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Somebody sets the wall clock; what waits for a length of time does not notice.</summary>
    public void Jump(TimeSpan by) => offset += by.Ticks;

    /// <summary>Goes to the next timer and fires it.</summary>
    /// <returns>False when there is none.</returns>
    public bool FireNext()
    {
        while (alarms.TryDequeue(out (Alarm Alarm, int Setting) next, out (long Due, long Number) when))
        {
            if (!next.Alarm.IsSetAs(next.Setting)) continue;
            ticks = Math.Max(ticks, when.Due);
            next.Alarm.Fire();
            return true;
        }
        return false;
    }

    sealed class Alarm(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        int setting;
        bool isOver;

        public bool IsSetAs(int wanted) => !isOver && setting == wanted;

        public void Fire()
        {
            setting++;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero) throw new NotSupportedException("Timers fire once here.");
            setting++;
            if (dueTime != Timeout.InfiniteTimeSpan) clock.alarms.Enqueue((this, setting), (clock.ticks + dueTime.Ticks, ++clock.number));
            return true;
        }

        public void Dispose() => isOver = true;

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            isOver = true;
            return default;
        }
    }
}
