using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Alternate keys keep the limits of the index behind them.</summary>
static class KeyDefinitions
{
    const int MaxKeys = 10;
    const int MaxColumns = 16;
    const int MaxBytes = 900;

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Entities.SelectMany(e => Keys(subject, e.Table, TableReader.Definition(e.Entity).Element("EntityKeys")));

    static IEnumerable<Finding> Keys(LintSubject subject, string table, XElement? keys)
    {
        if (keys is null) yield break;
        if (keys.Elements("EntityKey").Count() > MaxKeys) yield return LintSubject.At(keys, "key-size", $"a table has at most {MaxKeys} keys.");
        foreach (XElement key in keys.Elements("EntityKey"))
        {
            List<XElement> columns = key.Descendants("AttributeName").ToList();
            if (columns.Count is 0 or > MaxColumns) yield return LintSubject.At(key, "key-size", $"a key has 1 to {MaxColumns} columns.");
            int bytes = 0;
            foreach (XElement name in columns)
            {
                foreach (Finding finding in subject.NeedColumn(table, name.Value, name)) yield return finding;
                if (subject.Column(table, name.Value) is not { } column) continue;
                if (Bytes(column) is { } size) bytes += size;
                else
                {
                    yield return LintSubject.At(
                        name, "key-type", $"{column.Name} is of type {column.Type}; a key takes text, whole and decimal numbers, dates, lookups and choices.");
                }
            }
            if (bytes > MaxBytes)
            {
                yield return LintSubject.At(key, "key-size", $"takes {bytes} bytes; an index takes {MaxBytes}. Shorten the text columns or leave one out.");
            }
        }
    }

    // Sizes of SQL Server's types.
    static int? Bytes(Column column) => column.Type switch
    {
        ColumnType.String => 2 * (column.MaxLength ?? 0),
        ColumnType.Int or ColumnType.Choice => 4,
        ColumnType.DateTime => 8,
        ColumnType.Decimal => 13,
        ColumnType.Lookup or ColumnType.Customer => 16,
        _ => null,
    };
}
