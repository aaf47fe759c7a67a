using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Requests;

/// <summary>Counts the requests that the stand-ins answered, by system, route and status; 0 is a broken connection.</summary>
internal sealed class RequestCounter
{
    readonly ConcurrentDictionary<(string System, string Route, int Status), long> counts = new();

    public void Count(string system, string route, int status) =>
        counts.AddOrUpdate((system, route, status), 1, static (_, n) => n + 1);

    /// <summary>How many requests a system answered that may have changed something, whatever came of them.</summary>
    public long Changes(string system) =>
        counts.Where(c => c.Key.System == system && !c.Key.Route.StartsWith("GET ", StringComparison.Ordinal)).Sum(c => c.Value);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/requests", () => Results.Json(counts
            .OrderBy(c => c.Key.System, StringComparer.Ordinal).ThenBy(c => c.Key.Route, StringComparer.Ordinal).ThenBy(c => c.Key.Status)
            .Select(c => new { system = c.Key.System, route = c.Key.Route, status = c.Key.Status, count = c.Value })));
        routes.MapDelete("/sandbox/requests", () =>
        {
            counts.Clear();
            return Results.NoContent();
        });
    }
}
