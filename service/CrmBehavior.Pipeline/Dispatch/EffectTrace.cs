using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Text.Json;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Carries the trace of an event along with the effects that it led to, as a member <c>trace</c> (W3C traceparent) of their bodies.</summary>
internal static class EffectTrace
{
    static readonly byte[] Member = ",\"trace\":\""u8.ToArray();

    /// <summary>The body with the trace; the body itself where there is none.</summary>
    public static byte[] Add(byte[] body, string? trace)
    {
        if (trace == null || body.Length < 3 || body[^1] != '}') return body;
        return [.. body.AsSpan(0, body.Length - 1), .. Member, .. Encoding.ASCII.GetBytes(trace), (byte)'"', (byte)'}'];
    }

    /// <summary>Spans of effects that are carried out together, each in the trace of its event; nothing when nobody listens.</summary>
    public static IReadOnlyList<Activity> Start(string name, IEnumerable<LeasedEffect> effects)
    {
        if (!PipelineTelemetry.Traces.HasListeners()) return [];
        return [.. effects.Select(e => StartOne(name, e.Effect)).OfType<Activity>()];
    }

    /// <summary>Ends spans.</summary>
    public static void Stop(IReadOnlyList<Activity> spans)
    {
        foreach (Activity span in spans) span.Dispose();
    }

    static Activity? StartOne(string name, Effect effect)
    {
        ActivityContext.TryParse(Of(effect.Body), null, isRemote: true, out ActivityContext parent);
        Activity? span = PipelineTelemetry.Traces.StartActivity(name, ActivityKind.Client, parent);
        span?.SetTag("crmb.effect", effect.Id).SetTag("crmb.effect.kind", effect.Kind).SetTag("crmb.contact", effect.Contact);
        // What follows in this process belongs to no single one of them.
        Activity.Current = span?.Parent;
        return span;
    }

    static string? Of(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("trace", out JsonElement trace) ? trace.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
