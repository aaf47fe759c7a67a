using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Http;

/// <summary>
/// Lets browsers of any origin send events, without credentials; nothing else gets a CORS header. Headers are listed by name, because
/// a star does not cover Authorization (Fetch standard).
/// </summary>
internal static class IngestCors
{
    public static void UseIngestCors(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/v1") && context.Request.Path != "/crmb.js")
        {
            await next();
            return;
        }
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Retry-After";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            headers.AccessControlAllowMethods = "POST, GET, OPTIONS";
            headers.AccessControlAllowHeaders = "authorization, content-type, x-retry-count";
            headers.AccessControlMaxAge = "86400";
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        await next();
    });
}
