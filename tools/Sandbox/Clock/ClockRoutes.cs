using System;
using System.Text.Json.Nodes;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Clock;

/// <summary><c>/sandbox/clock</c> and <c>/sandbox/services</c>.</summary>
internal static class ClockRoutes
{
    public static void MapClock(this IEndpointRouteBuilder routes, SandboxClock clock, ServiceRegistry services)
    {
        IResult Now() => Results.Json(new { now = Instants.Write(clock.GetUtcNow()) });

        routes.MapGet("/sandbox/clock", Now);
        routes.MapPost("/sandbox/clock", async (HttpContext context) =>
        {
            if (await ControlBody.ReadAsync(context.Request) is not { } body) return ControlBody.NotAnObject();
            string? problem = Move(clock, body);
            if (problem is not null) return ControlBody.Refuse(problem);
            await services.PushClockAsync(context.RequestAborted);
            return Now();
        });
        routes.MapGet("/sandbox/services", () => Results.Json(new { services = services.Urls }));
        routes.MapPost("/sandbox/services", async (HttpContext context) =>
        {
            if (await ControlBody.ReadAsync(context.Request) is not { } body) return ControlBody.NotAnObject();
            if (!Uri.TryCreate(ControlBody.Text(body, "url"), UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
                return ControlBody.Refuse("/url: write the service's own http address, for example {\"url\":\"http://localhost:5000\"}.");
            services.Add(url);
            return Now();
        });
    }

    static string? Move(SandboxClock clock, JsonObject body)
    {
        string? advance = ControlBody.Text(body, "advance"), to = ControlBody.Text(body, "to");
        if (advance is not null && to is not null) return "/: write either advance or to, not both.";
        if (advance is not null)
        {
            if (!Instants.TryDuration(advance, out TimeSpan by))
                return $"/advance: '{advance}' is no duration; write for example \"90s\", \"5m\", \"24h\", \"1d\" or \"PT5M\".";
            clock.Advance(by);
            return null;
        }
        if (to is null) return "/: write {\"advance\":\"24h\"} or {\"to\":\"2026-01-05T10:00:00Z\"}.";
        if (!Instants.TryInstant(to, out DateTimeOffset instant)) return $"/to: '{to}' is no RFC 3339 instant; write for example \"2026-01-05T10:00:00Z\".";
        return clock.TryMoveTo(instant) ? null : $"/to: the clock moves forward only, and it is {Instants.Write(clock.GetUtcNow())} already.";
    }
}
