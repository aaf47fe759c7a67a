using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Answers <c>GET /set</c> with OData query options: rows by pages, counts, aggregates, and the first answer of change tracking.</summary>
internal sealed class SetQuery(RowStore store, PageCache pages)
{
    const int CountLimit = 5000;

    public WebApiResponse Answer(WebApiRequest request, TableInfo table)
    {
        QueryOptions options = QueryOptions.Parse(store.Schema, table, request.Query);
        if (options.Apply is not null) return Aggregate(request, table, options);
        long? tracked = request.Preferences.TracksChanges ? DeltaQuery.Demand(request, table, options, store) : null;
        var paging = new Paging(pages, store);
        IReadOnlyList<Row> Run(int? top) => RowSelection.Ordered(store, request.Call.Caller, table, options.Filter, options.Orders, top);
        int size = request.Preferences.PageSize ?? Preferences.MaxPage;
        RowPage page;
        int? count = null;
        if (request.Query.TryGetValue("$skiptoken", out string? token))
        {
            PageCookie cookie = PageCookie.Parse(token);
            tracked = cookie.TrackedVersion;
            page = paging.Next(table.LogicalName, cookie, size, () => Run(null));
        }
        else if (options.Top is { } top && request.Preferences.PageSize is null && !options.Count)
        {
            page = new RowPage(Run(Math.Min(top, Preferences.MaxPage)), null);
        }
        else
        {
            IReadOnlyList<Row> all = Run(null);
            count = options.Count ? all.Count : null;
            page = options.Top is { } first && request.Preferences.PageSize is null ? new RowPage([.. all.Take(first)], null)
                : paging.First(all, size, tracked);
        }
        return Write(request, table, options.Projection, page, count, tracked);
    }

    /// <summary>Answers <c>GET /set/$count</c>: a plain number, at most 5000.</summary>
    public WebApiResponse Count(WebApiRequest request, TableInfo table)
    {
        QueryOptions options = QueryOptions.Parse(store.Schema, table, request.Query);
        return Number(RowSelection.Matching(store, request.Call.Caller, table, options.Filter).Take(CountLimit).Count());
    }

    /// <summary>A plain number, with the mark of UTF-8 that the platform puts before it.</summary>
    public static WebApiResponse Number(int count) => new()
    {
        Status = 200,
        ContentType = "text/plain",
        Body = System.Text.Encoding.UTF8.GetBytes("\uFEFF" + count.ToString(CultureInfo.InvariantCulture))
    };

    /// <summary>The <c>#set(columns)</c> part of a context.</summary>
    public static string Context(WebApiRequest request, Projection projection, string suffix = "")
    {
        string columns = projection.Columns is null ? "" : "(" + string.Join(',', projection.Columns.Select(TableInfo.WireName)) + ")";
        return $"{request.ServiceRoot}$metadata#{projection.Table.SetName}{columns}{suffix}";
    }

    WebApiResponse Write(WebApiRequest request, TableInfo table, Projection projection, RowPage page, int? count, long? tracked)
    {
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        rows.Demand(projection);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", Context(request, projection, tracked is null ? "" : "/$delta"));
            if (count is { } all)
            {
                json.WriteNumber("@odata.count", Math.Min(all, CountLimit));
                if (request.Preferences.Includes("Microsoft.Dynamics.CRM.totalrecordcount"))
                    json.WriteNumber("@Microsoft.Dynamics.CRM.totalrecordcount", all > CountLimit ? -1 : all);
                if (request.Preferences.Includes("Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"))
                    json.WriteBoolean("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded", all > CountLimit);
            }
            json.WriteStartArray("value");
            foreach (Row row in page.Rows) rows.Write(json, row, projection, null);
            json.WriteEndArray();
            if (page.Next is { } next) json.WriteString("@odata.nextLink", Link(request, table, "$skiptoken", next.ToText()));
            else if (tracked is { } version) json.WriteString("@odata.deltaLink", Link(request, table, "$deltatoken", DeltaQuery.Token(version, store)));
            json.WriteEndObject();
        });
    }

    /// <summary>The same request with another token.</summary>
    public static string Link(WebApiRequest request, TableInfo table, string option, string value) =>
        Link(request, request.ServiceRoot + table.SetName, option, value);

    /// <summary>The same for another address than that of a set.</summary>
    public static string Link(WebApiRequest request, string address, string option, string value)
    {
        IEnumerable<string> kept = request.Query.Where(q => q.Key is not ("$skiptoken" or "$deltatoken"))
            .Select(q => q.Key + "=" + Uri.EscapeDataString(q.Value));
        return $"{address}?{string.Join('&', kept.Append(option + "=" + Uri.EscapeDataString(value)))}";
    }

    WebApiResponse Aggregate(WebApiRequest request, TableInfo table, QueryOptions options)
    {
        List<RowValues> groups = new ApplyTranslator(store, request.Call.Caller, table).Run(options.Apply!, options.Filter);
        if (options.Top is { } top) groups = [.. groups.Take(top)];
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{table.SetName}");
            json.WriteStartArray("value");
            foreach (RowValues group in groups)
            {
                json.WriteStartObject();
                foreach ((string name, object? value) in group)
                {
                    if (table.FindColumn(name) is { } column && !name.Contains('/', StringComparison.Ordinal)) rows.Value(json, table, column, name, value);
                    else
                    {
                        json.WritePropertyName(name.Replace('/', '_'));
                        ValueWriter.Write(json, null, value);
                    }
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
