using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>One part of an order.</summary>
internal sealed record RowOrder(ColumnPath Path, bool Descending);

/// <summary>Orders things by keys taken once; equal ones by id, so that pages never overlap.</summary>
internal sealed class KeyedOrder(IReadOnlyList<bool> descending) : IComparer<(object?[] Keys, Guid Id)>
{
    public int Compare((object?[] Keys, Guid Id) x, (object?[] Keys, Guid Id) y)
    {
        for (int i = 0; i < descending.Count; i++)
        {
            int order = ValueOrder.Instance.Compare(x.Keys[i], y.Keys[i]);
            if (order != 0) return descending[i] ? -order : order;
        }
        return x.Id.CompareTo(y.Id);
    }
}
