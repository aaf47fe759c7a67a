using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Refresh;
using CrmBehavior.Service.Clock;
using CrmBehavior.Service.Startup;
using CrmBehavior.Service.Upkeep;
using CrmBehavior.Service.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>The service's side of a sandbox: takes its time over, and says what is left to do. Mapped only with <c>Development:Sandbox</c>.</summary>
internal static class SandboxEndpoints
{
    /// <summary>A time that the sandbox tells.</summary>
    /// <param name="Now">The time.</param>
    public sealed record ClockMove(DateTimeOffset Now);

    public static void MapSandbox(this IEndpointRouteBuilder routes, SandboxTime clock)
    {
        routes.MapPost("/sandbox/clock", (ClockMove move, WorkBell bell) =>
        {
            clock.MoveTo(move.Now);
            bell.Ring();
            return Results.NoContent();
        }).ExcludeFromDescription();
        routes.MapGet("/sandbox/pending", PendingAsync).ExcludeFromDescription();
    }

    static async Task<IResult> PendingAsync(
        EventQueue queue, IServiceStore service, IProfileStore profiles, IOutbox outbox, FirstDefinitions first, HourlyReconciliation reconciliation, ScoreRefresh refresh, DefinitionFollower follower, PlanHolder plans, TimeProvider clock, WorkBell bell, CancellationToken cancellation)
    {
        bool isBehind = false;
        try
        {
            await follower.RunOnceAsync(cancellation);
        }
        catch (CrmException)
        {
            isBehind = true;
        }
        // What would wait to be written with others does not wait while somebody settles.
        bell.Flush();
        (long due, long outdated) = await profiles.CountWorkAsync(Instant.From(clock.GetUtcNow()), plans.Current.Generation, cancellation);
        (long waiting, _, _) = await outbox.CountAsync(cancellation);
        var pending = new Dictionary<string, long>
        {
            ["publications"] = isBehind || !first.IsDone ? 1 : 0,
            ["looks for changes that did not arrive"] = reconciliation.IsDue ? 1 : 0,
            ["nights after which faded scores are shown anew"] = refresh.IsDue ? 1 : 0,
            ["events"] = queue.Waiting,
            ["calls that wait for the CRM"] = (await service.ReadUnresolvedAsync(1000, cancellation)).Count,
            ["contacts with timers due"] = due,
            ["contacts to be brought up to the plan"] = outdated,
            ["effects"] = waiting,
        };
        return Results.Json(new { pending = pending.Where(p => p.Value > 0).Select(p => new { what = p.Key, count = p.Value }) });
    }
}
