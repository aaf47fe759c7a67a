using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Change tracking: what was written or deleted since a delta token, which is a row version and the time it was given.</summary>
internal sealed class DeltaQuery(RowStore store)
{
    const string TimeFormat = "MM/dd/yyyy HH:mm:ss";
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Refuses what change tracking cannot do; answers the version the answer will be of.</summary>
    public static long Demand(WebApiRequest request, TableInfo table, QueryOptions options, RowStore store)
    {
        if (!table.Definition.ChangeTracking)
            throw new DataverseException(400, ErrorCodes.TrackingDisabled, $"Change tracking is not enabled for entity '{table.LogicalName}'.");
        if (options.Filter is not null || options.Orders.Count > 0 || options.Top is not null || options.Projection.Expansions.Count > 0)
            throw Failure.BadQuery("Change tracking takes $select only; $filter, $orderby, $expand and $top are not supported.");
        if (request.Call.Caller.Reach(PrivilegeNames.Of("Read", table)) != PrivilegeDepth.Global)
            throw Failure.PrivilegeDenied(request.Call.Caller.UserId, PrivilegeNames.Of("Read", table) + " (organization level)", table.LogicalName);
        return store.LastVersion;
    }

    /// <summary>The token of a version, as of now.</summary>
    public static string Token(long version, RowStore store) =>
        $"{version.ToString(CultureInfo.InvariantCulture)}!{store.Clock.UtcNow.ToString(TimeFormat, CultureInfo.InvariantCulture)}";

    /// <summary>Answers <c>GET /set?$deltatoken=…</c>.</summary>
    public WebApiResponse Answer(WebApiRequest request, TableInfo table, string token)
    {
        QueryOptions options = QueryOptions.Parse(store.Schema, table, request.Query);
        long now = Demand(request, table, options, store);
        long since = Since(token);
        List<Row> changed = [.. store.All(table).Where(r => r.Version > since).OrderBy(r => r.Version)];
        IReadOnlyList<Deletion> deleted = store.Deletions(table.LogicalName, since);
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", SetQuery.Context(request, options.Projection, "/$delta"));
            json.WriteStartArray("value");
            foreach (Row row in changed) rows.Write(json, row, options.Projection, null);
            foreach (Deletion deletion in deleted)
            {
                if (store.Find(table.LogicalName, deletion.Id) is not null) continue;
                json.WriteStartObject();
                json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{table.SetName}/$deletedEntity");
                json.WriteString("id", deletion.Id);
                json.WriteString("reason", "deleted");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("@odata.deltaLink", SetQuery.Link(request, table, "$deltatoken", Token(now, store)));
            json.WriteEndObject();
        });
    }

    long Since(string token)
    {
        string[] parts = token.Split('!');
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long version))
            throw Failure.BadQuery($"The delta token '{token}' is malformed.");
        if (parts.Length > 1
            && DateTime.TryParseExact(
                parts[1], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime given)
            && store.Clock.UtcNow - given > Lifetime)
            throw new DataverseException(410, ErrorCodes.TokenExpired, "Version stamp associated with the client has expired. Please perform a full sync.");
        return version;
    }
}
