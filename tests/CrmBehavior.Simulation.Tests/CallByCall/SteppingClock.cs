using System;
using System.Threading;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>A wall clock moved by hand, under which nobody has to wait: a timer fires at once.</summary>
public sealed class SteppingClock : TimeProvider
{
    long ticks = new DateTimeOffset(2026, 3, 23, 9, 0, 0, TimeSpan.Zero).Ticks;

    public long Now => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(5) ? dueTime : TimeSpan.Zero, period);
}
