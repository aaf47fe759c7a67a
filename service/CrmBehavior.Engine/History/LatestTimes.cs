using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.History;

/// <summary>Keeps the k latest times of matching events, earliest first: enough to tell any count up to k in any window.</summary>
internal sealed class LatestTimes(Pattern pattern) : HistoryNode("times " + pattern.Key, [pattern])
{
    int Capacity => (int)Kept;

    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        long at = frame.At;
        int index = store.IndexOf(Index);
        Span<long> times = index < 0 ? default : store.RecordAt(index);
        if (times.Length < Capacity)
        {
            times = index < 0 ? store.Lengthen(Index, 1) : store.LengthenAt(index, 1);
        }
        else
        {
            if (at <= times[0]) return false;
            times[1..].CopyTo(times);
        }
        int place = times.Length - 1;
        for (; place > 0 && times[place - 1] > at; place--) times[place] = times[place - 1];
        times[place] = at;
        return true;
    }

    /// <summary>How many of the times lie in (now−within, now], told up to the capacity.</summary>
    public static int Count(ReadOnlySpan<long> times, long now, long within)
    {
        int n = 0;
        for (int i = times.Length - 1; i >= 0 && times[i] > now - within; i--) n++;
        return n;
    }

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Count(record.Length);
        writer.Times(record, now);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        int length = reader.Count();
        if (length == 0) return;
        reader.Times(store.Ensure(Index, length), now);
        if (length > Capacity) store.DropFrontAt(store.IndexOf(Index), length - Capacity);
    }
}
