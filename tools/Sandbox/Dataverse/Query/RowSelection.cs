using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>Finds the rows of one table that fulfil a condition and that the caller may read, in order.</summary>
internal static class RowSelection
{
    /// <summary>All matching rows, unordered.</summary>
    public static IEnumerable<Row> Matching(RowStore store, Caller caller, TableInfo table, Condition? condition)
    {
        Func<Row, bool>? readable = Access.Readable(caller, table);
        IEnumerable<Row> rows = Candidates(store, table, condition) ?? store.All(table);
        if (readable is not null) rows = rows.Where(readable);
        if (condition is null) return rows;
        return rows.Where(new ConditionCompiler<Row>(store, caller, store.Clock.UtcNow, static _ => static r => r).Compile(condition));
    }

    /// <summary>The matching rows in order, at most <paramref name="top"/> of them.</summary>
    public static List<Row> Ordered(RowStore store, Caller caller, TableInfo table, Condition? condition, IReadOnlyList<RowOrder> orders, int? top)
    {
        IEnumerable<Row> rows = Matching(store, caller, table, condition);
        if (orders.Count == 0 && top is null)
        {
            List<Row> all = [.. rows];
            all.Sort(static (a, b) => a.Id.CompareTo(b.Id));
            return all;
        }
        var compiler = new ConditionCompiler<Row>(store, caller, store.Clock.UtcNow, static _ => static r => r);
        Func<Row, object?>[] keys = [.. orders.Select(o => compiler.Value(o.Path))];
        var order = new KeyedOrder([.. orders.Select(o => o.Descending)]);
        (object?[] Keys, Guid Id) KeyOf(Row row) => (Array.ConvertAll(keys, k => k(row)), row.Id);
        if (top is { } most) return First(rows, most, KeyOf, order);
        return keys.Length == 1 ? RowSorting.By(rows, keys[0], orders[0].Descending)
            : [.. rows.Select(r => (Key: KeyOf(r), Row: r)).OrderBy(r => r.Key, order).Select(r => r.Row)];
    }

    // Keeps only the best seen so far: a page of a million rows needs no sorting of them all.
    static List<Row> First(IEnumerable<Row> rows, int count, Func<Row, (object?[] Keys, Guid Id)> keyOf, KeyedOrder order)
    {
        if (count <= 0) return [];
        var worstFirst = new PriorityQueue<Row, (object?[] Keys, Guid Id)>(Comparer<(object?[] Keys, Guid Id)>.Create((a, b) => order.Compare(b, a)));
        foreach (Row row in rows)
        {
            if (worstFirst.Count < count) worstFirst.Enqueue(row, keyOf(row));
            else worstFirst.EnqueueDequeue(row, keyOf(row));
        }
        var best = new List<Row>(worstFirst.Count);
        while (worstFirst.TryDequeue(out Row? row, out _)) best.Add(row);
        best.Reverse();
        return best;
    }

    // An equality that every row must fulfil, answered by an index; null when the table has to be walked.
    static IEnumerable<Row>? Candidates(RowStore store, TableInfo table, Condition? condition)
    {
        IEnumerable<Condition> parts = condition switch { null => [], AllOf all => Flatten(all), _ => [condition] };
        foreach (ColumnTest test in parts.OfType<ColumnTest>().Where(t => t.Path.IsOwn).OrderByDescending(t => t.Path.Column.Name == table.PrimaryId)
            .ThenByDescending(t => t.Path.Column.IsLookup))
        {
            if (test.Operator == ConditionOperator.Equal && test.Values is [{ } value] && store.FindEqual(table, test.Path.Column.Name, value) is { } found)
                return found;
            if (test.Operator == ConditionOperator.In && test.Values.Count <= 2000 && test.Values.All(v => v is Guid or string)
                && Several(store, table, test) is { } several) return several;
        }
        foreach (ColumnTest test in parts.OfType<ColumnTest>().Where(t => t.Path is { Alias: null, Hops.Count: 1 } && t.Operator == ConditionOperator.Equal))
            if (test.Values is [{ } value] && OverLookup(store, table, test.Path, value) is { } found) return found;
        return null;
    }

    // contact/emailaddress1 eq 'x': the contacts first, by their index, then the rows that name one of them.
    static List<Row>? OverLookup(RowStore store, TableInfo table, ColumnPath path, object value)
    {
        Navigation hop = path.Hops[0];
        if (store.FindEqual(store.Schema[hop.Target], path.Column.Name, value) is not { } targets) return null;
        var rows = new List<Row>();
        foreach (Row target in targets)
        {
            if (store.FindEqual(table, hop.Column, new Lookup(target.Table, target.Id)) is not { } found) return null;
            rows.AddRange(found);
        }
        return rows;
    }

    static List<Row>? Several(RowStore store, TableInfo table, ColumnTest test)
    {
        var rows = new Dictionary<Guid, Row>();
        foreach (object? value in test.Values)
        {
            if (store.FindEqual(table, test.Path.Column.Name, value!) is not { } found) return null;
            foreach (Row row in found) rows[row.Id] = row;
        }
        return [.. rows.Values];
    }

    static IEnumerable<Condition> Flatten(AllOf all) => all.Parts.SelectMany(p => p is AllOf inner ? Flatten(inner) : [p]);
}
