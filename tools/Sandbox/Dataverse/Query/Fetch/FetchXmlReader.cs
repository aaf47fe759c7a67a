using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>Reads FetchXML. Source of the language: Microsoft's "FetchXml reference".</summary>
internal sealed class FetchXmlReader(OrgSchema schema)
{
    static readonly FrozenDictionary<string, ConditionOperator> Tokens = FetchOperators.Tokens;
    readonly Dictionary<string, TableInfo> tableByAlias = new(StringComparer.Ordinal);
    int linkNumber;

    public FetchQuery Read(string xml)
    {
        XElement fetch;
        try
        {
            fetch = XDocument.Parse(xml).Root!;
        }
        catch (XmlException e)
        {
            throw new DataverseException(400, "0x80041113", "Invalid Xml. " + e.Message);
        }
        if (fetch.Name.LocalName != "fetch" || fetch.Element("entity") is not { } entity)
            throw Failure.BadQuery("FetchXML begins with <fetch><entity name='…'>.");
        TableInfo table = TableOf(entity);
        bool aggregate = Flag(fetch, "aggregate");
        // Aliases first: a filter may name a link that stands below it.
        Name(entity);
        List<FetchLink> links = [.. entity.Elements("link-entity").Select(l => Link(l, table))];
        return new FetchQuery
        {
            Table = table,
            Columns = Columns(entity, table),
            Filter = Filters(entity, table, null),
            Links = links,
            Orders = [.. Orders(entity, table, null)],
            Top = Number(fetch, "top"),
            PageSize = Number(fetch, "count"),
            Page = Number(fetch, "page") ?? 1,
            Distinct = Flag(fetch, "distinct"),
            IsAggregate = aggregate,
            CountsAll = Flag(fetch, "returntotalrecordcount"),
        };
    }

    void Name(XElement parent)
    {
        foreach (XElement link in parent.Descendants("link-entity"))
        {
            if (link.Attribute("alias") is null)
                link.SetAttributeValue("alias", TableOf(link).LogicalName + (++linkNumber).ToString(CultureInfo.InvariantCulture));
            tableByAlias[link.Attribute("alias")!.Value] = TableOf(link);
        }
    }

    FetchLink Link(XElement link, TableInfo parent)
    {
        TableInfo table = TableOf(link);
        string alias = link.Attribute("alias")!.Value;
        return new FetchLink
        {
            Table = table,
            From = ColumnOf(table, link.Attribute("from")?.Value ?? table.PrimaryId),
            To = ColumnOf(parent, link.Attribute("to")?.Value ?? parent.PrimaryId),
            Alias = alias,
            Join = link.Attribute("link-type")?.Value switch
            {
                null or "inner" or "natural" => FetchJoin.Inner,
                "outer" or "matchfirstrowusingcrossapply" => FetchJoin.Outer,
                "exists" or "in" or "any" or "not all" => FetchJoin.Exists,
                "not any" => FetchJoin.None,
                string other => throw Failure.BadQuery($"The link-type '{other}' is not supported."),
            },
            Columns = Columns(link, table),
            Filter = Filters(link, table, alias),
            Links = [.. link.Elements("link-entity").Select(l => Link(l, table))],
        };
    }

    static List<FetchColumn>? Columns(XElement element, TableInfo table)
    {
        if (element.Element("all-attributes") is not null) return null;
        return [.. element.Elements("attribute").Select(a => new FetchColumn(ColumnOf(table, a.Attribute("name")?.Value ?? ""), a.Attribute("alias")?.Value)
        {
            Method = a.Attribute("aggregate")?.Value switch
            {
                null => null,
                "count" => AggregateMethod.Count,
                "countcolumn" => Flag(a, "distinct") ? AggregateMethod.CountDistinct : AggregateMethod.CountColumn,
                "sum" => AggregateMethod.Sum,
                "avg" => AggregateMethod.Average,
                "min" => AggregateMethod.Min,
                "max" => AggregateMethod.Max,
                string other => throw Failure.BadQuery($"The aggregate '{other}' is not supported."),
            },
            GroupsBy = Flag(a, "groupby"),
            DatePart = a.Attribute("dategrouping")?.Value,
        })];
    }

