using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>Runs a query with joins.</summary>
internal sealed class FetchRun
{
    readonly RowStore store;
    readonly Caller caller;
    readonly FetchQuery query;
    readonly Dictionary<string, int> numberByAlias = new(StringComparer.Ordinal);
    readonly ConditionCompiler<JoinedRow> compiler;

    public FetchRun(RowStore store, Caller caller, FetchQuery query)
    {
        this.store = store;
        this.caller = caller;
        this.query = query;
        Number(query.Links);
        compiler = new ConditionCompiler<JoinedRow>(store, caller, store.Clock.UtcNow, alias =>
        {
            int number = NumberOf(alias);
            return row => row[number];
        });
    }

    /// <summary>The number of a joined table by its alias; 0 for the first.</summary>
    public int NumberOf(string? alias) => alias is null ? 0
        : numberByAlias.TryGetValue(alias, out int number) ? number : throw Failure.BadQuery($"No link-entity has the alias '{alias}'.");

    /// <summary>All rows, joined and in order; pages are cut by the caller.</summary>
    public List<JoinedRow> Rows()
    {
        Condition? own = query.Filter is { } filter && IsOwn(filter) ? filter : null;
        IEnumerable<JoinedRow> rows = RowSelection.Matching(store, caller, query.Table, own).Select(r => new JoinedRow(r, numberByAlias.Count + 1));
        foreach (FetchLink link in query.Links) rows = Join(rows, link, 0);
        if (query.Filter is not null && own is null) rows = rows.Where(compiler.Compile(query.Filter));
        List<JoinedRow> all = [.. rows];
        if (query.Distinct) all = [.. all.DistinctBy(DistinctKey, StringComparer.Ordinal)];
        List<FetchOrder> orders = [.. query.Orders.Where(o => o.Path is not null)];
        Func<JoinedRow, object?>[] keys = [.. orders.Select(o => compiler.Value(o.Path!))];
        var order = new KeyedOrder([.. orders.Select(o => o.Descending)]);
        all = [.. all.Select(r => (Key: (Array.ConvertAll(keys, k => k(r)), r.First.Id), Row: r)).OrderBy(r => r.Key, order).Select(r => r.Row)];
        return query.Top is { } top && all.Count > top ? all[..top] : all;
    }

    /// <summary>The groups of an aggregate query, in order.</summary>
    public List<RowValues> Groups()
    {
        List<(FetchColumn Column, string? Alias)> columns = [.. Columns(query.Columns, null), .. query.Links.SelectMany(Columns)];
        var groupings = columns.Where(c => c.Column.GroupsBy)
            .Select(c => new Grouping<JoinedRow>(c.Column.Alias ?? c.Column.Column.Name, Part(Value(c), c.Column.DatePart))).ToList();
        var aggregates = columns.Where(c => c.Column.Method is not null)
            .Select(c => new Aggregate<JoinedRow>(c.Column.Alias ?? c.Column.Column.Name, c.Column.Method!.Value, Value(c))).ToList();
        List<JoinedRow> rows = new FetchRun(store, caller, query with { Orders = [], Top = null }).Rows();
        List<RowValues> groups = Aggregation.Run(rows, groupings, aggregates);
        foreach (FetchOrder order in query.Orders.Reverse())
            if (order.Alias is { } alias)
                groups = [.. order.Descending ? groups.OrderByDescending(g => g.Value(alias), ValueOrder.Instance)
                    : groups.OrderBy(g => g.Value(alias), ValueOrder.Instance)];
        return query.Top is { } top && groups.Count > top ? groups[..top] : groups;
    }

    Func<JoinedRow, object?> Value((FetchColumn Column, string? Alias) c)
    {
        int number = NumberOf(c.Alias);
        string name = c.Column.Column.Name;
        return r => r[number]?[name];
    }

    static IEnumerable<(FetchColumn Column, string? Alias)> Columns(FetchLink link) => Columns(link.Columns, link.Alias).Concat(link.Links.SelectMany(Columns));

    static IEnumerable<(FetchColumn Column, string? Alias)> Columns(IReadOnlyList<FetchColumn>? columns, string? alias) =>
        (columns ?? []).Select(c => (c, alias));

    static Func<JoinedRow, object?> Part(Func<JoinedRow, object?> value, string? part) => part switch
    {
        null => value,
        "day" => r => (value(r) as DateTime?)?.Day,
        "week" => r => value(r) is DateTime t ? ISOWeek.GetWeekOfYear(t) : null,
        "month" => r => (value(r) as DateTime?)?.Month,
        "quarter" => r => value(r) is DateTime t ? (t.Month + 2) / 3 : null,
        "year" => r => (value(r) as DateTime?)?.Year,
        _ => throw Failure.BadQuery($"The dategrouping '{part}' is not supported."),
    };

    IEnumerable<JoinedRow> Join(IEnumerable<JoinedRow> rows, FetchLink link, int parent)
    {
        int number = numberByAlias[link.Alias];
        Func<Row, bool>? readable = Access.Readable(caller, link.Table);
        Func<JoinedRow, bool>? filter = link.Filter is null ? null : compiler.Compile(link.Filter);
        foreach (JoinedRow row in rows)
        {
            IEnumerable<JoinedRow> matches = ConditionCompiler<JoinedRow>.Matches(store, row[parent]?[link.To.Name], link.Table, link.From).Where(m => readable is null || readable(m)).Select(m => row.With(number, m));
            if (filter is not null) matches = matches.Where(filter);
            foreach (FetchLink inner in link.Links) matches = Join(matches, inner, number);
            switch (link.Join)
            {
                case FetchJoin.Exists:
                    if (matches.Any()) yield return row;
                    break;
                case FetchJoin.None:
                    if (!matches.Any()) yield return row;
                    break;
                default:
                    bool any = false;
                    foreach (JoinedRow match in matches)
                    {
                        any = true;
                        yield return match;
                    }
                    if (!any && link.Join == FetchJoin.Outer) yield return row;
                    break;
            }
        }
    }

    void Number(IReadOnlyList<FetchLink> links)
    {
        foreach (FetchLink link in links)
        {
            if (!numberByAlias.TryAdd(link.Alias, numberByAlias.Count + 1)) throw Failure.BadQuery($"The alias '{link.Alias}' is used twice.");
            Number(link.Links);
        }
    }

    string DistinctKey(JoinedRow row)
    {
        IEnumerable<object?> Values(IReadOnlyList<FetchColumn>? columns, TableInfo table, int number) =>
            (columns?.Select(c => c.Column) ?? table.AllColumns).Select(c => row[number]?[c.Name]);
        IEnumerable<object?> Linked(FetchLink link) => Values(link.Columns, link.Table, numberByAlias[link.Alias]).Concat(link.Links.SelectMany(Linked));
        return string.Join('\u001f',
            Values(query.Columns, query.Table, 0).Concat(query.Links.SelectMany(Linked)).Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
    }

    static bool IsOwn(Condition condition) => condition switch
    {
        AllOf all => all.Parts.All(IsOwn),
        AnyOf any => any.Parts.All(IsOwn),
        Negation negation => IsOwn(negation.Part),
        ColumnTest test => test.Path.Alias is null,
        JoinTest join => join.Alias is null,
        ColumnComparison comparison => comparison.Left.Alias is null && comparison.Right.Alias is null,
        _ => true,
    };
}
