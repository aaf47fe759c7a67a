using System;
using System.Text.Json;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Makes events of what the service itself hears: the mail provider's reports, unsubscriptions, preferences.</summary>
public static class OwnEvents
{
    /// <summary>An event of a contact.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="id">Key against repeated delivery.</param>
    /// <param name="name">Its name.</param>
    /// <param name="at">When it happened; later than now counts as now.</param>
    /// <param name="now">Now, milliseconds since 1970.</param>
    /// <param name="source">Where it comes from: <c>mail</c>, <c>web</c>, <c>webhook</c>.</param>
    /// <param name="lane">How urgent it is.</param>
    /// <param name="properties">Writes its properties.</param>
    /// <returns>The event.</returns>
    public static AcceptedEvent Of(Guid contact, string id, string name, long at, long now, string source, Lane lane, Action<Utf8JsonWriter> properties)
    {
        at = Math.Min(at, now);
        byte[] body = EventBody.Write(id, name, at, now, source, json =>
        {
            json.WriteStartObject("properties");
            properties(json);
            json.WriteEndObject();
        });
        return new AcceptedEvent(id, name, at, now, body) { Contact = contact, Lane = lane };
    }
}
