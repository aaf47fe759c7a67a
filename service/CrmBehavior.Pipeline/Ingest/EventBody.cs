using System;
using System.Buffers;
using System.Text.Json;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Writes events in the form of the event log.</summary>
internal static class EventBody
{
    /// <summary>An event as JSON in UTF-8; members that are undefined are left out.</summary>
    public static byte[] Write(string id, string name, long at, long receivedAt, string source, Action<Utf8JsonWriter>? more)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("name", name);
            json.WriteString("at", Instant.ToText(at));
            json.WriteString("receivedAt", Instant.ToText(receivedAt));
            json.WriteString("source", source);
            more?.Invoke(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static void Member(Utf8JsonWriter json, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return;
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    /// <summary>The event of a tracking call.</summary>
    public static byte[] Of(TrackingCall call) => Write(call.Id, call.Name, call.At, call.ReceivedAt, call.Key.IsServer ? "server" : "web", json =>
    {
        Member(json, "properties", call.Properties);
        Member(json, "traits", call.Traits);
        Member(json, "context", call.Context);
    });
}
