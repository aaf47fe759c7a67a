using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Writes rows as the Web API shows them: values, the annotations asked for, related rows.</summary>
internal sealed class RowWriter
{
    const string FormattedValue = "OData.Community.Display.V1.FormattedValue";
    const string LookupName = "Microsoft.Dynamics.CRM.lookuplogicalname";
    const string NavigationName = "Microsoft.Dynamics.CRM.associatednavigationproperty";
    readonly RowStore store;
    readonly Caller caller;
    readonly string serviceRoot;
    readonly bool formatted, lookupNames, navigationNames;
    readonly int? pageSize;

    public RowWriter(RowStore store, Caller caller, Preferences preferences, string serviceRoot)
    {
        this.store = store;
        this.caller = caller;
        this.serviceRoot = serviceRoot;
        pageSize = preferences.PageSize;
        formatted = preferences.Includes(FormattedValue);
        lookupNames = preferences.Includes(LookupName);
        navigationNames = preferences.Includes(NavigationName);
    }

    /// <summary>One row as an object; <paramref name="context"/> is its <c>@odata.context</c>, null inside a list.</summary>
    public void Write(Utf8JsonWriter json, Row row, Projection projection, string? context)
    {
        json.WriteStartObject();
        if (context is not null) json.WriteString("@odata.context", context);
        // A row asked for through the common base of activities is shown as such.
        json.WriteString("@odata.etag", ETag(row));
        Columns(json, row, projection);
        foreach (Expansion expansion in projection.Expansions) Expand(json, row, expansion);
        json.WriteEndObject();
    }

    /// <summary>Refuses when the caller may not read a table that is to be expanded, whether there are rows to show or not.</summary>
    public void Demand(Projection projection)
    {
        foreach (Expansion expansion in projection.Expansions)
        {
            Access.Readable(caller, expansion.Rows.Table);
            Demand(expansion.Rows);
        }
    }

    /// <summary>A row's entity tag.</summary>
    public static string ETag(Row row) => $"W/\"{row.Version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The address of a row.</summary>
    public string Address(Row row) => $"{serviceRoot}{store.Schema[row.Table].SetName}({row.Id})";

    /// <summary>A value under a name of the caller's choice, as joined columns have it.</summary>
    public void Value(Utf8JsonWriter json, TableInfo table, Column column, string name, object? value)
    {
        if (value is not null) Annotate(json, table, column, name, value);
        json.WritePropertyName(name);
        ValueWriter.Write(json, column, value);
    }

    void Columns(Utf8JsonWriter json, Row row, Projection projection)
    {
        bool wroteId = false;
        foreach (Column column in projection.Columns ?? projection.Table.AllColumns)
        {
            if (!column.Read || column.Type == ColumnType.PartyList) continue;
            wroteId |= column.Name == projection.Table.PrimaryId;
            Value(json, projection.Table, column, TableInfo.WireName(column), row[column.Name]);
        }
        if (!wroteId) json.WriteString(projection.Table.PrimaryId, row.Id);
    }

    void Annotate(Utf8JsonWriter json, TableInfo table, Column column, string name, object value)
    {
        if (formatted && Labels.Of(store, table, column, value) is { } label) json.WriteString($"{name}@{FormattedValue}", label);
        if (value is not Lookup lookup) return;
        if (navigationNames && table.Navigations.Values.FirstOrDefault(
            n => n.IsSingle && n.Column == column.Name && (n.Target == lookup.Table || column.Type == ColumnType.Owner)) is { } navigation)
            json.WriteString($"{name}@{NavigationName}", navigation.Name);
        if (lookupNames) json.WriteString($"{name}@{LookupName}", lookup.Table);
    }

    void Expand(Utf8JsonWriter json, Row row, Expansion expansion)
    {
        json.WritePropertyName(expansion.Navigation.Name);
        TableInfo target = expansion.Rows.Table;
        Func<Row, bool>? readable = Access.Readable(caller, target);
        if (expansion.Navigation.IsSingle)
        {
            Row? one = RelatedRows.One(store, row, expansion.Navigation);
            if (one is null || readable is not null && !readable(one)) json.WriteNullValue();
            else WriteRelated(json, one, expansion);
            return;
        }
        json.WriteStartArray();
        List<Row> all = [.. Rows(store, caller, row, expansion, readable)];
        bool more = expansion.IsPaged && pageSize is { } size && all.Count > size;
        if (more) all.RemoveRange(pageSize!.Value, all.Count - pageSize.Value);
        foreach (Row related in all) WriteRelated(json, related, expansion);
        json.WriteEndArray();
        if (!more) return;
        string select = expansion.Rows.Columns is { } columns ? "$select=" + string.Join(',', columns.Select(TableInfo.WireName)) + "&" : "";
        json.WriteString(expansion.Navigation.Name + "@odata.nextLink",
            $"{Address(row)}/{expansion.Navigation.Name}?{select}$skiptoken={Uri.EscapeDataString(new PageCookie(2, all[^1].Id, "", null).ToText())}");
    }

    /// <summary>The rows of a collection-valued expansion, filtered and in order.</summary>
    static IEnumerable<Row> Rows(RowStore store, Caller caller, Row row, Expansion expansion, Func<Row, bool>? readable)
    {
        var compiler = new Query.Conditions.ConditionCompiler<Row>(store, caller, store.Clock.UtcNow, static _ => static r => r);
        IEnumerable<Row> rows = RelatedRows.Of(store, row, expansion.Navigation);
        if (readable is not null) rows = rows.Where(readable);
        if (expansion.Filter is not null) rows = rows.Where(compiler.Compile(expansion.Filter));
        Func<Row, object?>[] keys = [.. expansion.Orders.Select(o => compiler.Value(o.Path))];
        rows = rows.OrderBy(r => (Array.ConvertAll(keys, k => k(r)), r.Id), new KeyedOrder([.. expansion.Orders.Select(o => o.Descending)]));
        return rows.Take(Math.Min(expansion.Top ?? Preferences.MaxPage, Preferences.MaxPage));
    }

    void WriteRelated(Utf8JsonWriter json, Row row, Expansion expansion)
    {
        if (expansion.ReferencesOnly)
        {
            json.WriteStartObject();
            json.WriteString("@odata.id", Address(row));
            json.WriteEndObject();
            return;
        }
        // An owner that is a team, or an activity reached through the base, is shown by its own table.
        Projection projection = expansion.Rows.Table.LogicalName == row.Table || expansion.Rows.Table.IsActivityBase ? expansion.Rows
            : new Projection(store.Schema[row.Table], null, []);
        Write(json, row, projection, null);
    }
}
