using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>Sorts many rows by one column: each key is taken once, text as the bytes that compare like it; equal ones go by id.</summary>
internal static class RowSorting
{
    public static List<Row> By(IEnumerable<Row> rows, Func<Row, object?> key, bool descending)
    {
        Keyed[] all = [.. rows.Select(r => new Keyed(key(r) is var value && value is string text ? ValueOrder.SortKey(text) : value, r))];
        Array.Sort(all, new ByKey(descending));
        return [.. all.Select(k => k.Row)];
    }

    readonly record struct Keyed(object? Key, Row Row);

    sealed class ByKey(bool descending) : IComparer<Keyed>
    {
        public int Compare(Keyed x, Keyed y)
        {
            int order = (x.Key, y.Key) is (byte[] a, byte[] b) ? a.AsSpan().SequenceCompareTo(b) : ValueOrder.Instance.Compare(x.Key, y.Key);
            if (order != 0) return descending ? -order : order;
            return x.Row.Id.CompareTo(y.Row.Id);
        }
    }
}
