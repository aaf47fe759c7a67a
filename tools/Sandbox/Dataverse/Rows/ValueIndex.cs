using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>Rows by the value of one column: by id for a lookup, regardless of case for text.</summary>
internal sealed class ValueIndex(string column)
{
    readonly Dictionary<object, IdBag> idsByValue = new(ValueEquality.Instance);

    public string Column => column;

    public void Add(Row row)
    {
        if (KeyOf(row[column]) is not { } key) return;
        if (!idsByValue.TryGetValue(key, out IdBag? ids)) idsByValue.Add(key, ids = new IdBag());
        ids.Add(row.Id);
    }

    public void Remove(Row row)
    {
        if (KeyOf(row[column]) is not { } key || !idsByValue.TryGetValue(key, out IdBag? ids)) return;
        ids.Remove(row.Id);
        if (ids.Count == 0) idsByValue.Remove(key);
    }

    /// <summary>Moves a row between values; nothing to do when the column did not change.</summary>
    public void Replace(Row before, Row after)
    {
        if (Equals(before[column], after[column])) return;
        Remove(before);
        Add(after);
    }

    /// <summary>Ids of the rows that have the value.</summary>
    public IReadOnlyCollection<Guid> Find(object value) =>
        KeyOf(value) is { } key && idsByValue.TryGetValue(key, out IdBag? ids) ? ids : [];

    static object? KeyOf(object? value) => value is Lookup lookup ? lookup.Id : value;

    sealed class ValueEquality : IEqualityComparer<object>
    {
        public static readonly ValueEquality Instance = new();

        public new bool Equals(object? x, object? y) =>
            x is string a && y is string b ? string.Equals(a, b, StringComparison.OrdinalIgnoreCase) : object.Equals(x, y);

        public int GetHashCode(object value) => value is string text ? StringComparer.OrdinalIgnoreCase.GetHashCode(text) : value.GetHashCode();
    }
}
