using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>Whether the process lives, and whether it does its work; what is wrong stands there in words.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new { status = "alive" })).WithTags("Health");
        routes.MapGet("/health/ready", ReadyAsync).WithTags("Health");
    }

    static async Task<IResult> ReadyAsync(
        PlanHolder plans, IOutbox outbox, IServiceStore store, EventQueue queue, DefinitionFollower follower, MailDispatcher mail, WorkerHealth workers, CancellationToken cancellation)
    {
        var troubles = new List<string>();
        if (!plans.IsLoaded) troubles.Add("The definitions are not loaded yet.");
        (long waiting, long parked, TimeSpan oldest) counts = (0, 0, TimeSpan.Zero);
        long inputs = 0;
        bool isStoreWell = true;
        try
        {
            counts = await outbox.CountAsync(cancellation);
            (_, inputs) = await store.ReadParkedInputsAsync(0, cancellation);
            if ((await store.ReadUnresolvedAsync(1, cancellation)).Count > 0) troubles.Add("Calls wait until the CRM can say whose they are.");
        }
        catch (StoreUnavailableException e)
        {
            isStoreWell = false;
            troubles.Add($"The store does not answer: {e.Message}");
        }
        troubles.AddRange(workers.Problems.Select(p => $"{p.Key}: {p.Value}"));
        if (mail.Held is { } held) troubles.Add($"No mail is sent, and no webhook called: {held}");
        if (mail.Closed is { } closed) troubles.Add($"No mail is sent: {closed}");
        if (counts.parked > 0) troubles.Add($"{counts.parked} effects are set aside and wait for a person: GET /api/parked/effects says why.");
        if (inputs > 0) troubles.Add($"{inputs} inputs could not be read and are set aside: GET /api/parked/inputs says why.");
        troubles.AddRange(follower.LeftOut.Select(l => $"A published definition is left out: {l}"));
        // Trouble outside (CRM, bus, mail) is told but does not make the process unready: it takes events in all the same.
        bool isReady = plans.IsLoaded && isStoreWell;
        return Results.Json(new
        {
            status = !isReady ? "not ready" : troubles.Count == 0 ? "ready" : "ready, with troubles",
            troubles,
            plan = plans.IsLoaded ? plans.Current.Generation : 0,
            queue = queue.Waiting,
            outbox = new { counts.waiting, counts.parked, oldestSeconds = (long)counts.oldest.TotalSeconds },
            parkedInputs = inputs,
        }, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
