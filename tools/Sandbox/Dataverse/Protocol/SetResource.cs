using System;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary><c>/set</c>: queries and creation.</summary>
internal sealed class SetResource(Organization organization, PayloadMessages payloads)
{
    readonly SetQuery queries = new(organization.Store, organization.Pages);
    readonly FetchAnswer fetches = new(organization.Store);
    readonly DeltaQuery deltas = new(organization.Store);

    public WebApiResponse Answer(WebApiRequest request, TableInfo table) => request.Method switch
    {
        "GET" or "HEAD" => organization.Store.Read(() =>
            request.Query.TryGetValue("fetchXml", out string? xml) || request.Query.TryGetValue("fetchxml", out xml) ? fetches.Answer(request, table, xml)
            : request.Query.TryGetValue("savedQuery", out string? view) ? fetches.Answer(request, table, OfView(table, view))
            : request.Query.TryGetValue("$deltatoken", out string? token) ? deltas.Answer(request, table, token)
            : queries.Answer(request, table)),
        "POST" => Create(request, table),
        _ => throw WebApi.NotAllowed(request),
    };

    public WebApiResponse Count(WebApiRequest request, TableInfo table) => organization.Store.Read(() =>
        request.Query.TryGetValue("$deltatoken", out string? token) ? SetQuery.Number(deltas.Count(request, table, token)) : queries.Count(request, table));

    string OfView(TableInfo table, string id)
    {
        Row view = (Guid.TryParse(id, out Guid viewId) ? organization.Store.Find("savedquery", viewId) : null)
            ?? throw Failure.NotFound("savedquery", Guid.TryParse(id, out viewId) ? viewId : Guid.Empty);
        return view.Text("returnedtypecode") == table.LogicalName && view.Text("fetchxml") is { } xml ? xml
            : throw Failure.BadQuery($"The saved query '{view.Text("name")}' is not one of '{table.SetName}'.");
    }

    WebApiResponse Create(WebApiRequest request, TableInfo table)
    {
        Payload payload = Payload.Read(organization.Store.Schema, table, request.Json());
        Guid id = payloads.Create(request.Call, payload, new References(organization.Store, request.ServiceRoot, request.ContentIds));
        return Written(organization, request, table, id, request.Preferences.ReturnsRepresentation ? 201 : 204);
    }

    /// <summary>The answer to a write: the row's address, or the row where it was asked for.</summary>
    public static WebApiResponse Written(Organization organization, WebApiRequest request, TableInfo table, Guid id, int status, string? address = null)
    {
        WebApiResponse response;
        if (request.Preferences.ReturnsRepresentation)
        {
            WebApiResponse Read()
            {
                QueryOptions options = QueryOptions.Parse(organization.Store.Schema, table, request.Query);
                Row row = organization.Store.Find(table.LogicalName, id)!;
                return Show(organization, request, row, options.Projection, status);
            }

            response = request.Call.Transaction is null ? organization.Store.Read(Read) : Read();
        }
        else
        {
            response = WebApiResponse.NoContent();
        }
        response.Headers["OData-EntityId"] = address ?? $"{request.ServiceRoot}{table.SetName}({id})";
        if (status != 200) response.Headers["Location"] = $"{request.ServiceRoot}{table.SetName}({id})";
        return response;
    }

    /// <summary>One row as an answer.</summary>
    public static WebApiResponse Show(Organization organization, WebApiRequest request, Row row, Projection projection, int status)
    {
        var writer = new RowWriter(organization.Store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        WebApiResponse response = WebApiResponse.Write(status, json => writer.Write(json, row, projection, SetQuery.Context(request, projection, "/$entity")));
        response.Headers["ETag"] = RowWriter.ETag(row);
        return response;
    }
}
