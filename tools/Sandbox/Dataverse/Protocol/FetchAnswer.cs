using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Query.Fetch;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Answers <c>GET /set?fetchXml=…</c>; joined columns come as <c>alias.column</c>.</summary>
internal sealed class FetchAnswer(RowStore store)
{
    public WebApiResponse Answer(WebApiRequest request, TableInfo table, string xml)
    {
        FetchQuery query = new FetchXmlReader(store.Schema).Read(xml);
        if (query.Table != table) throw Failure.BadQuery($"The fetch entity '{query.Table.LogicalName}' does not match the set '{table.SetName}'.");
        var run = new FetchRun(store, request.Call.Caller, query);
        if (query.IsAggregate) return Groups(request, query, run);
        List<JoinedRow> all = run.Rows();
        int size = Math.Min(query.PageSize ?? request.Preferences.PageSize ?? Preferences.MaxPage, Preferences.MaxPage), start = (query.Page - 1) * size;
        List<JoinedRow> page = start >= all.Count ? [] : all.GetRange(start, Math.Min(size, all.Count - start));
        bool more = start + page.Count < all.Count;
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", SetQuery.Context(request, new Projection(table, query.Columns?.Select(c => c.Column).ToList(), [])));
            if (query.CountsAll) json.WriteNumber("@Microsoft.Dynamics.CRM.totalrecordcount", Math.Min(all.Count, 5000));
            if (request.Preferences.Includes("Microsoft.Dynamics.CRM.morerecords")) json.WriteBoolean("@Microsoft.Dynamics.CRM.morerecords", more);
            if (more && request.Preferences.Includes("Microsoft.Dynamics.CRM.fetchxmlpagingcookie"))
                json.WriteString("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", new PageCookie(query.Page + 1, page[^1].First.Id, "", null).ToText());
            json.WriteStartArray("value");
            foreach (JoinedRow row in page) Write(json, rows, query, run, row);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static void Write(Utf8JsonWriter json, RowWriter rows, FetchQuery query, FetchRun run, JoinedRow row)
    {
        json.WriteStartObject();
        json.WriteString("@odata.etag", RowWriter.ETag(row.First));
        bool wroteId = false;
        foreach (FetchColumn column in query.Columns ?? [.. query.Table.AllColumns.Select(c => new FetchColumn(c, null))])
        {
            if (column.Column.Type == ColumnType.PartyList || !column.Column.Read) continue;
            wroteId |= column.Column.Name == query.Table.PrimaryId;
            // FetchXML leaves empty columns out.
            if (row.First[column.Column.Name] is { } value)
                rows.Value(json, query.Table, column.Column, column.Alias ?? TableInfo.WireName(column.Column), value);
        }
        if (!wroteId) json.WriteString(query.Table.PrimaryId, row.First.Id);
        foreach (FetchLink link in query.Links) WriteLink(json, rows, run, row, link);
        json.WriteEndObject();
    }

    static void WriteLink(Utf8JsonWriter json, RowWriter rows, FetchRun run, JoinedRow row, FetchLink link)
    {
        if (row[run.NumberOf(link.Alias)] is { } joined)
            foreach (FetchColumn column in link.Columns ?? [.. link.Table.AllColumns.Select(c => new FetchColumn(c, null))])
                if (column.Column.Type != ColumnType.PartyList && joined[column.Column.Name] is { } value)
                    rows.Value(json, link.Table, column.Column, column.Alias ?? link.Alias + "." + column.Column.Name, value);
        foreach (FetchLink inner in link.Links) WriteLink(json, rows, run, row, inner);
    }

    WebApiResponse Groups(WebApiRequest request, FetchQuery query, FetchRun run)
    {
        List<RowValues> groups = run.Groups();
        var columnByAlias = query.Columns!.Concat(query.Links.SelectMany(Columns))
            .Where(c => c.GroupsBy && c.DatePart is null || c.Method is AggregateMethod.Min or AggregateMethod.Max)
            .GroupBy(c => c.Alias ?? c.Column.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Column, StringComparer.Ordinal);
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{query.Table.SetName}");
            json.WriteStartArray("value");
            foreach (RowValues group in groups)
            {
                json.WriteStartObject();
                foreach ((string alias, object? value) in group)
                {
                    if (columnByAlias.TryGetValue(alias, out Column? column)) rows.Value(json, query.Table, column, alias, value);
                    else
                    {
                        json.WritePropertyName(alias);
                        ValueWriter.Write(json, null, value);
                    }
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static IEnumerable<FetchColumn> Columns(FetchLink link) => (link.Columns ?? []).Concat(link.Links.SelectMany(Columns));
}
