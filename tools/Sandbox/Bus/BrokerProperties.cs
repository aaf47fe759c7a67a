using System;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// The <c>BrokerProperties</c> header: one JSON object. Source: Microsoft's "Service Bus REST: message headers and properties".
/// Unknown names are ignored; times are RFC 1123.
/// </summary>
internal static class BrokerProperties
{
    /// <summary>Makes a message from the header; a sentence in <paramref name="problem"/> when it is not a legal one.</summary>
    public static BusMessage? Read(JsonObject? properties, string? contentType, out string? problem)
    {
        properties ??= [];
        problem = null;
        string? Text(string name) => properties[name] is JsonValue v && v.TryGetValue(out string? text) && text.Length > 0 ? text : null;
        string? session = Text("SessionId"), partition = Text("PartitionKey"), id = Text("MessageId");
        if (session is not null && partition is not null && session != partition) problem = "SessionId and PartitionKey must be equal when both are set.";
        else if (id is { Length: > 128 } || session is { Length: > 128 }) problem = "MessageId and SessionId have at most 128 characters.";
        DateTime? scheduled = null;
        if (Text("ScheduledEnqueueTimeUtc") is { } time)
        {
            if (DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime at))
                scheduled = at;
            else problem = $"ScheduledEnqueueTimeUtc '{time}' is not a date.";
        }
        if (problem is not null) return null;
        return new BusMessage
        {
            MessageId = id ?? Guid.NewGuid().ToString("N"),
            ContentType = contentType ?? Text("ContentType"),
            CorrelationId = Text("CorrelationId"),
            Label = Text("Label"),
            PartitionKey = partition,
            ReplyTo = Text("ReplyTo"),
            ReplyToSessionId = Text("ReplyToSessionId"),
            SessionId = session,
            To = Text("To"),
            TimeToLive = Life(properties),
            ScheduledAt = scheduled,
        };
    }

    /// <summary>The header of a message handed out.</summary>
    public static string Write(Delivery delivery, DateTime now)
    {
        BusMessage m = delivery.Message;
        var json = new JsonObject
        {
            ["DeliveryCount"] = m.Deliveries,
            ["EnqueuedSequenceNumber"] = 0,
            ["EnqueuedTimeUtc"] = Time(m.EnqueuedAt),
            ["MessageId"] = m.MessageId,
            ["SequenceNumber"] = m.Sequence,
            ["State"] = m.ScheduledAt > now ? "Scheduled" : "Active",
            ["TimeToLive"] = m.TimeToLive?.TotalSeconds ?? 922337203685.47754,
        };
        if (delivery.LockToken is { } token) json["LockToken"] = token.ToString();
        if (delivery.LockedUntil is { } until) json["LockedUntilUtc"] = Time(until);
        if (m.ScheduledAt is { } scheduled) json["ScheduledEnqueueTimeUtc"] = Time(scheduled);
        foreach ((string name, string? value) in new (string, string?)[]
        {
            ("CorrelationId", m.CorrelationId), ("Label", m.Label), ("PartitionKey", m.PartitionKey), ("ReplyTo", m.ReplyTo),
            ("ReplyToSessionId", m.ReplyToSessionId), ("SessionId", m.SessionId), ("To", m.To),
        })
            if (value is not null) json[name] = value;
        return json.ToJsonString();
    }

    /// <summary>RFC 1123, to the second.</summary>
    public static string Time(DateTime utc) => utc.ToString("R", CultureInfo.InvariantCulture);

    static TimeSpan? Life(JsonObject properties)
    {
        if (properties["TimeToLiveTimeSpan"] is JsonValue span && span.TryGetValue(out string? text)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan life)) return life;
        return properties["TimeToLive"] is JsonValue number && number.TryGetValue(out double seconds) && seconds is > 0 and < 3e9
            ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>The header's text as an object; false when it is no JSON object.</summary>
    public static bool TryParse(string? header, out JsonObject? properties)
    {
        properties = null;
        if (string.IsNullOrEmpty(header)) return true;
        try
        {
            properties = JsonNode.Parse(header) as JsonObject;
            return properties is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
