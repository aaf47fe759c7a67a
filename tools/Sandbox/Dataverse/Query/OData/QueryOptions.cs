using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.OData;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>The system query options of a request, parsed against the organisation's model.</summary>
internal sealed class QueryOptions
{
    const int MaxExpansions = 15;

    QueryOptions(Projection projection) => Projection = projection;

    public Projection Projection { get; }

    public Condition? Filter { get; private init; }

    public IReadOnlyList<RowOrder> Orders { get; private init; } = [];

    public int? Top { get; private init; }

    public bool Count { get; private init; }

    public ApplyClause? Apply { get; private init; }

    /// <summary>Parses; <paramref name="options"/> holds the options with their <c>$</c>.</summary>
    public static QueryOptions Parse(OrgSchema schema, TableInfo table, IReadOnlyDictionary<string, string> options)
    {
        if (options.ContainsKey("$skip")) throw Failure.BadQuery("The query parameter $skip is not supported; follow @odata.nextLink.");
        if (options.Keys.FirstOrDefault(o => o.StartsWith('$') && !Known.Contains(o)) is { } unknown)
            throw Failure.BadQuery($"The query parameter {unknown} is not supported.");
        OrgModel model = OrgModel.Of(schema);
        try
        {
            var parser = new ODataQueryOptionParser(model.Model, model.TypeOf(table), model.SetOf(table),
                options.Where(o => Parsed.Contains(o.Key) || o.Key.StartsWith('@')).ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal));
            var filters = new FilterTranslator(schema, table, parser.ParameterAliasNodes);
            int expansions = 0;
            return new QueryOptions(Project(schema, table, parser.ParseSelectAndExpand(), ref expansions, isNested: false))
            {
                Filter = parser.ParseFilter() is { } filter ? filters.Translate(filter.Expression) : null,
                Orders = Order(filters, parser.ParseOrderBy()),
                Top = Number(parser.ParseTop()),
                Count = parser.ParseCount() ?? false,
                Apply = parser.ParseApply(),
            };
        }
        catch (ODataException e)
        {
            throw Failure.BadQuery(e.Message);
        }
    }

    static readonly string[] Parsed = ["$select", "$expand", "$filter", "$orderby", "$top", "$count", "$apply"];
    static readonly string[] Known = [.. Parsed, "$skiptoken", "$deltatoken", "$id", "$format"];

    static int? Number(long? value) => value is null ? null : (int)Math.Min(value.Value, int.MaxValue);

    static Projection Project(OrgSchema schema, TableInfo table, SelectExpandClause? clause, ref int expansions, bool isNested)
    {
        if (clause is null) return new Projection(table, null, []);
        var columns = new List<Column>();
        var expanded = new List<Expansion>();
        bool selects = false;
        foreach (SelectItem item in clause.SelectedItems)
        {
            switch (item)
            {
                case PathSelectItem path:
                    selects = true;
                    if (Selected(table, path) is { } column && !columns.Contains(column)) columns.Add(column);
                    break;
                case WildcardSelectItem:
                    selects = true;
                    columns = [.. table.AllColumns];
                    break;
                case ExpandedReferenceSelectItem expand:
                    if (++expansions > MaxExpansions) throw Failure.BadQuery($"No more than {MaxExpansions} $expand options are allowed in a query.");
                    expanded.Add(Expand(schema, table, expand, ref expansions, isNested));
                    break;
            }
        }
        return new Projection(table, selects ? columns : null, expanded);
    }

    static Column? Selected(TableInfo table, PathSelectItem path) => path.SelectedPath.LastSegment switch
    {
        PropertySegment property => table.FindColumn(property.Property.Name),
        NavigationPropertySegment navigation when table.Navigations[navigation.NavigationProperty.Name] is { IsSingle: true } single =>
            table.Columns[single.Column],
        _ => null,
    };

    static Expansion Expand(OrgSchema schema, TableInfo table, ExpandedReferenceSelectItem item, ref int expansions, bool isNested)
    {
        if (item.SkipOption is not null || item.CountOption is not null || item.LevelsOption())
            throw Failure.BadQuery("$expand takes $select, $filter, $orderby, $top and $expand only.");
        Navigation navigation = table.Navigations[((NavigationPropertySegment)item.PathToNavigationProperty.LastSegment).NavigationProperty.Name];
        if (isNested && navigation.Kind == NavigationKind.ManyToMany)
            throw Failure.BadQuery($"The many-to-many navigation property '{navigation.Name}' cannot be expanded inside another $expand.");
        if (isNested && !navigation.IsSingle && (item.TopOption is not null || item.OrderByOption is not null))
            throw Failure.BadQuery("$top and $orderby are not supported in an $expand inside another one.");
        TableInfo target = schema[navigation.Target];
        var filters = new FilterTranslator(schema, target);
        var full = item as ExpandedNavigationSelectItem;
        return new Expansion(
            navigation,
            Project(schema, target, full?.SelectAndExpand, ref expansions, isNested: true),
            item.FilterOption is { } filter ? filters.Translate(filter.Expression) : null,
            Order(filters, item.OrderByOption),
            Number(item.TopOption),
            ReferencesOnly: full is null,
            IsPaged: isNested && !navigation.IsSingle && item.FilterOption is null);
    }

    static List<RowOrder> Order(FilterTranslator filters, OrderByClause? clause)
    {
        var orders = new List<RowOrder>();
        for (; clause is not null; clause = clause.ThenBy) orders.Add(
            new RowOrder(filters.PathOf(clause.Expression), clause.Direction == OrderByDirection.Descending));
        return orders;
    }
}

file static class ExpandOptions
{
    public static bool LevelsOption(this ExpandedReferenceSelectItem item) => item is ExpandedNavigationSelectItem { LevelsOption: not null };
}
