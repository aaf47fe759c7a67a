using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.History;

/// <summary>Counts matching events of all time, up to a limit, with the time of the latest.</summary>
internal sealed class Tally(Pattern pattern) : HistoryNode("tally " + pattern.Key, [pattern])
{
    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        Span<long> record = store.Ensure(Index, 2);
        record[1] = record[0] == 0 ? frame.At : Math.Max(record[1], frame.At);
        if (record[0] >= Kept) return false;
        record[0]++;
        return true;
    }

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Count((int)record[0]);
        writer.Time(record[1], now);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        int n = reader.Count();
        Span<long> record = store.Ensure(Index, 2);
        (record[0], record[1]) = (n, reader.Time(now));
    }
}
