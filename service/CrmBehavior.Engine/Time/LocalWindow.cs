using System;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Time;

/// <summary>A part of the local week: [from, to) on some weekdays, the weekday being that of the local date at the instant asked.</summary>
/// <param name="From">Millisecond of the day at which it opens.</param>
/// <param name="To">Millisecond of the day at which it closes; earlier than <paramref name="From"/> means over midnight.</param>
/// <param name="Days">The weekdays that count.</param>
internal readonly record struct LocalWindow(long From, long To, Weekdays Days)
{
    /// <summary>Looked at for a change; a window that does not change within it (it is always or never open) never does.</summary>
    const long Horizon = 9 * Duration.Day;

    /// <summary>Whether the wall of `clock` shows a time inside at `now`.</summary>
    public bool IsOpen(ZoneClock clock, long now)
    {
        (DayOfWeek day, long time) = clock.Read(now);
        if (!Days.Includes(day)) return false;
        return From < To ? time >= From && time < To : time >= From || time < To;
    }

    /// <summary>The first instant after `now` at which <see cref="IsOpen"/> comes out otherwise; <see cref="Instant.Never"/> if none.</summary>
    public long NextChange(ZoneClock clock, long now)
    {
        bool open = IsOpen(clock, now);
        long end = now + Horizon;
        for (long at = now; at < end;)
        {
            // Within a stretch of constant offset the wall runs evenly, so its marks (midnight, from, to) can be computed.
            long change = clock.NextChange(at, at + Duration.Day);
            long stretch = Math.Min(change, at + Duration.Day);
            long offset = clock.OffsetAt(at);
            foreach (long mark in Marks(at + offset))
            {
                long instant = mark - offset;
                if (instant >= stretch) break;
                if (IsOpen(clock, instant) != open) return instant;
            }
            if (IsOpen(clock, stretch) != open) return stretch;
            at = stretch;
        }
        return Instant.Never;
    }

    /// <summary>Wall times after `wall`, within a day, at which a window can open or close, in order.</summary>
    long[] Marks(long wall)
    {
        long midnight = Math.DivRem(wall, Duration.Day, out long rest) * Duration.Day - (rest < 0 ? Duration.Day : 0);
        long[] marks = [After(midnight, 0, wall), After(midnight, From, wall), After(midnight, To, wall)];
        Array.Sort(marks);
        return marks;
    }

    static long After(long midnight, long time, long wall) => midnight + time > wall ? midnight + time : midnight + time + Duration.Day;
}
