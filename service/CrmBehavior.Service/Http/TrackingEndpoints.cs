using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
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
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>
/// The tracking API, Segment's over HTTP: its clients work when only their host is changed. Content types are not asked; the write key
/// comes as user of Basic authentication, or in the body.
/// </summary>
internal static class TrackingEndpoints
{
    /// <summary>Deeper than any call may be, so that one that is too deep spoils only itself.</summary>
    static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    static readonly (string Route, string? Type)[] Routes =
    [
        ("track", "track"), ("t", "track"), ("identify", "identify"), ("i", "identify"), ("page", "page"), ("p", "page"), ("screen", "screen"), ("s", "screen"),
        ("group", "group"), ("g", "group"), ("alias", "alias"), ("a", "alias"), ("batch", null), ("b", null), ("import", null),
    ];

    public static void MapTracking(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder v1 = routes.MapGroup("/v1").WithTags("Tracking").LimitByAddress();
        foreach ((string route, string? type) in Routes)
        {
            v1.MapPost(route, (HttpContext context, TrackingIntake intake, TrackingReader reader, IngestLimits limits, CallLimits rates, ServiceSettings settings, TimeProvider clock) =>
                type == null ? BatchAsync(context, intake, reader, limits, rates, settings, clock) : CallAsync(context, type, intake, reader, limits, rates, settings, clock)).ExcludeFromDescription(route.Length == 1 || route == "import");
        }
        // Metrics of Segment's browser client; nobody needs them here.
        v1.MapPost("m", () => Results.Json(new { success = true })).ExcludeFromDescription(true);
        v1.MapGet("projects/{key}/settings", (string key, HttpContext context) => Results.Json(new Dictionary<string, object>
        {
            ["integrations"] = new Dictionary<string, object> { ["Segment.io"] = new { apiKey = key, apiHost = context.Request.Host.Value + "/v1", protocol = context.Request.Scheme } },
            ["metrics"] = new { sampleRate = 0 },
        })).ExcludeFromDescription(true);
    }

    static TBuilder ExcludeFromDescription<TBuilder>(this TBuilder builder, bool exclude) where TBuilder : IEndpointConventionBuilder =>
        exclude ? builder.ExcludeFromDescription() : builder;

    static async Task<IResult> CallAsync(HttpContext context, string type, TrackingIntake intake, TrackingReader reader, IngestLimits limits, CallLimits rates, ServiceSettings settings, TimeProvider clock)
    {
        (JsonElement body, IResult? refused) = await ReadAsync(context, limits.CallBytes);
        if (refused != null) return refused;
        if (KeyOf(context.Request, body, settings) is not { } key) return rates.RefuseKey(context, null) ?? UnknownKey();
        if (rates.RefuseKey(context, key) is { } often) return often;
        long now = Instant.From(clock.GetUtcNow());
        (TrackingCall? call, CallProblem? problem) = reader.Read(body, type, key, null, now);
        if (call == null) return Answers.Error(StatusCodes.Status400BadRequest, problem!.ToString());
        return await AcceptAsync(context, intake, [(new RawCall(body, type, key, null, now, null), call)], null, context.RequestAborted);
    }

