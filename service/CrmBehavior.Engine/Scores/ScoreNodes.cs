using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.Scores;

/// <summary>Where the value of a score is kept: the value and its time.</summary>
internal sealed class ScoreValueNode(string key) : HistoryNode("score " + key, [])
{
    // A score changes when its definition's rows say so, not by a pattern of its own.
    public override bool Take(NodeStore store, EventFrame frame, long now) => false;

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Number(BitConverter.Int64BitsToDouble(record[0]));
        writer.Time(record[1], now);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        Span<long> record = store.Ensure(Index, 2);
        record[0] = BitConverter.DoubleToInt64Bits(reader.Number());
        record[1] = reader.Time(now);
    }
}

/// <summary>The latest times at which a capped row scored, earliest first.</summary>
internal sealed class ScoringTimes(string key, int max) : HistoryNode("capped " + key, [])
{
    public override bool Take(NodeStore store, EventFrame frame, long now) => false;

    /// <summary>Notes a scoring, if fewer than the cap's number lie in (now−per, now].</summary>
    public bool TryScore(NodeStore store, long now, long per)
    {
        int index = store.IndexOf(Index);
        Span<long> times = index < 0 ? default : store.RecordAt(index);
        if (times.Length < max)
        {
            (index < 0 ? store.Lengthen(Index, 1) : store.LengthenAt(index, 1))[^1] = now;
            return true;
        }
        if (times[0] > now - per) return false;
        times[1..].CopyTo(times);
        times[^1] = now;
        return true;
    }

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Count(record.Length);
        writer.Times(record, now);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        int length = reader.Count();
        if (length > 0) reader.Times(store.Ensure(Index, length), now);
    }
}
