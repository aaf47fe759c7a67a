using System;
using System.Collections.Generic;
using System.Globalization;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Query.Conditions;

/// <summary>How values compare: numbers by size, text regardless of case, empty first.</summary>
internal sealed class ValueOrder : IComparer<object?>
{
    public static readonly ValueOrder Instance = new();
    static readonly CompareInfo Words = CultureInfo.InvariantCulture.CompareInfo;

    public int Compare(object? x, object? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        if (x is int i && y is int j) return i.CompareTo(j);
        if (x is decimal d && y is decimal e) return d.CompareTo(e);
        return (x, y) switch
        {
            (string a, string b) => Words.Compare(a, b, CompareOptions.IgnoreCase),
            (int a, int b) => a.CompareTo(b),
            (DateTime a, DateTime b) => a.CompareTo(b),
            (bool a, bool b) => a.CompareTo(b),
            (Guid a, Guid b) => a.CompareTo(b),
            (Lookup a, Lookup b) => a.Id.CompareTo(b.Id),
            (Lookup a, Guid b) => a.Id.CompareTo(b),
            (Guid a, Lookup b) => a.CompareTo(b.Id),
            (double a, _) when IsNumber(y) => a.CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture)),
            (_, double b) when IsNumber(x) => Convert.ToDouble(x, CultureInfo.InvariantCulture).CompareTo(b),
            _ when IsNumber(x) && IsNumber(y) =>
                Convert.ToDecimal(x, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(y, CultureInfo.InvariantCulture)),
            _ => Words.Compare(Convert.ToString(x, CultureInfo.InvariantCulture), Convert.ToString(y, CultureInfo.InvariantCulture), CompareOptions.IgnoreCase),
        };
    }

    /// <summary>Bytes that compare as the text does, regardless of case.</summary>
    public static byte[] SortKey(string text) => Words.GetSortKey(text, CompareOptions.IgnoreCase).KeyData;

    /// <summary>Equality as conditions mean it.</summary>
    public static bool AreEqual(object? x, object? y) =>
        x is string a && y is string b ? string.Equals(a, b, StringComparison.OrdinalIgnoreCase) : x is not null && y is not null
            && Instance.Compare(x, y) == 0;

    /// <summary>A value as the column's type wants it for comparing; the value itself where it fits already.</summary>
    public static object? ForColumn(Column column, object? value) => value switch
    {
        null => null,
        string text when column.Type is not (ColumnType.String or ColumnType.Memo or ColumnType.EntityName or ColumnType.MultiChoice) =>
            ValueReader.FromText(column, text) ?? text,
        DateTimeOffset time => time.UtcDateTime,
        Lookup lookup => lookup.Id,
        bool truth when column.Type != ColumnType.Bool => truth ? 1 : 0,
        int number when column.Type == ColumnType.Bool => number != 0,
        _ => value,
    };

    static bool IsNumber(object value) => value is int or long or decimal or double or short or byte or float;
}
