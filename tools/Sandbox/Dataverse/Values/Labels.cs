using System;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Values;

/// <summary>Values as people read them: the <c>FormattedValue</c> annotation, in the language and formats of an English organisation.</summary>
internal static class Labels
{
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>The label; null where the platform gives none (plain text, ids).</summary>
    public static string? Of(RowStore store, TableInfo table, Column column, object? value)
    {
        if (column.Name == SystemColumns.Version) return value is long version ? version.ToString("N0", English) : null;
        return value switch
        {
            null => null,
            Lookup lookup => NameOf(store, lookup),
            int number when column.Options.Count > 0 => column.Options.FirstOrDefault(o => o.Value == number)?.Label,
            bool truth => column.Options.FirstOrDefault(o => o.Value == (truth ? 1 : 0))?.Label ?? (truth ? "Yes" : "No"),
            int number => number.ToString("N0", English),
            long number => number.ToString("N0", English),
            decimal number when column.Type == ColumnType.Money => number.ToString("C" + Places(column, 2), English),
            decimal number => number.ToString("N" + Places(column, 2), English),
            double number => number.ToString("N" + Places(column, 2), English),
            DateTime time => column.DateBehavior == DateBehavior.DateOnly ? time.ToString("d", English) : time.ToString("M/d/yyyy h:mm tt", English),
            string text when column.Type == ColumnType.MultiChoice => string.Join("; ", text.Split(',').Select(p =>
                column.Options.FirstOrDefault(o => o.Value.ToString(CultureInfo.InvariantCulture) == p)?.Label ?? p)),
            string text when column.Type == ColumnType.EntityName => store.Schema.Find(text)?.Definition.Label ?? text,
            _ => null,
        };
    }

    /// <summary>The name of the row a lookup points to; null when it has none, or is gone.</summary>
    public static string? NameOf(RowStore store, Lookup lookup)
    {
        TableInfo? target = store.Schema.Find(lookup.Table);
        return target?.PrimaryName is { } name ? store.Find(lookup.Table, lookup.Id)?.Text(name) : null;
    }

    static string Places(Column column, int standard) => (column.Precision ?? standard).ToString(CultureInfo.InvariantCulture);
}
