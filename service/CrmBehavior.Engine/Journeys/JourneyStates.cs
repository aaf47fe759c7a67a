using System.Collections.Generic;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Journeys;

/// <summary>How a contact stands with all journeys: enrollments, counts, pauses, and the messages that caps and cooldowns look back on.</summary>
internal sealed class JourneyStates
{
    /// <summary>Running enrollments, and ended ones whose goal is still watched, in the order in which they began.</summary>
    public List<Enrollment> Enrollments { get; } = [];

    public List<JourneyRecord> Records { get; } = [];

    public List<Pause> Pauses { get; } = [];

    public List<SentMessage> Sent { get; } = [];

    /// <summary>The earliest instant at which time alone may move something.</summary>
    public long NextDue { get; set; } = Instant.Never;

    public JourneyRecord? Find(string journey) => Records.Find(r => r.Journey == journey);

    public JourneyRecord Ensure(string journey)
    {
        JourneyRecord? record = Find(journey);
        if (record == null) Records.Add(record = new JourneyRecord(journey));
        return record;
    }

    /// <summary>When a journey's pause ends for this contact; <see cref="Instant.None"/> when there is none.</summary>
    public long PausedUntil(string journey)
    {
        foreach (Pause pause in Pauses)
        {
            if (pause.Journey == journey) return pause.Until;
        }
        return Instant.None;
    }

    /// <summary>Pauses a journey; a pause already longer stays.</summary>
    public void Pause(string journey, long until)
    {
        int index = Pauses.FindIndex(p => p.Journey == journey);
        if (index < 0) Pauses.Add(new Pause(journey, until));
        else if (Pauses[index].Until < until) Pauses[index] = new Pause(journey, until);
    }

    /// <summary>Drops what no rule can ask for any more.</summary>
    /// <param name="now">The contact's now.</param>
    /// <param name="lookBack">The longest window of caps and cooldowns.</param>
    public void Forget(long now, long lookBack)
    {
        Pauses.RemoveAll(p => p.Until <= now);
        Sent.RemoveAll(m => m.At <= now - lookBack);
        foreach (JourneyRecord record in Records) record.Keys.RemoveAll(k => k.IsForgotten(now));
    }
}

/// <summary>A journey that rests for one contact until an instant.</summary>
/// <param name="Journey">Its name.</param>
/// <param name="Until">When the pause ends.</param>
internal readonly record struct Pause(string Journey, long Until);

/// <summary>How a contact stands with one journey.</summary>
internal sealed class JourneyRecord(string journey)
{
    public string Journey { get; } = journey;

    /// <summary>Enrollments so far, over all keys.</summary>
    public int Entries { get; set; }

    /// <summary>Enrollments that run.</summary>
    public int Running { get; set; }

    public bool HasCompleted { get; set; }

    public bool HasConverted { get; set; }

    /// <summary>Re-entry is counted per value of the key.</summary>
    public List<KeyRecord> Keys { get; } = [];

    public KeyRecord? Find(string key) => Keys.Find(k => k.Key == key);
}

/// <summary>Enrollments of one contact in one journey with one key.</summary>
internal sealed class KeyRecord(string key, bool isKept)
{
    /// <summary>A key of a keyed journey is forgotten so long after its last enrollment ended.</summary>
    const long Remembered = 90 * Duration.Day;

    public string Key { get; } = key;

    /// <summary>Whether it is kept for ever, as that of a journey without key.</summary>
    public bool IsKept { get; } = isKept;

    public int Count { get; set; }

    public long LastStart { get; set; }

    /// <summary>When the last enrollment ended; <see cref="Instant.Never"/> while one runs.</summary>
    public long EndedAt { get; set; } = Instant.Never;

    public bool IsForgotten(long now) => !IsKept && EndedAt != Instant.Never && now >= Instant.Add(EndedAt, Remembered);
}

/// <summary>A message that went out.</summary>
/// <param name="At">When.</param>
/// <param name="Channel">How.</param>
/// <param name="Category">What it counts as, or null.</param>
/// <param name="Journey">Whose it was.</param>
/// <param name="Step">Which step's.</param>
/// <param name="Template">The mail's template, or null.</param>
internal readonly record struct SentMessage(long At, string Channel, string? Category, string Journey, string Step, string? Template);
