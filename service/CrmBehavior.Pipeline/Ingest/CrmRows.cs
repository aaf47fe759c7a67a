using System;
using System.Collections.Generic;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Events made of rows read from the CRM.</summary>
public static class CrmRows
{
    /// <summary>A change of a contact to what its row says.</summary>
    /// <param name="id">Id of the event.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="row">Its columns.</param>
    /// <param name="now">When it was read, milliseconds since 1970.</param>
    /// <returns>The event.</returns>
    public static AcceptedEvent Changed(string id, Guid contact, IReadOnlyDictionary<string, object?> row, long now)
    {
        ArgumentNullException.ThrowIfNull(row);
        byte[] body = EventBody.Write(id, EventNames.ContactUpdated, now, now, "crm", json =>
        {
            json.WriteStartObject("traits");
            foreach ((string column, object? value) in row)
            {
                Write(json, column, value);
                string? trait = column switch { "emailaddress1" => "email", "donotemail" => "doNotEmail", "donotbulkemail" => "doNotBulkEmail", "crmb_timezone" => "timeZone", _ => null };
                if (trait != null) Write(json, trait, value);
            }
            json.WriteEndObject();
        });
        return new AcceptedEvent(id, EventNames.ContactUpdated, now, now, body) { Contact = contact, Lane = Lane.Reported };
    }

    static void Write(System.Text.Json.Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        System.Text.Json.JsonSerializer.Serialize(json, value);
    }
}
