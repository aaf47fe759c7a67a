using System;
using System.Collections.Generic;
using System.Threading;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>
/// What a store holds, in the memory of this process: nothing of it outlives the process. Several <see cref="MemoryStore"/>s may share one,
/// as processes share a database.
/// </summary>
public sealed class MemoryDatabase
{
    /// <summary>Held while anything below is read or written; never while anything is awaited.</summary>
    internal Lock Gate { get; } = new();

    internal Dictionary<Guid, (Profile Profile, long? Due)> Profiles { get; } = [];

    /// <summary>The event log, by contact in order of arrival.</summary>
    internal Dictionary<Guid, List<LoggedEvent>> Log { get; } = [];

    /// <summary>Keys against repetition, with when they were noted.</summary>
    internal Dictionary<EventKey, long> Seen { get; } = [];

    internal Dictionary<string, Guid> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>Events of nobody known, by visitor in order of arrival.</summary>
    internal Dictionary<string, List<KeptEvent>> Kept { get; } = new(StringComparer.Ordinal);

    internal Dictionary<Guid, List<StoredDecision>> Decisions { get; } = [];

    /// <summary>Marks of erased contacts, as hex.</summary>
    internal HashSet<string> Erased { get; } = new(StringComparer.Ordinal);

    internal Dictionary<Guid, MemoryEffect> Outbox { get; } = [];

    internal List<StoredPlan> Plans { get; } = [];

    internal Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, Guid> Emails { get; } = new(StringComparer.Ordinal);

    internal HashSet<(Guid Contact, string Tag)> LastingTags { get; } = [];

    /// <summary>Tags that segments have given.</summary>
    internal HashSet<(Guid Contact, string Tag)> GivenTags { get; } = [];

    internal List<(long Number, IReadOnlyList<string> Subjects, byte[] Call)> Unresolved { get; } = [];

    /// <summary>What was set aside, with whose it is where that is known.</summary>
    internal List<(Guid? Contact, ParkedInput Input)> ParkedInputs { get; } = [];

    internal MemoryLocks Locks { get; } = new();

    long latest;

    /// <summary>A number that was never given out before, greater than all that were.</summary>
    internal long NextNumber() => ++latest;

    /// <summary>How many rows there are of a kind, under the names of the tables of the other stores.</summary>
    internal long CountRows(string table)
    {
        lock (Gate)
        {
            return table switch
            {
                "profile" => Profiles.Count,
                "visitor" => Claims.Count,
                "kept" => Count(Kept.Values),
                "seen" => Seen.Count,
                "outbox" => Outbox.Count,
                "parked_input" => ParkedInputs.Count,
                _ => throw new ArgumentException($"There is no table \"{table}\".", nameof(table)),
            };
        }
    }

    static long Count<T>(IEnumerable<List<T>> lists)
    {
        long count = 0;
        foreach (List<T> list in lists) count += list.Count;
        return count;
    }
}

/// <summary>An effect in the outbox.</summary>
internal sealed class MemoryEffect(Effect effect, long now)
{
    public Effect Effect { get; set; } = effect;

    public EffectState State { get; set; }

    /// <summary>When it is due, milliseconds since 1970 of the wall clock.</summary>
    public long Due { get; set; } = effect.DueFrom(now);

    /// <summary>When it may be carried out if nothing is to wait.</summary>
    public long Ready { get; set; } = now;

    /// <summary>Since when it waits, or is parked.</summary>
    public long Since { get; set; } = now;

    public int Attempts { get; set; }

    /// <summary>Of a mail handed to the provider, since when that is so.</summary>
    public long Doubted { get; set; }

    public long Fence { get; set; }

    public long Revision { get; set; } = 1;

    public long LeasedUntil { get; set; }

    public string Reason { get; set; } = "";

    public bool IsKeyed => Effect.Key.Length > 0;
}
