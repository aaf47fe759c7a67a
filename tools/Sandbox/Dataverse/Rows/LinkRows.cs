using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>The pairs of one N:N relationship, from both sides.</summary>
internal sealed class LinkRows
{
    readonly Dictionary<(Guid First, Guid Second), long> storageIds = [];
    readonly Dictionary<Guid, IdBag> byFirst = [];
    readonly Dictionary<Guid, IdBag> bySecond = [];

    public IEnumerable<(Guid First, Guid Second)> All => storageIds.Keys;

    /// <summary>Grows with every change.</summary>
    public long Changes { get; private set; }

    public bool Contains(Guid first, Guid second) => storageIds.ContainsKey((first, second));

    /// <summary>Key in the journal of a pair that is there.</summary>
    public long StorageId(Guid first, Guid second) => storageIds[(first, second)];

    /// <summary>The rows of the other side.</summary>
    public IReadOnlyCollection<Guid> Others(Guid id, bool fromFirst) =>
        (fromFirst ? byFirst : bySecond).TryGetValue(id, out IdBag? ids) ? ids : [];

    public void Add(Guid first, Guid second, long storageId)
    {
        Changes++;
        storageIds.Add((first, second), storageId);
        Bag(byFirst, first).Add(second);
        Bag(bySecond, second).Add(first);
    }

    public void Remove(Guid first, Guid second)
    {
        if (!storageIds.Remove((first, second))) return;
        Changes++;
        Bag(byFirst, first).Remove(second);
        Bag(bySecond, second).Remove(first);
        if (byFirst[first].Count == 0) byFirst.Remove(first);
        if (bySecond[second].Count == 0) bySecond.Remove(second);
    }

    static IdBag Bag(Dictionary<Guid, IdBag> bags, Guid id)
    {
        if (!bags.TryGetValue(id, out IdBag? bag)) bags.Add(id, bag = new IdBag());
        return bag;
    }
}
