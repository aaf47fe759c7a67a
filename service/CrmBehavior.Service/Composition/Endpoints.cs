using CrmBehavior.Service.Api;
using CrmBehavior.Service.Clock;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Composition;

/// <summary>What the service answers, and where.</summary>
internal static class Endpoints
{
    public static void UseCrmBehavior(this WebApplication app, ServiceSettings settings, Foundation foundation)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<ErrorAnswers>();
        app.UseIngestCors();
        app.MapTracking();
        app.MapTracker();
        app.MapMailWebhook();
        app.MapSourceWebhooks();
        app.MapPreferences();
        app.MapHealth();
        app.MapApi(settings);
        app.MapCrmApi(settings);
        app.MapOpenApi("/openapi/{documentName}.json");
        if (foundation.Clock is SandboxTime clock) app.MapSandbox(clock);
        app.MapFallback(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(new ErrorAnswer("not_found", $"there is nothing at {context.Request.Method} {context.Request.Path}"));
        });
    }
}
