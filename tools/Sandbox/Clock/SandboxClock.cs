using System;
using System.Globalization;
using System.Threading;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Clock;

/// <summary>
/// The clock that all stand-ins and the service share. It runs at real speed between moves and moves forward only. Timers and
/// timestamps for measuring (locks, long polls, time-outs) stay those of the real clock.
/// </summary>
internal sealed class SandboxClock : TimeProvider
{
    const string SettingName = "clock.ahead";
    readonly Journal journal;
    readonly Lock gate = new();
    readonly DateTimeOffset startedAt;
    readonly long startedStamp;
    long aheadTicks;

    /// <summary>Starts at the wanted instant, at the stored one if that is later, or else now.</summary>
    public SandboxClock(Journal journal, DateTimeOffset? start)
    {
        this.journal = journal;
        startedAt = System.GetUtcNow();
        startedStamp = System.GetTimestamp();
        string? stored = journal.Setting(SettingName);
        if (stored is not null) aheadTicks = long.Parse(stored, CultureInfo.InvariantCulture);
        if (start is { } wanted && (stored is null || wanted > GetUtcNow())) aheadTicks = (wanted - startedAt).Ticks;
        journal.SetSetting(SettingName, aheadTicks.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Raised after each move, outside any lock.</summary>
    public event Action? Moved;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        startedAt + System.GetElapsedTime(startedStamp) + TimeSpan.FromTicks(Interlocked.Read(ref aheadTicks));

    /// <summary>Now, in UTC.</summary>
    public DateTime UtcNow => GetUtcNow().UtcDateTime;

    /// <summary>Now, cut to whole seconds as the CRM keeps times.</summary>
    public DateTime WholeSecond
    {
        get
        {
            long ticks = UtcNow.Ticks;
            return new DateTime(ticks - ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        }
    }

    /// <summary>Moves forward by a duration; answers the new time.</summary>
    public DateTimeOffset Advance(TimeSpan by)
    {
        if (by < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(by), "The clock moves forward only.");
        lock (gate)
        {
            Interlocked.Add(ref aheadTicks, by.Ticks);
            journal.SetSetting(SettingName, Interlocked.Read(ref aheadTicks).ToString(CultureInfo.InvariantCulture));
        }
        Moved?.Invoke();
        return GetUtcNow();
    }

    /// <summary>Moves to an instant; false, and no move, when that lies in the past.</summary>
    public bool TryMoveTo(DateTimeOffset to)
    {
        lock (gate)
        {
            TimeSpan by = to - GetUtcNow();
            if (by < TimeSpan.Zero) return false;
            Interlocked.Add(ref aheadTicks, by.Ticks);
            journal.SetSetting(SettingName, Interlocked.Read(ref aheadTicks).ToString(CultureInfo.InvariantCulture));
        }
        Moved?.Invoke();
        return true;
    }
}
