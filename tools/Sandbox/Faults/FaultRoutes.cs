using System;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Faults;

/// <summary><c>/sandbox/faults</c>.</summary>
internal static class FaultRoutes
{
    static readonly string[] Targets = ["crm", "bus", "mail"];
    static readonly string[] Kinds = ["status", "delay", "hang", "accept-then-fail", "redeliver", "throttle"];

    public static void MapFaults(this IEndpointRouteBuilder routes, FaultBoard board, SandboxClock clock)
    {
        routes.MapGet("/sandbox/faults", () => Results.Json(new
        {
            faults = board.Active().Select(f => new
            {
                target = f.Target,
                kind = f.Kind,
                status = f.Status,
                rate = f.Rate,
                match = f.Match,
                until = f.Until is { } until ? Instants.Write(until) : null,
            }),
        }));
        routes.MapPost("/sandbox/faults", async (HttpContext context) =>
        {
            if (await ControlBody.ReadAsync(context.Request) is not { } body) return ControlBody.NotAnObject();
            if (Problem(body) is { } problem) return ControlBody.Refuse(problem);
            board.Add(Read(body, clock), (int?)ControlBody.Number(body, "seed"));
            return Results.NoContent();
        });
        routes.MapDelete("/sandbox/faults", () =>
        {
            board.Clear();
            return Results.NoContent();
        });
    }

    static Fault Read(JsonObject body, SandboxClock clock)
    {
        string kind = ControlBody.Text(body, "kind")!;
        double? seconds = ControlBody.Number(body, "seconds");
        double? lasts = ControlBody.Number(body, "for") ?? (kind == "delay" ? null : seconds);
        return new Fault
        {
            Target = ControlBody.Text(body, "target")!,
            Kind = kind,
            Status = (int?)ControlBody.Number(body, "status"),
            Rate = ControlBody.Number(body, "rate") ?? 1,
            Match = ControlBody.Text(body, "match"),
            Delay = TimeSpan.FromSeconds(seconds ?? 1),
            Until = lasts is { } length ? clock.GetUtcNow().AddSeconds(length) : null,
        };
    }

    static string? Problem(JsonObject body)
    {
        if (!Targets.Contains(ControlBody.Text(body, "target"))) return "/target: write one of crm, bus, mail.";
        if (!Kinds.Contains(ControlBody.Text(body, "kind"))) return "/kind: write one of " + string.Join(", ", Kinds) + ".";
        if (ControlBody.Text(body, "kind") == "redeliver" && ControlBody.Text(body, "target") != "bus") return "/kind: only the bus redelivers.";
        if (ControlBody.Number(body, "rate") is < 0 or > 1) return "/rate: write a share from 0 to 1.";
        if (ControlBody.Number(body, "status") is < 400 or > 599) return "/status: write an HTTP error status, 400 to 599.";
        foreach (string name in (string[])["seconds", "for"])
            if (ControlBody.Number(body, name) is <= 0 or > 86400 * 366) return $"/{name}: write seconds greater than 0.";
        foreach (string name in (string[])["rate", "status", "seconds", "for", "seed"])
            if (body[name] is not null && ControlBody.Number(body, name) is null) return $"/{name}: write a number.";
        return null;
    }
}
