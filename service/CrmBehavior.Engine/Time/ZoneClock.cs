using System;
using System.Collections.Concurrent;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Time;

/// <summary>The wall clock of one time zone: local times as instants and back, with gaps and overlaps as the language defines them.</summary>
/// <remarks>Offsets come from the tz database of the framework; two processes with the same tzdata read the same wall.</remarks>
internal sealed class ZoneClock
{
    static readonly ConcurrentDictionary<string, ZoneClock?> Known = new(StringComparer.Ordinal);

    readonly TimeZoneInfo zone;

    ZoneClock(TimeZoneInfo zone) => this.zone = zone;

    /// <summary>Coordinated Universal Time.</summary>
    public static ZoneClock Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>The clock of an IANA name; null when the name is unknown. Bounded, since names may come from visitors.</summary>
    public static ZoneClock? Find(string name)
    {
        if (Known.TryGetValue(name, out ZoneClock? clock)) return clock;
        clock = name.Length is > 0 and <= 64 && (name.Contains('/') || name is "UTC" or "GMT" || name.StartsWith("Etc", StringComparison.Ordinal))
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? new ZoneClock(zone) : null;
        if (Known.Count < 2000) Known[name] = clock;
        return clock;
    }

    /// <summary>Milliseconds that the wall is ahead of UTC at an instant.</summary>
    public long OffsetAt(long instant) =>
        ReferenceEquals(this, Utc) ? 0 : (long)zone.GetUtcOffset(Instant.ToDateTime(instant)).TotalMilliseconds;

    /// <summary>Milliseconds since local 1970-01-01T00:00 that the wall shows at an instant.</summary>
    public long WallAt(long instant) => instant + OffsetAt(instant);

    /// <summary>The instant of a wall time: the first where it comes twice, the first after the gap where it is skipped.</summary>
    /// <param name="wall">Milliseconds since local 1970-01-01T00:00.</param>
    public long InstantOf(long wall)
    {
        // Offsets change at most once within a day, so one of the two around it is right for an unskipped wall time.
        long before = OffsetAt(wall - Duration.Day), after = OffsetAt(wall + Duration.Day);
        long first = wall - before;
        if (before == after && WallAt(first) == wall) return first;
        long early = wall - Math.Max(before, after), late = wall - Math.Min(before, after);
        if (WallAt(early) == wall) return early;
        if (WallAt(late) == wall) return late;
        return NextChange(early - 1, late + 1);
    }

    /// <summary>The first instant in (from, to] at which the offset differs from that at `from`, or <see cref="Instant.Never"/>.</summary>
    public long NextChange(long from, long to)
    {
        long offset = OffsetAt(from);
        // Short steps, so that a zone that changes twice within days is not overlooked.
        for (long low = from; low < to;)
        {
            long high = Math.Min(to, low + Duration.Day);
            if (OffsetAt(high) != offset)
            {
                while (high - low > 1)
                {
                    long middle = low + (high - low) / 2;
                    if (OffsetAt(middle) == offset) low = middle;
                    else high = middle;
                }
                return high;
            }
            low = high;
        }
        return Instant.Never;
    }

    /// <summary>Day of the week and millisecond of the day that the wall shows at an instant.</summary>
    public (DayOfWeek Day, long Time) Read(long instant)
    {
        long wall = WallAt(instant), days = Math.DivRem(wall, Duration.Day, out long time);
        if (time < 0) (days, time) = (days - 1, time + Duration.Day);
        return (DayOf(days), time);
    }

    /// <summary>Day of the week of a date; 1970-01-01 was a Thursday.</summary>
    public static DayOfWeek DayOf(long days) => (DayOfWeek)(((days + 4) % 7 + 7) % 7);

    /// <summary>The first instant at or after `from` at which the wall shows `time` on one of the days.</summary>
    /// <param name="from">An instant.</param>
    /// <param name="time">Millisecond of the day.</param>
    /// <param name="days">The weekdays that count.</param>
    public long Next(long from, long time, Weekdays days)
    {
        long date = Math.DivRem(WallAt(from), Duration.Day, out long rest) - (rest < 0 ? 1 : 0);
        // A gap can move a wall time to the next date, so the search begins a day early; a weekday comes within eight days.
        for (long day = date - 1; day <= date + 9; day++)
        {
            if (!days.Includes(DayOf(day))) continue;
            long instant = InstantOf(day * Duration.Day + time);
            if (instant >= from) return instant;
        }
        return Instant.Never;
    }
}
