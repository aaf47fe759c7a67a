using System;
using System.Collections.Generic;

namespace CrmBehavior.Benchmarks.Reference;

/// <summary>An amount at a time, in quarters.</summary>
internal struct Amount
{
    public uint At;
    public int Quarters;
}

/// <summary>Where a contact's amounts lie.</summary>
internal struct AmountList
{
    public int Start;
    public ushort Count;
    public ushort Room;
}

/// <summary>Short lists of amounts for all contacts, in one array; room that a list has outgrown is used again.</summary>
internal sealed class AmountLists
{
    readonly Stack<int>[] free = [.. NewStacks()];
    Amount[] all = new Amount[1 << 16];
    int used;

    static IEnumerable<Stack<int>> NewStacks()
    {
        for (int i = 0; i < 16; i++) yield return new Stack<int>();
    }

    public ReadOnlySpan<Amount> Of(in AmountList list) => all.AsSpan(list.Start, list.Count);

    /// <summary>Adds an amount, and forgets those that are too old.</summary>
    public void Add(ref AmountList list, uint at, double amount, long since)
    {
        int kept = 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (all[list.Start + i].At > since) all[list.Start + kept++] = all[list.Start + i];
        }
        list.Count = (ushort)kept;
        if (at <= since) return;
        if (list.Count == list.Room) Grow(ref list);
        all[list.Start + list.Count++] = new Amount { At = at, Quarters = (int)(amount * 4) };
    }

    void Grow(ref AmountList list)
    {
        int size = list.Room == 0 ? 2 : list.Room * 2, kind = int.Log2(size);
        if (!free[kind].TryPop(out int start))
        {
            start = used;
            used += size;
            if (used > all.Length) Array.Resize(ref all, all.Length * 2);
        }
        all.AsSpan(list.Start, list.Count).CopyTo(all.AsSpan(start));
        if (list.Room > 0) free[int.Log2(list.Room)].Push(list.Start);
        (list.Start, list.Room) = (start, (ushort)size);
    }
}