    IEnumerable<FetchOrder> Orders(XElement element, TableInfo table, string? alias)
    {
        foreach (XElement order in element.Elements("order"))
        {
            bool descending = Flag(order, "descending");
            if (order.Attribute("alias") is { } named) yield return new FetchOrder(null, named.Value, descending);
            else if (order.Attribute("attribute") is { } attribute)
            {
                string? of = order.Attribute("entityname")?.Value ?? alias;
                TableInfo owner = of is not null && tableByAlias.TryGetValue(of, out TableInfo? linked) ? linked : table;
                yield return new FetchOrder(new ColumnPath(of, [], owner, ColumnOf(owner, attribute.Value)), null, descending);
            }
        }
        foreach (XElement link in element.Elements("link-entity"))
            foreach (FetchOrder order in Orders(link, TableOf(link), link.Attribute("alias")!.Value)) yield return order;
    }

    Condition? Filters(XElement element, TableInfo table, string? alias)
    {
        List<Condition> all = [.. element.Elements("filter").Select(f => Filter(f, table, alias)).OfType<Condition>()];
        return all.Count switch { 0 => null, 1 => all[0], _ => new AllOf(all) };
    }

    Condition? Filter(XElement filter, TableInfo table, string? alias)
    {
        List<Condition> parts = [.. filter.Elements().Select(e => e.Name.LocalName switch
        {
            "condition" => Condition(e, table, alias),
            "filter" => Filter(e, table, alias),
            "link-entity" => Join(e, table, alias),
            _ => throw Failure.BadQuery($"A filter holds conditions and filters; '{e.Name.LocalName}' is neither."),
        }).OfType<Condition>()];
        if (parts.Count == 0) return null;
        return filter.Attribute("type")?.Value == "or" ? new AnyOf(parts) : new AllOf(parts);
    }

    // A link-entity inside a filter asks about related rows and joins none.
    JoinTest Join(XElement link, TableInfo parent, string? alias)
    {
        TableInfo table = TableOf(link);
        List<Condition> inner = [.. link.Elements("link-entity").Select(l => Join(l, table, null))];
        if (Filters(link, table, null) is { } filter) inner.Add(filter);
        return new JoinTest(
            alias,
            ColumnOf(parent, link.Attribute("to")?.Value ?? parent.PrimaryId),
            table,
            ColumnOf(table, link.Attribute("from")?.Value ?? table.PrimaryId),
            inner.Count switch { 0 => null, 1 => inner[0], _ => new AllOf(inner) },
            link.Attribute("link-type")?.Value switch
            {
                "any" or "not all" or "exists" or "in" or "inner" or null => JoinMatch.Any,
                "not any" => JoinMatch.NotAny,
                "all" => JoinMatch.SomeButNoneFulfil,
                string other => throw Failure.BadQuery($"The link-type '{other}' is not supported inside a filter."),
            });
    }

    Condition Condition(XElement condition, TableInfo table, string? alias)
    {
        string? of = condition.Attribute("entityname")?.Value ?? alias;
        TableInfo owner = of is not null && tableByAlias.TryGetValue(of, out TableInfo? linked) ? linked : table;
        Column column = ColumnOf(owner, condition.Attribute("attribute")?.Value ?? "");
        string token = condition.Attribute("operator")?.Value ?? "";
        if (!Tokens.TryGetValue(token, out ConditionOperator test)) throw Failure.BadQuery($"The condition operator '{token}' is not supported.");
        var path = new ColumnPath(of, [], owner, column);
        if (condition.Attribute("valueof") is { } other) return new ColumnComparison(path, test, new ColumnPath(of, [], owner, ColumnOf(owner, other.Value)));
        List<string> texts = [.. condition.Elements("value").Select(v => v.Value)];
        if (texts.Count == 0 && condition.Attribute("value") is { } value) texts.Add(value.Value);
        bool raw = DateSpans.Of(test, 1, DateTime.UnixEpoch.AddYears(60)) is not null
            || test is ConditionOperator.ContainValues or ConditionOperator.DoesNotContainValues;
        return new ColumnTest(path, test, [.. texts.Select(t => raw ? t : ValueOrder.ForColumn(column, t))]);
    }

    TableInfo TableOf(XElement element)
    {
        string name = element.Attribute("name")?.Value ?? "";
        return schema.Find(name)
            ?? throw new DataverseException(400, ErrorCodes.NoEntity, $"The entity with a name = '{name}' was not found in the MetadataCache.");
    }

    static Column ColumnOf(TableInfo table, string name) => table.Columns.TryGetValue(name, out Column? column) ? column
        : throw new DataverseException(
            400, ErrorCodes.NoAttribute, $"'{table.LogicalName}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'.");

    static bool Flag(XElement element, string name) => element.Attribute(name)?.Value is "true" or "1";

    static int? Number(XElement element, string name) =>
        int.TryParse(element.Attribute(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