    static async Task<IResult> BatchAsync(HttpContext context, TrackingIntake intake, TrackingReader reader, IngestLimits limits, CallLimits rates, ServiceSettings settings, TimeProvider clock)
    {
        (JsonElement body, IResult? refused) = await ReadAsync(context, limits.BatchBytes);
        if (refused != null) return refused;
        if (KeyOf(context.Request, body, settings) is not { } key) return rates.RefuseKey(context, null) ?? UnknownKey();
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("batch", out JsonElement batch) || batch.ValueKind != JsonValueKind.Array)
        {
            return Answers.Error(StatusCodes.Status400BadRequest, "batch: is missing: a list of calls, each with its \"type\"");
        }
        if (batch.GetArrayLength() > limits.BatchCalls) return Answers.Error(StatusCodes.Status413PayloadTooLarge, $"batch: has more than {limits.BatchCalls} calls");
        if (rates.RefuseKey(context, key, batch.GetArrayLength()) is { } often) return often;
        long now = Instant.From(clock.GetUtcNow());
        long? sentAt = TrackingReader.SentAt(body);
        JsonElement shared = body.TryGetProperty("context", out JsonElement c) ? c : default;
        if (reader.ProblemOf(shared) is { } spoiled) return Answers.Error(StatusCodes.Status400BadRequest, $"context: {spoiled}");
        var calls = new List<(RawCall, TrackingCall)>();
        var errors = new List<BatchError>();
        int index = 0;
        foreach (JsonElement item in batch.EnumerateArray())
        {
            (TrackingCall? call, CallProblem? problem) = JsonMarshal.GetRawUtf8Value(item).Length > limits.CallBytes
                ? (null, new CallProblem("", $"the call is larger than {limits.CallBytes / 1024} KB")) : reader.Read(item, null, key, sentAt, now, shared);
            if (call == null) errors.Add(new BatchError(index, problem!.ToString()));
            else calls.Add((new RawCall(item, null, key, sentAt, now, shared.ValueKind == JsonValueKind.Undefined ? null : shared), call));
            index++;
        }
        return await AcceptAsync(context, intake, calls, errors, context.RequestAborted);
    }

    static async Task<IResult> AcceptAsync(HttpContext context, TrackingIntake intake, IReadOnlyList<(RawCall, TrackingCall)> calls, List<BatchError>? errors, CancellationToken cancellation)
    {
        try
        {
            await intake.AcceptAsync(calls, cancellation);
        }
        catch (QueueFullException e)
        {
            context.Response.Headers.RetryAfter = "1";
            return Answers.Error(StatusCodes.Status429TooManyRequests, e.Message);
        }
        catch (StoreUnavailableException e)
        {
            // Not acknowledged, because not durable; the sender keeps it and comes again.
            context.Response.Headers.RetryAfter = "5";
            return Answers.Error(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        return Results.Json(new Accepted(true, errors));
    }

    static async Task<(JsonElement Body, IResult? Refused)> ReadAsync(HttpContext context, int limit)
    {
        (byte[] bytes, int status, string? problem) = await RequestBody.ReadAsync(context.Request, limit, context.RequestAborted);
        if (problem != null) return (default, Answers.Error(status, problem));
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Deep);
            JsonElement body = document.RootElement.Clone();
            ReadOwn(body);
            return (body, null);
        }
        catch (InvalidOperationException)
        {
            return (default, Answers.Error(StatusCodes.Status400BadRequest, "the body has a name or text that is no valid text: half of a surrogate pair, or bytes that are no UTF-8"));
        }
        catch (JsonException e)
        {
            return (default, Answers.Error(StatusCodes.Status400BadRequest, $"the body is no JSON: {e.Message.Split(" Path:")[0]}"));
        }
    }

    /// <summary>
    /// Reads the body's own names and texts once, so that none of them fails later. What they hold is looked at call by call, for a call that
    /// is spoiled spoils only itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is no valid text; the parser looks only at their shape.</exception>
    static void ReadOwn(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty member in body.EnumerateObject())
        {
            _ = member.Name;
            if (member.Value.ValueKind == JsonValueKind.String) _ = member.Value.GetString();
        }
    }

    static JsonHttpResult<ErrorAnswer> UnknownKey() => Answers.Error(StatusCodes.Status401Unauthorized, "writeKey: is missing or unknown; send it as user of Basic authentication, or as \"writeKey\" in the body");

    static WriteKey? KeyOf(HttpRequest request, JsonElement body, ServiceSettings settings)
    {
        string header = request.Headers.Authorization.ToString();
        string? key = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? UserOf(header[6..].Trim()) : null;
        key ??= Text(body, "writeKey");
        if (key == null && body.ValueKind == JsonValueKind.Object && body.TryGetProperty("batch", out JsonElement batch) && batch.ValueKind == JsonValueKind.Array)
        {
            try
            {
                key = Text(batch.EnumerateArray().FirstOrDefault(), "writeKey");
            }
            catch (InvalidOperationException)
            {
                // Its first call is spoiled: then it carries no key.
            }
        }
        return key != null && settings.WriteKeys.TryGetValue(key, out WriteKey? found) ? found : null;
    }

    /// <summary>The user of Basic credentials; a missing colon is tolerated for old clients.</summary>
    static string? UserOf(string credentials)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(credentials, bytes, out int n)) return null;
        string text = Encoding.UTF8.GetString(bytes[..n]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text[..colon];
    }

    static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
