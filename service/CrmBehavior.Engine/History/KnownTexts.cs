using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.History;

/// <summary>The different texts of all time that matching events carried, up to a limit.</summary>
internal sealed class KnownTexts : HistoryNode
{
    readonly int slot;

    public KnownTexts(Pattern pattern, EventPath path) : base("known " + path.Text + " " + pattern.Key, [pattern]) => slot = pattern.Shape.SlotOf(path);

    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        if (!DistinctText.TryHash(frame.Slots[slot], out long hash)) return false;
        Span<long> record = store.Find(Index);
        if (record.Length >= Kept || record.Contains(hash)) return false;
        store.Lengthen(Index, 1)[^1] = hash;
        return true;
    }

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Count(record.Length);
        foreach (long hash in record) writer.Bits(hash);
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        int n = reader.Count();
        for (int i = 0; i < n; i++)
        {
            long hash = reader.Bits();
            if (i < Kept) store.Lengthen(Index, 1)[^1] = hash;
        }
    }
}
