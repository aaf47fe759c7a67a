using System;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>
/// Events from other systems, signed: header <c>X-Signature-256: sha256=hex</c> (or GitHub's <c>X-Hub-Signature-256</c>), HMAC-SHA256 of the raw body
/// with the source's secret. The body is a tracking call.
/// </summary>
internal static class SourceWebhookEndpoint
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 24 };

    public static void MapSourceWebhooks(this IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/{source}", TakeAsync).WithTags("Webhooks").LimitByAddress();

    static async Task<IResult> TakeAsync(string source, HttpContext context, ServiceSettings settings, IngestLimits limits, CallLimits rates, TrackingReader reader, TrackingIntake intake, TimeProvider clock, CancellationToken cancellation)
    {
        (byte[] body, int status, string? problem) = await RequestBody.ReadAsync(context.Request, limits.BatchBytes, cancellation);
        if (problem != null) return Answers.Error(status, problem);
        string written = context.Request.Headers["X-Signature-256"].ToString() is { Length: > 0 } own ? own : context.Request.Headers["X-Hub-Signature-256"].ToString();
        if (!settings.WebhookSecrets.TryGetValue(source, out string? secret) || !IsSigned(written, secret, body))
        {
            // Whoever lacks the secret must not use up what the source may send.
            return rates.RefuseKey(context, null) ?? Answers.Error(StatusCodes.Status401Unauthorized, "the source is unknown or the signature does not fit; sign the raw body with the secret of the setting Ingest:WebhookSecrets");
        }
        var key = new WriteKey("webhook:" + source, true, source);
        if (rates.RefuseKey(context, key) is { } often) return often;
        JsonElement call;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            call = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            return Answers.Error(StatusCodes.Status400BadRequest, $"the body is no JSON: {e.Message.Split(" Path:")[0]}");
        }
        long now = Instant.From(clock.GetUtcNow());
        (TrackingCall? read, CallProblem? wrong) = reader.Read(call, call.ValueKind == JsonValueKind.Object && call.TryGetProperty("type", out _) ? null : "track", key, null, now);
        if (read == null) return Answers.Error(StatusCodes.Status400BadRequest, wrong!.ToString());
        try
        {
            await intake.AcceptAsync([(new RawCall(call, "track", key, null, now, null), read)], cancellation);
        }
        catch (Exception e) when (e is QueueFullException or StoreUnavailableException)
        {
            context.Response.Headers.RetryAfter = "5";
            return Answers.Error(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        return Results.Json(new { success = true });
    }

    static bool IsSigned(string written, string secret, byte[] body)
    {
        byte[] expected = Encoding.ASCII.GetBytes("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(written.ToLowerInvariant()));
    }
}
