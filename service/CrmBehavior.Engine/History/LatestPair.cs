using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.History;

/// <summary>
/// The latest of one event and the latest of another, and which of them is the later: by time, equal times by arrival. An event that is
/// both is not later than itself.
/// </summary>
internal sealed class LatestPair(Pattern missed, Pattern since)
    : HistoryNode("absence of " + missed.Key + " since " + since.Key, missed == since ? [missed] : [missed, since])
{
    /// <summary>Words of a record: latest `since`, latest missed event, whether the latter is later though their times are equal.</summary>
    public const int Since = 0, Missed = 1, IsAfter = 2, Length = 3;

    /// <summary>What to ask for so that the properties of the latest `since` event are kept too, for messages of a journey that the absence starts.</summary>
    public const long WithProperties = 2;

    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        bool isSince = frame.IsMatch(since.Id), isMissed = frame.IsMatch(missed.Id), changed = false;
        Span<long> record = store.Find(Index);
        if (record.IsEmpty)
        {
            record = store.Ensure(Index, Length);
            record[Since] = record[Missed] = Instant.None;
        }
        bool wasCovered = IsCovered(record);
        if (isSince && frame.At >= record[Since])
        {
            changed = record[Since] != frame.At || record[IsAfter] != 0;
            record[Since] = frame.At;
            record[IsAfter] = 0;
            if (Kept >= WithProperties) store.SetText(Index, frame.Properties.ToArray());
        }
        if (isMissed && frame.At >= record[Missed])
        {
            bool after = record[Since] == frame.At && !isSince;
            changed |= record[Missed] != frame.At || after;
            record[Missed] = frame.At;
            if (after) record[IsAfter] = 1;
        }
        return changed && record[Since] != Instant.None && !(wasCovered && IsCovered(record));
    }

    /// <summary>Whether a missed event is later than the latest `since`.</summary>
    public static bool IsCovered(ReadOnlySpan<long> record) => record[Missed] > record[Since] || (record[Missed] == record[Since] && record[IsAfter] != 0);

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.TimeOrNone(record[Since], now);
        writer.TimeOrNone(record[Missed], now);
        writer.Count((int)record[IsAfter]);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        Span<long> record = store.Ensure(Index, Length);
        record[Since] = reader.TimeOrNone(now);
        record[Missed] = reader.TimeOrNone(now);
        record[IsAfter] = reader.Count();
    }
}
