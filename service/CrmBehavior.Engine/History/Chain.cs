using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.History;

/// <summary>
/// For each length of a sequence, the greatest "least time of a chain" so far. One number a step is exact: a chain lies in a window if
/// its least time does, and of two chains of equal length the one with the greater least time can do all that the other can.
/// </summary>
internal sealed class Chain(IReadOnlyList<Pattern> steps, Pattern? unless)
    : HistoryNode(KeyOf(steps, unless), unless == null ? [.. steps.Distinct()] : [.. steps.Append(unless).Distinct()])
{
    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        Span<long> least = store.Find(Index);
        if (least.IsEmpty)
        {
            if (!frame.IsMatch(steps[0].Id)) return false;
            least = store.Ensure(Index, steps.Count);
            least.Fill(Instant.None);
        }
        bool changed = false;
        if (unless != null && frame.IsMatch(unless.Id))
        {
            changed = least[0] != Instant.None;
            least.Fill(Instant.None);
        }
        // From the last step back, so that one event does not serve two steps.
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            if (!frame.IsMatch(steps[i].Id)) continue;
            long reach = i == 0 ? frame.At : Math.Min(least[i - 1], frame.At);
            if (reach <= least[i]) continue;
            least[i] = reach;
            changed |= i == steps.Count - 1;
        }
        return changed;
    }

    static string KeyOf(IReadOnlyList<Pattern> steps, Pattern? unless) =>
        "chain " + string.Join(" then ", steps.Select(s => s.Key)) + (unless == null ? "" : " unless " + unless.Key);

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Count(record.Length);
        foreach (long time in record) writer.TimeOrNone(time, now);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        Span<long> record = store.Ensure(Index, reader.Count());
        for (int i = 0; i < record.Length; i++) record[i] = reader.TimeOrNone(now);
    }
}
