using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>What is wrong with a call.</summary>
/// <param name="Field">The field, as <c>properties.amount</c>; empty for the whole.</param>
/// <param name="Message">What is wrong and what to send instead.</param>
public sealed record CallProblem(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}

/// <summary>Reads calls of the tracking API.</summary>
public sealed class TrackingReader(IngestLimits limits)
{
    /// <summary>Late by more than this, an event is history brought in, and waits for what is fresh.</summary>
    const long BulkAge = Duration.Day;

    /// <summary>Names that only the product itself or a secret key may report: a browser must not speak of consent, mails or the CRM.</summary>
    static readonly string[] Reserved = ["consent_changed", "contact_", "activity_", "email_", "review_decided", "score_added", "journey_", "segment_", "signal:", "score:", "enroll_requested:"];

    readonly ContentCheck check = new(limits);

    /// <summary>What is wrong with the content of something that several calls share, as the context of a batch.</summary>
    /// <param name="shared">It; may be undefined.</param>
    /// <returns>What is wrong, or null.</returns>
    public CallProblem? ProblemOf(JsonElement shared) => check.Problem(shared);

    /// <summary>Reads a call.</summary>
    /// <param name="call">The call's object.</param>
    /// <param name="type">Its kind: <c>track identify page screen group alias</c>; null to take it from the call's own <c>type</c>.</param>
    /// <param name="key">Which key it came by.</param>
    /// <param name="sentAt">When the sender sent it by its own clock, or null; stands for all calls of a batch.</param>
    /// <param name="receivedAt">Now, milliseconds since 1970.</param>
    /// <param name="context">Context of the whole batch, or undefined.</param>
    /// <returns>The call, or what is wrong with it.</returns>
    public (TrackingCall? Call, CallProblem? Problem) Read(JsonElement call, string? type, WriteKey key, long? sentAt, long receivedAt, JsonElement context = default)
    {
        if (call.ValueKind != JsonValueKind.Object) return Wrong("", "a call is a JSON object");
        // First of all: what follows reads text and names that are sound.
        if (check.Problem(call) is { } problem) return (null, problem);
        if (type == null)
        {
            type = Text(call, "type");
            if (type is not ("track" or "identify" or "page" or "screen" or "group" or "alias")) return Wrong("type", "write one of \"track\", \"identify\", \"page\", \"screen\", \"group\", \"alias\"");
        }
        foreach (string id in new[] { "messageId", "userId", "anonymousId", "previousId", "groupId" })
        {
            if (call.TryGetProperty(id, out JsonElement value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Number)) return Wrong(id, "must be text");
            if (Text(call, id) is { Length: > 256 }) return Wrong(id, "must have 256 characters at most");
        }
        foreach (string map in new[] { "traits", "properties", "context" })
        {
            if (call.TryGetProperty(map, out JsonElement value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return Wrong(map, "must be an object");
        }
        string? userId = Text(call, "userId"), anonymousId = Text(call, "anonymousId");
        if (string.IsNullOrWhiteSpace(userId) && string.IsNullOrWhiteSpace(anonymousId)) return Wrong("userId", "is missing, and so is anonymousId: say who it was by one of them");
        (string? name, CallProblem? wrong) = NameOf(call, type, key);
        if (name == null) return (null, wrong);
        (long at, wrong) = TimeOf(call, sentAt, receivedAt);
        if (wrong != null) return (null, wrong);
        JsonElement own = Object(call, "context");
        JsonElement traits = type == "group" ? default : Object(call, "traits"), properties = PropertiesOf(call, type);
        JsonElement merged = own.ValueKind == JsonValueKind.Object ? own : context;
        string? email = Text(traits, "email") ?? Text(Object(merged, "traits"), "email") ?? (name == EventNames.FormSubmitted ? Text(properties, "email") : null);
        return (new TrackingCall
        {
            Id = Text(call, "messageId") is { Length: > 0 } id1 ? id1 : Guid.NewGuid().ToString("N"),
            Name = name,
            At = at,
            ReceivedAt = receivedAt,
            UserId = Blank(userId),
            AnonymousId = Blank(anonymousId),
            PreviousId = type == "alias" ? Blank(Text(call, "previousId")) : null,
            Email = Blank(email)?.Trim(),
            MayCreate = type == "identify" || name == EventNames.FormSubmitted,
            UserHash = Text(merged, "userHash"),
            Link = Text(merged, "crmb"),
            Traits = traits,
            Properties = properties,
            Context = merged,
            Key = key,
            Lane = receivedAt - at > BulkAge ? Lane.Bulk : Lane.Fresh,
        }, null);
    }

    static (string? Name, CallProblem? Problem) NameOf(JsonElement call, string type, WriteKey key)
    {
        switch (type)
        {
            case "page": return (EventNames.PageViewed, null);
            case "screen": return (EventNames.ScreenViewed, null);
            case "identify": return (EventNames.Identified, null);
            case "group":
                return string.IsNullOrWhiteSpace(Text(call, "groupId")) ? (null, new CallProblem("groupId", "is missing: which group?")) : ("group_joined", null);
            case "alias":
                return string.IsNullOrWhiteSpace(Text(call, "previousId")) ? (null, new CallProblem("previousId", "is missing: who was the user before?")) : ("alias_created", null);
        }
        string? written = call.TryGetProperty("event", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        string name = written == null ? "" : EventName.ToSnakeCase(written);
        if (name.Length == 0) return (null, new CallProblem("event", "is missing: the name of what happened, as text"));
        if (name.Length > 128) return (null, new CallProblem("event", "must have 128 characters at most"));
        if (!key.IsServer && Reserved.Any(r => name.StartsWith(r, StringComparison.Ordinal)))
        {
            return (null, new CallProblem("event", $"\"{name}\" cannot be reported by a browser's key; send it from a server"));
        }
        return (name, null);
    }

    static (long At, CallProblem? Problem) TimeOf(JsonElement call, long? sentAt, long receivedAt)
    {
        foreach (string field in new[] { "timestamp", "originalTimestamp" })
        {
            if (!call.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null) continue;
            if (value.ValueKind != JsonValueKind.String || !Instant.TryParse(value.GetString()!, out long at)) return (0, new CallProblem(field, "must be an RFC 3339 instant, as in \"2026-01-05T10:00:00Z\""));
            if (at < 0) return (0, new CallProblem(field, "lies before 1970"));
            long own = sentAt ?? SentAt(call) ?? long.MinValue;
            // The sender's clock may be wrong; how long ago it was by that clock is right.
            if (own != long.MinValue) at = receivedAt - Math.Max(0, own - at);
            return (Math.Clamp(at, 0, receivedAt), null);
        }
        return (receivedAt, null);
    }

    /// <summary>When a call or batch was sent by the sender's clock; null where it does not say.</summary>
    /// <param name="call">The call, or the batch.</param>
    /// <returns>Milliseconds since 1970.</returns>
    public static long? SentAt(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("sentAt", out JsonElement sent) && sent.ValueKind == JsonValueKind.String && Instant.TryParse(sent.GetString()!, out long at) ? at : null;

    static JsonElement PropertiesOf(JsonElement call, string type)
    {
        JsonElement properties = Object(call, "properties");
        var more = new Dictionary<string, object?>();
        switch (type)
        {
            case "page":
                JsonElement page = Object(Object(call, "context"), "page");
                foreach (string field in new[] { "path", "url", "title", "referrer", "search" })
                {
                    if (Text(properties, field) == null && Text(page, field) is { } value) more[field] = value;
                }
                Add(call, more, "name", "category");
                break;
            case "screen": Add(call, more, "name"); break;
            case "group":
                Add(call, more, "groupId");
                properties = Object(call, "traits");
                break;
        }
        if (more.Count == 0) return properties;
        if (properties.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in properties.EnumerateObject()) more[property.Name] = property.Value;
        }
        return JsonSerializer.SerializeToElement(more);
    }

    static void Add(JsonElement call, Dictionary<string, object?> more, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            if (Text(call, field) is { } value) more[field] = value;
        }
    }

    static JsonElement Object(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// <summary>Text of a member, also of a number; null where there is none.</summary>
    static string? Text(JsonElement parent, string key)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(key, out JsonElement value)) return null;
        return value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    static (TrackingCall?, CallProblem) Wrong(string field, string message) => (null, new CallProblem(field, message));
}
