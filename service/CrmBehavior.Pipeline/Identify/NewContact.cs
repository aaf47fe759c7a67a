using System;
using System.Collections.Generic;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Identify;

/// <summary>What a contact is made of that comes from a form or an identify.</summary>
internal static class NewContact
{
    static readonly (string Trait, string Column, int Length)[] Taken =
        [("firstName", "firstname", 50), ("lastName", "lastname", 50), ("phone", "telephone1", 50), ("title", "jobtitle", 100)];

    public static Dictionary<string, object?> Columns(TrackingCall call, string email)
    {
        var columns = new Dictionary<string, object?>(StringComparer.Ordinal) { ["emailaddress1"] = email };
        foreach ((string trait, string column, int length) in Taken)
        {
            if ((Text(call.Traits, trait) ?? Text(call.Properties, trait)) is { } value) columns[column] = value.Length > length ? value[..length] : value;
        }
        if (!columns.ContainsKey("lastname"))
        {
            string local = email[..email.IndexOf('@', StringComparison.Ordinal)];
            columns["lastname"] = local.Length > 50 ? local[..50] : local;
        }
        return columns;
    }

    /// <summary>Id of the event that tells of a contact made here.</summary>
    public static string IdOf(Guid contact) => "created:" + contact.ToString("D");

    /// <summary>The event that the service records itself, because the plugin does not tell it of its own writes.</summary>
    public static AcceptedEvent Created(TrackingCall call, Guid contact, Dictionary<string, object?> columns)
    {
        string id = IdOf(contact);
        byte[] body = EventBody.Write(id, EventNames.ContactCreated, call.At, call.ReceivedAt, "engine", json =>
        {
            json.WriteStartObject("traits");
            foreach ((string column, object? value) in columns) json.WriteString(column, (string?)value);
            json.WriteString("email", (string?)columns["emailaddress1"]);
            json.WriteEndObject();
        });
        return new AcceptedEvent(id, EventNames.ContactCreated, call.At, call.ReceivedAt, body) { Contact = contact, Lane = call.Lane };
    }

    static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()) ? value.GetString()!.Trim() : null;
}
