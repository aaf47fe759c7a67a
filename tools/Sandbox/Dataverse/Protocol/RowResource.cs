using System;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary><c>/set(key)</c> and <c>/set(key)/column</c>: retrieve, update, upsert, delete.</summary>
internal sealed class RowResource(Organization organization, PayloadMessages payloads)
{
    RowStore Store => organization.Store;

    public WebApiResponse Answer(WebApiRequest request, TableInfo table, string arguments)
    {
        KeyArguments key = KeyArguments.Parse(table, arguments);
        return request.Method switch
        {
            "GET" or "HEAD" => Store.Read(() => Retrieve(request, table, key)),
            "PATCH" => Patch(request, table, key),
            "DELETE" => Delete(request, table, key),
            _ => throw WebApi.NotAllowed(request),
        };
    }

    /// <summary>A single column: read (also raw), set or cleared.</summary>
    public WebApiResponse Property(WebApiRequest request, TableInfo table, string arguments, Column column)
    {
        KeyArguments key = KeyArguments.Parse(table, arguments);
        bool raw = request.Path.Segments.Count == 3 && request.Path.Segments[2].Name == "$value";
        if (request.Path.Segments.Count > 2 && !raw) throw Failure.NoSuchSet(request.Path.Segments[2].Name);
        switch (request.Method)
        {
            case "GET":
                return Store.Read(() => Read(request, table, key, column, raw));
            case "PUT" or "PATCH":
                JsonElement body = request.Json();
                if (!body.TryGetProperty("value", out JsonElement value)) throw Failure.BadPayload("The body of a property must be {\"value\":…}.");
                Write(request, table, key, new RowValues { [column.Name] = ValueReader.FromJson(table, column, value) });
                return WebApiResponse.NoContent();
            case "DELETE":
                Write(request, table, key, new RowValues { [column.Name] = null });
                return WebApiResponse.NoContent();
            default:
                throw WebApi.NotAllowed(request);
        }
    }

    WebApiResponse Retrieve(WebApiRequest request, TableInfo table, KeyArguments key)
    {
        QueryOptions options = QueryOptions.Parse(Store.Schema, table, request.Query);
        Row row = key.Get(Store, table);
        Access.Demand(request.Call.Caller, "Read", table, row);
        if (request.Header("If-None-Match") is { } known && known.Trim() == RowWriter.ETag(row) && options.Projection.Expansions.Count == 0)
            return new WebApiResponse { Status = 304 };
        return SetResource.Show(organization, request, row, options.Projection, 200);
    }

    WebApiResponse Patch(WebApiRequest request, TableInfo table, KeyArguments key)
    {
        Payload payload = Payload.Read(Store.Schema, table, request.Json());
        var references = new References(Store, request.ServiceRoot, request.ContentIds);
        string? ifMatch = request.Header("If-Match")?.Trim(), ifNoneMatch = request.Header("If-None-Match")?.Trim();
        return organization.Rows.InTransactionOrOwn(request.Call, ifMatch is not null && key.Id is not null, call =>
        {
            Row? found = payloads.Read(call, () => key.Find(Store, table));
            if (found is not null)
            {
                if (ifNoneMatch == "*") throw Failure.Exists();
                payloads.Update(call, found.Id, WithoutKey(payload, key), references, Version(ifMatch));
                return SetResource.Written(organization, InCall(request, call), table, found.Id, 200, Address(request, table, key));
            }
            if (ifMatch is not null) throw key.Id is { } missing ? Failure.NotFound(table.LogicalName, missing) : Failure.NotFoundByKey(table.LogicalName);
            Guid id = payloads.Create(call, payload.WithKey(key), references);
            return SetResource.Written(organization, InCall(request, call), table, id, 201, Address(request, table, key));
        });
    }

    WebApiResponse Delete(WebApiRequest request, TableInfo table, KeyArguments key)
    {
        Row row = payloads.Read(request.Call, () => key.Get(Store, table));
        if (table.LogicalName == "solution")
        {
            if (request.Call.Transaction is not null) throw Failure.BadRequest("A solution cannot be uninstalled inside a change set.");
            Access.Demand(request.Call.Caller, "Delete", table, row);
            organization.Importer.Uninstall(row.Id);
        }
        else organization.Rows.Delete(request.Call, table, row.Id, Version(request.Header("If-Match")?.Trim()));
        return WebApiResponse.NoContent();
    }

    WebApiResponse Read(WebApiRequest request, TableInfo table, KeyArguments key, Column column, bool raw)
    {
        Row row = key.Get(Store, table);
        Access.Demand(request.Call.Caller, "Read", table, row);
        object? value = row[column.Name];
        if (value is null) return WebApiResponse.NoContent();
        if (raw)
            return new WebApiResponse
            {
                Status = 200,
                ContentType = "text/plain; charset=utf-8",
                Body = Encoding.UTF8.GetBytes(
                    value switch
                    {
                        DateTime time => ValueWriter.TimeText(column, time),
                        Lookup lookup => lookup.Id.ToString(),
                        bool truth => truth ? "true"
                        : "false",
                        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!
                    }),
            };
        var writer = new RowWriter(Store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{table.SetName}({row.Id})/{TableInfo.WireName(column)}");
            writer.Value(json, table, column, "value", value);
            json.WriteEndObject();
        });
    }

    void Write(WebApiRequest request, TableInfo table, KeyArguments key, RowValues values)
    {
        Row row = payloads.Read(request.Call, () => key.Get(Store, table));
        organization.Rows.Update(request.Call, table, row.Id, values, Version(request.Header("If-Match")?.Trim()));
    }

    static string? Address(WebApiRequest request, TableInfo table, KeyArguments key) =>
        key.Id is null ? $"{request.ServiceRoot}{table.SetName}({request.Path.Segments[0].Arguments})" : null;

    // The key columns of an existing row are taken from the address, whatever the body says.
    static Payload WithoutKey(Payload payload, KeyArguments key) => key.Key is null ? payload : payload.Without(key.Key.Columns);

    static WebApiRequest InCall(WebApiRequest request, CallContext call) => call == request.Call ? request : request.With(call);

    static long? Version(string? tag)
    {
        if (tag is null or "*") return null;
        string number = tag.Replace("W/", "", StringComparison.Ordinal).Trim('"');
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : -1;
    }
}
