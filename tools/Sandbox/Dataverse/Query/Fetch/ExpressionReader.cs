using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>Reads the query expressions of the organization service.</summary>
internal sealed class ExpressionReader(OrgSchema schema)
{
    readonly Dictionary<string, TableInfo> tableByAlias = new(StringComparer.Ordinal);
    readonly Dictionary<LinkEntity, string> aliases = [];

    public FetchQuery Read(QueryBase query) => query switch
    {
        FetchExpression fetch => new FetchXmlReader(schema).Read(fetch.Query),
        QueryByAttribute byAttribute => Read(byAttribute),
        QueryExpression expression => Read(expression),
        _ => throw Failure.InvalidArgument($"A query of type {query.GetType().Name} is not supported."),
    };

    FetchQuery Read(QueryByAttribute query)
    {
        TableInfo table = TableOf(query.EntityName);
        var tests = new List<Condition>();
        for (int i = 0; i < query.Attributes.Count; i++)
            tests.Add(Test(table, null,
                new ConditionExpression(query.Attributes[i], ConditionOperator.Equal, i < query.Values.Count ? query.Values[i] : null)));
        return Paged(new FetchQuery
        {
            Table = table,
            Columns = Columns(table, query.ColumnSet),
            Filter = tests.Count == 0 ? null : new AllOf(tests),
            Orders = [.. query.Orders.Select(o => Order(table, null, o))],
            Top = query.TopCount,
        }, query.PageInfo);
    }

    FetchQuery Read(QueryExpression query)
    {
        TableInfo table = TableOf(query.EntityName);
        Name(query.LinkEntities);
        List<FetchLink> links = [.. query.LinkEntities.Select(l => Link(table, l))];
        return Paged(new FetchQuery
        {
            Table = table,
            Columns = Columns(table, query.ColumnSet),
            Filter = Filter(table, null, query.Criteria),
            Links = links,
            Orders = [.. query.Orders.Select(o => Order(table, null, o)), .. query.LinkEntities.SelectMany(LinkOrders)],
            Top = query.TopCount,
            Distinct = query.Distinct,
        }, query.PageInfo);
    }

    static FetchQuery Paged(FetchQuery query, PagingInfo? paging) => paging is { Count: > 0 }
        ? query with { PageSize = paging.Count, Page = Math.Max(1, paging.PageNumber), CountsAll = paging.ReturnTotalRecordCount }
        : query with { CountsAll = paging?.ReturnTotalRecordCount ?? false };

    void Name(IEnumerable<LinkEntity> links)
    {
        foreach (LinkEntity link in links)
        {
            string alias = string.IsNullOrEmpty(link.EntityAlias) ? link.LinkToEntityName + (aliases.Count + 1).ToString(CultureInfo.InvariantCulture)
                : link.EntityAlias;
            aliases[link] = alias;
            tableByAlias[alias] = TableOf(link.LinkToEntityName);
            // A condition may name the joined table by its own name when it is joined once.
            tableByAlias.TryAdd(link.LinkToEntityName, tableByAlias[alias]);
            Name(link.LinkEntities);
        }
    }

    FetchLink Link(TableInfo parent, LinkEntity link)
    {
        TableInfo table = TableOf(link.LinkToEntityName);
        string alias = aliases[link];
        return new FetchLink
        {
            Table = table,
            From = ColumnOf(table, link.LinkToAttributeName),
            To = ColumnOf(parent, link.LinkFromAttributeName),
            Alias = alias,
            Join = link.JoinOperator switch
            {
                JoinOperator.Inner or JoinOperator.Natural => FetchJoin.Inner,
                JoinOperator.LeftOuter => FetchJoin.Outer,
                JoinOperator.NotAny => FetchJoin.None,
                _ => FetchJoin.Exists,
            },
            Columns = Columns(table, link.Columns),
            Filter = Filter(table, alias, link.LinkCriteria),
            Links = [.. link.LinkEntities.Select(l => Link(table, l))],
        };
    }

    IEnumerable<FetchOrder> LinkOrders(LinkEntity link) =>
        link.Orders.Select(o => Order(TableOf(link.LinkToEntityName), aliases[link], o)).Concat(link.LinkEntities.SelectMany(LinkOrders));

    static FetchOrder Order(TableInfo table, string? alias, OrderExpression order) =>
        new(new ColumnPath(alias, [], table, ColumnOf(table, order.AttributeName)), null, order.OrderType == OrderType.Descending);

    static List<FetchColumn>? Columns(TableInfo table, ColumnSet? columns) =>
        columns is null ? [] : columns.AllColumns ? null : [.. columns.Columns.Select(c => new FetchColumn(ColumnOf(table, c), null))];

    Condition? Filter(TableInfo table, string? alias, FilterExpression? filter)
    {
        if (filter is null) return null;
        List<Condition> parts =
            [.. filter.Conditions.Select(c => Test(table, alias, c)), .. filter.Filters.Select(f => Filter(table, alias, f)).OfType<Condition>()];
        if (parts.Count == 0) return null;
        return filter.FilterOperator == LogicalOperator.Or ? new AnyOf(parts) : new AllOf(parts);
    }

    ColumnTest Test(TableInfo table, string? alias, ConditionExpression condition)
    {
        if (!string.IsNullOrEmpty(condition.EntityName) && condition.EntityName != table.LogicalName
            && tableByAlias.TryGetValue(condition.EntityName, out TableInfo? named))
        {
            alias = aliases.ContainsValue(condition.EntityName) ? condition.EntityName
                : aliases.First(a => a.Key.LinkToEntityName == condition.EntityName).Value;
            table = named;
        }
        Column column = ColumnOf(table, condition.AttributeName);
        IEnumerable<object?> values = condition.Values.SelectMany(v => v is IEnumerable list and not string ? list.Cast<object?>() : [v]);
        return new ColumnTest(
            new ColumnPath(alias, [], table, column), condition.Operator, [.. values.Select(v => ValueOrder.ForColumn(column, EntityMapping.Plain(v)))]);
    }

    static Column ColumnOf(TableInfo table, string name) => table.Columns.TryGetValue(name ?? "", out Column? column) ? column
        : throw new DataverseException(
            400, ErrorCodes.NoAttribute, $"'{table.LogicalName}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'.");

    TableInfo TableOf(string name) =>
        schema.Find(name ?? "")
            ?? throw new DataverseException(400, ErrorCodes.NoEntity, $"The entity with a name = '{name}' was not found in the MetadataCache.");
}
