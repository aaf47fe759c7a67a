using System;
using System.Globalization;
using CrmBehavior.Storage.Retention;

namespace CrmBehavior.Storage.Postgres;

/// <summary>A part of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The part's own name.</param>
/// <param name="Start">Its first value.</param>
/// <param name="End">The value after its last.</param>
internal readonly record struct Partition(string Table, string Name, long Start, long End)
{
    /// <summary>The part of a month, as <c>event_2026_01</c>; its values are milliseconds since 1970.</summary>
    public static Partition Of(string table, Month month) =>
        new(table, string.Create(CultureInfo.InvariantCulture, $"{table}_{month.Year:0000}_{month.Number:00}"), month.Start, month.End);

    /// <summary>The part of a week, as <c>seen_w2935</c>; its values are numbers of weeks.</summary>
    public static Partition OfWeek(string table, int week) => new(table, string.Create(CultureInfo.InvariantCulture, $"{table}_w{week}"), week, week + 1L);

    /// <summary>The part that a name means, or null when it is not one of ours.</summary>
    public static Partition? Parse(string table, string name)
    {
        if (!name.StartsWith(table + "_", StringComparison.Ordinal)) return null;
        string rest = name[(table.Length + 1)..];
        if (rest.StartsWith('w')) return int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int week) ? OfWeek(table, week) : null;
        string[] parts = rest.Split('_');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int month) && year is >= 1970 and <= 9999 && month is >= 1 and <= 12
            ? Of(table, new Month(year, month))
            : null;
    }

    /// <summary>The part after.</summary>
    public Partition Next => Name.Contains("_w", StringComparison.Ordinal) ? OfWeek(Table, (int)End) : Start == Month.Last.Start ? this : Of(Table, Month.Of(End));

    /// <summary>The statement that makes a table of that name part of the whole.</summary>
    public string AttachSql => string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE {Table} ATTACH PARTITION {Name} FOR VALUES FROM ({Start}) TO ({End})");
}
