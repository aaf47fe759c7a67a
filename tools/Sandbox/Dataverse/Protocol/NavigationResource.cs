using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary><c>/set(key)/navigation</c>, with <c>/$ref</c> and <c>/$count</c>: related rows, and relating them.</summary>
internal sealed class NavigationResource(Organization organization, PayloadMessages payloads)
{
    RowStore Store => organization.Store;

    public WebApiResponse Answer(WebApiRequest request, TableInfo table, string arguments, Navigation navigation)
    {
        KeyArguments key = KeyArguments.Parse(table, arguments);
        IReadOnlyList<PathSegment> segments = request.Path.Segments;
        string? end = segments.Count > 2 ? segments[2].Name : null;
        if (end == "$ref") return Reference(request, table, key, navigation, segments[1].Arguments);
        if (segments.Count > 3 || end is not null and not "$count") throw Failure.NoSuchSet(end!);
        switch (request.Method)
        {
            case "GET":
                return Store.Read(() => Read(request, table, key, navigation, segments[1].Arguments, counts: end == "$count"));
            case "POST" when !navigation.IsSingle && navigation.Kind != NavigationKind.Parties:
                Row parent = payloads.Read(request.Call, () => key.Get(Store, table));
                TableInfo target = Store.Schema[navigation.Target];
                Guid id = payloads.Child(request.Call, table, parent.Id, navigation, Payload.Read(Store.Schema, target, request.Json()), References(request));
                return SetResource.Written(organization, request, target, id, request.Preferences.ReturnsRepresentation ? 201 : 204);
            case "PUT" when navigation.Kind == NavigationKind.Parties:
                return ReplaceParties(request, table, key);
            default:
                throw WebApi.NotAllowed(request);
        }
    }

