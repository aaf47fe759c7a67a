using System.Collections.Concurrent;
using System.Text.Json;
using CrmBehavior.Sandbox.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Webhooks;

/// <summary>Stands in for all addresses that journeys call: takes what would be posted to them, and shows it. Kept while the process lives.</summary>
internal sealed class WebhookRoutes(SandboxClock clock)
{
    public const string Path = "/sandbox/webhooks";

    readonly ConcurrentQueue<object> taken = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (HttpRequest request, JsonElement body) =>
        {
            taken.Enqueue(new
            {
                id = request.Headers["Idempotency-Key"].ToString(),
                url = request.Headers["X-Crmb-Target"].ToString(),
                signature = request.Headers["X-Crmb-Signature"].ToString(),
                at = clock.GetUtcNow(),
                body,
            });
            return Results.NoContent();
        });
        routes.MapGet(Path, () => Results.Json(taken.ToArray()));
    }
}
