using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Change tracking: what was written or deleted since a delta token, which is a row version and the time it was given.</summary>
internal sealed class DeltaQuery(RowStore store)
{
    const string TimeFormat = "MM/dd/yyyy HH:mm:ss";
    const int StandardDays = 7;

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

    /// <summary>Answers <c>GET /set?$deltatoken=…</c>, by pages in order of version.</summary>
    public WebApiResponse Answer(WebApiRequest request, TableInfo table, string token)
    {
        QueryOptions options = QueryOptions.Parse(store.Schema, table, request.Query);
        long now = Demand(request, table, options, store), after = Since(token);
        int page = 1;
        if (request.Query.TryGetValue("$skiptoken", out string? mark))
        {
            PageCookie cookie = PageCookie.Parse(mark);
            if (cookie.TrackedVersion is not { } until || !long.TryParse(cookie.Token, NumberStyles.None, CultureInfo.InvariantCulture, out after))
                throw Failure.BadQuery("The $skiptoken is not one of change tracking.");
            (now, page) = (until, cookie.NextPage);
        }
        List<(long Version, Row? Row, Guid Id)> changes = Changes(table, after, now);
        int size = Math.Min(request.Preferences.PageSize ?? Preferences.MaxPage, Preferences.MaxPage);
        bool more = changes.Count > size;
        if (more) changes.RemoveRange(size, changes.Count - size);
        var rows = new RowWriter(store, request.Call.Caller, request.Preferences, request.ServiceRoot);
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", SetQuery.Context(request, options.Projection, "/$delta"));
            json.WriteStartArray("value");
            foreach ((_, Row? row, Guid id) in changes)
            {
                if (row is not null)
                {
                    rows.Write(json, row, options.Projection, null);
                    continue;
                }
                json.WriteStartObject();
                json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{table.SetName}/$deletedEntity");
                json.WriteString("id", id);
                json.WriteString("reason", "deleted");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (more)
            {
                var next = new PageCookie(page + 1, changes[^1].Id, changes[^1].Version.ToString(CultureInfo.InvariantCulture), now);
                json.WriteString("@odata.nextLink",
                    $"{SetQuery.Link(request, table, "$deltatoken", token)}&$skiptoken={Uri.EscapeDataString(next.ToText())}");
            }
            else json.WriteString("@odata.deltaLink", SetQuery.Link(request, table, "$deltatoken", Token(now, store)));
            json.WriteEndObject();
        });
    }

    /// <summary>Answers <c>GET /set/$count?$deltatoken=…</c>: how many changes there are.</summary>
    public int Count(WebApiRequest request, TableInfo table, string token)
    {
        long now = Demand(request, table, QueryOptions.Parse(store.Schema, table, request.Query), store);
        return Changes(table, Since(token), now).Count;
    }

    // A row that was written again after the version this answer is of comes with the next one.
    List<(long Version, Row? Row, Guid Id)> Changes(TableInfo table, long after, long until) =>
        [.. store.All(table).Where(r => r.Version > after && r.Version <= until).Select(r => (r.Version, (Row?)r, r.Id))
            .Concat(store.Deletions(table.LogicalName, after).Where(d => d.Version <= until && store.Find(table.LogicalName, d.Id) is null)
                .Select(d => (d.Version, (Row?)null, d.Id))).OrderBy(c => c.Item1)];

    long Since(string token)
    {
        string[] parts = token.Split('!');
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long version))
            throw Failure.BadQuery($"The delta token '{token}' is malformed.");
        if (parts.Length > 1
            && DateTime.TryParseExact(
                parts[1], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime given)
            && store.Clock.UtcNow - given > TimeSpan.FromDays(store["organization"].All.FirstOrDefault()?.Int("expirechangetrackingindays") ?? StandardDays))
            throw new DataverseException(410, ErrorCodes.TokenExpired, "Version stamp associated with the client has expired. Please perform a full sync.");
        return version;
    }
}