    WebApiResponse Read(WebApiRequest request, TableInfo table, KeyArguments key, Navigation navigation, string? argument, bool counts)
    {
        Row row = key.Get(Store, table);
        Access.Demand(request.Call.Caller, "Read", table, row);
        TableInfo target = Store.Schema[navigation.Target];
        QueryOptions options = QueryOptions.Parse(Store.Schema, target, request.Query);
        Func<Row, bool>? readable = Access.Readable(request.Call.Caller, target);
        if (navigation.IsSingle)
        {
            Row? one = RelatedRows.One(Store, row, navigation);
            if (one is null || readable is not null && !readable(one)) return WebApiResponse.NoContent();
            return SetResource.Show(
                organization, request, one, one.Table == target.LogicalName ? options.Projection : new Projection(Store.Schema[one.Table], null, []), 200);
        }
        var compiler = new ConditionCompiler<Row>(Store, request.Call.Caller, Store.Clock.UtcNow, static _ => static r => r);
        IEnumerable<Row> rows = RelatedRows.Of(Store, row, navigation);
        if (readable is not null) rows = rows.Where(readable);
        if (argument is not null)
        {
            Row? named = KeyArguments.Parse(target, argument).Find(Store, target);
            Row found = rows.FirstOrDefault(r => r.Id == named?.Id) ?? throw Failure.NotFound(target.LogicalName, named?.Id ?? Guid.Empty);
            return SetResource.Show(organization, request, found, options.Projection, 200);
        }
        if (options.Filter is not null) rows = rows.Where(compiler.Compile(options.Filter));
        Func<Row, object?>[] keys = [.. options.Orders.Select(o => compiler.Value(o.Path))];
        List<Row> all = [.. rows.OrderBy(r => (Array.ConvertAll(keys, k => k(r)), r.Id), new KeyedOrder([.. options.Orders.Select(o => o.Descending)]))];
        if (counts)
            return new WebApiResponse
            {
                Status = 200,
                ContentType = "text/plain",
                Body = System.Text.Encoding.UTF8.GetBytes(all.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))
            };
        return Page(request, row, navigation, options, all);
    }

    WebApiResponse Page(WebApiRequest request, Row row, Navigation navigation, QueryOptions options, List<Row> all)
    {
        int size = request.Preferences.PageSize ?? Preferences.MaxPage, start = 0, page = 1;
        if (request.Query.TryGetValue("$skiptoken", out string? token))
        {
            PageCookie cookie = PageCookie.Parse(token);
            int last = all.FindIndex(r => r.Id == cookie.LastId);
            (start, page) = (last >= 0 ? last + 1 : Math.Min((cookie.NextPage - 1) * size, all.Count), cookie.NextPage);
        }
        bool topped = options.Top is not null && request.Preferences.PageSize is null;
        int end = Math.Min(start + (topped ? Math.Min(options.Top!.Value, Preferences.MaxPage) : size), all.Count);
        var writer = new RowWriter(Store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        writer.Demand(options.Projection);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", SetQuery.Context(request, options.Projection));
            if (options.Count) json.WriteNumber("@odata.count", all.Count);
            json.WriteStartArray("value");
            for (int i = start; i < end; i++) writer.Write(json, all[i], options.Projection, null);
            json.WriteEndArray();
            if (!topped && end < all.Count)
                json.WriteString("@odata.nextLink",
                    SetQuery.Link(request, $"{writer.Address(row)}/{navigation.Name}", "$skiptoken", new PageCookie(page + 1, all[end - 1].Id, "", null).ToText()));
            json.WriteEndObject();
        });
    }

    WebApiResponse Reference(WebApiRequest request, TableInfo table, KeyArguments key, Navigation navigation, string? argument)
    {
        CallContext call = request.Call;
        Row row = payloads.Read(call, () => key.Get(Store, table));
        TableInfo target = Store.Schema[navigation.Target];
        switch (request.Method)
        {
            case "GET":
                return Store.Read(() => References(request, table, row, navigation));
            case "POST" or "PUT":
                if (!request.Json().TryGetProperty("@odata.id", out JsonElement id) || id.ValueKind != JsonValueKind.String)
                    throw Failure.BadPayload("The body must be {\"@odata.id\":\"address of the row\"}.");
                Lookup other = payloads.Read(call, () => References(request).Find(id.GetString()!));
                if (navigation.IsSingle) organization.Rows.Update(call, table, row.Id, new RowValues { [navigation.Column] = other });
                else organization.Links.Associate(call, table, row.Id, navigation, [other]);
                return WebApiResponse.NoContent();
            case "DELETE":
                if (navigation.IsSingle) organization.Rows.Update(call, table, row.Id, new RowValues { [navigation.Column] = null });
                else
                {
                    Lookup gone = argument is not null ? payloads.Read(call, () => KeyArguments.Parse(target, argument).Get(Store, target)) is { } named
                        ? new Lookup(named.Table, named.Id) : null!
                        : request.Query.TryGetValue("$id", out string? address) ? payloads.Read(call, () => References(request).Find(address))
                        : throw Failure.BadRequest("Name the row to disassociate: …/navigation(id)/$ref or …/navigation/$ref?$id=address.");
                    organization.Links.Disassociate(call, table, row.Id, navigation, [gone]);
                }
                return WebApiResponse.NoContent();
            default:
                throw WebApi.NotAllowed(request);
        }
    }

    WebApiResponse References(WebApiRequest request, TableInfo table, Row row, Navigation navigation)
    {
        Access.Demand(request.Call.Caller, "Read", table, row);
        var writer = new RowWriter(Store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        if (navigation.IsSingle)
        {
            if (RelatedRows.One(Store, row, navigation) is not { } one) return WebApiResponse.NoContent();
            return WebApiResponse.Write(200, json =>
            {
                json.WriteStartObject();
                json.WriteString("@odata.context", request.ServiceRoot + "$metadata#$ref");
                json.WriteString("@odata.id", writer.Address(one));
                json.WriteEndObject();
            });
        }
        List<Row> all = [.. RelatedRows.Of(Store, row, navigation).OrderBy(r => r.Id)];
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", request.ServiceRoot + "$metadata#Collection($ref)");
            json.WriteStartArray("value");
            foreach (Row related in all)
            {
                json.WriteStartObject();
                json.WriteString("@odata.id", writer.Address(related));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    WebApiResponse ReplaceParties(WebApiRequest request, TableInfo table, KeyArguments key)
    {
        if (!request.Json().TryGetProperty("value", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            throw Failure.BadPayload("The body must be {\"value\":[parties]}.");
        Row row = payloads.Read(request.Call, () => key.Get(Store, table));
        RowValues values = payloads.Read(request.Call, () => Payload.OfParties(Store.Schema, table, list).Resolve(References(request)));
        foreach (Column column in table.AllColumns)
            if (column.Type == ColumnType.PartyList) values.TryAdd(column.Name, new PartyList());
        organization.Rows.Update(request.Call, table, row.Id, values);
        return WebApiResponse.NoContent();
    }

    References References(WebApiRequest request) => new(Store, request.ServiceRoot, request.ContentIds);
}
