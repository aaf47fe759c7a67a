using System;
using System.IO;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>Serves the browser's tracker.</summary>
internal static class TrackerEndpoints
{
    public static void MapTracker(this IEndpointRouteBuilder routes)
    {
        using Stream stream = typeof(TrackerEndpoints).Assembly.GetManifestResourceStream("CrmBehavior.Service.Http.crmb.js")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        byte[] script = bytes.ToArray();
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(script))[..16]}\"";
        routes.MapGet("/crmb.js", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=3600";
            return Results.Bytes(script, "text/javascript; charset=utf-8", entityTag: Microsoft.Net.Http.Headers.EntityTagHeaderValue.Parse(tag));
        }).ExcludeFromDescription().LimitByAddress();
    }
}
