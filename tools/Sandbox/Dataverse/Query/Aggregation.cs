using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>How values of a group become one.</summary>
internal enum AggregateMethod
{
    Count,
    CountColumn,
    CountDistinct,
    Sum,
    Average,
    Min,
    Max,
}

/// <summary>An aggregate under a name; <paramref name="Value"/> is null when rows are counted.</summary>
internal sealed record Aggregate<TScope>(string Alias, AggregateMethod Method, Func<TScope, object?>? Value);

/// <summary>A value that groups, under a name.</summary>
internal sealed record Grouping<TScope>(string Alias, Func<TScope, object?> Value);

/// <summary>Groups and aggregates. The platform refuses to do so over more than 50,000 rows.</summary>
internal static class Aggregation
{
    public const int MaxRows = 50_000;

    /// <summary>One list of names and values for each group, in the order the groups were first met.</summary>
    public static List<RowValues> Run<TScope>(IEnumerable<TScope> rows, IReadOnlyList<Grouping<TScope>> groupings, IReadOnlyList<Aggregate<TScope>> aggregates)
    {
        var groups = new Dictionary<string, (object?[] Keys, List<TScope> Rows)>(StringComparer.OrdinalIgnoreCase);
        int count = 0;
        foreach (TScope row in rows)
        {
            if (++count > MaxRows)
                throw new DataverseException(
                    400, "0x8004e023", "The maximum record limit is exceeded. Reduce the number of records. (AggregateQueryRecordLimit, 50000)");
            object?[] keys = [.. groupings.Select(g => g.Value(row))];
            string text = string.Join(
                '\u001f', keys.Select(k => k is null ? "\u001e" : Convert.ToString(k is Lookup l ? l.Id : k, CultureInfo.InvariantCulture)));
            if (!groups.TryGetValue(text, out var group)) groups.Add(text, group = (keys, []));
            group.Rows.Add(row);
        }
        if (groups.Count == 0 && groupings.Count == 0) groups.Add("", ([], []));
        return [.. groups.Values.Select(g => One(g.Keys, g.Rows, groupings, aggregates))];
    }

    static RowValues One<TScope>(object?[] keys, List<TScope> rows, IReadOnlyList<Grouping<TScope>> groupings, IReadOnlyList<Aggregate<TScope>> aggregates)
    {
        var result = new RowValues();
        for (int i = 0; i < groupings.Count; i++) result[groupings[i].Alias] = keys[i];
        foreach (Aggregate<TScope> aggregate in aggregates)
        {
            List<object> values = aggregate.Value is null ? [] : [.. rows.Select(aggregate.Value).OfType<object>()];
            result[aggregate.Alias] = aggregate.Method switch
            {
                AggregateMethod.Count => rows.Count,
                AggregateMethod.CountColumn => values.Count,
                AggregateMethod.CountDistinct => values.Select(v => v is string text ? text.ToUpperInvariant() : v).Distinct().Count(),
                AggregateMethod.Min => values.Order(ValueOrder.Instance).FirstOrDefault(),
                AggregateMethod.Max => values.OrderDescending(ValueOrder.Instance).FirstOrDefault(),
                AggregateMethod.Sum => values.Count == 0 ? null : Sum(values),
                _ => values.Count == 0 ? null : Average(values),
            };
        }
        return result;
    }

    static object Sum(List<object> values) => values.Exists(v => v is double)
        ? values.Sum(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))
        : values.TrueForAll(v => v is int or long) ? values.Sum(v => Convert.ToInt64(v, CultureInfo.InvariantCulture))
            : values.Sum(v => Convert.ToDecimal(v, CultureInfo.InvariantCulture));

    static object Average(List<object> values) => values.Exists(v => v is double)
        ? values.Average(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))
        : values.Average(v => Convert.ToDecimal(v, CultureInfo.InvariantCulture));
}
