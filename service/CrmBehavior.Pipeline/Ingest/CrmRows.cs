using System;
using System.Collections.Generic;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Events made of rows read from the CRM.</summary>
public static class CrmRows
{
    /// <summary>Columns that the plugins publish, unless an administrator has added some to the step.</summary>
    public static IReadOnlyList<string> Published { get; } =
    [
        "firstname", "lastname", "fullname", "emailaddress1", "telephone1", "mobilephone", "jobtitle", "parentcustomerid", "address1_city", "address1_country", "ownerid",
        "statecode", "masterid", "donotemail", "donotbulkemail", "preferredcontactmethodcode", "crmb_timezone",
    ];

    /// <summary>The trait that a column is beside the one of its own name, or null.</summary>
    /// <param name="column">Logical name.</param>
    /// <returns>Name of the trait.</returns>
    public static string? TraitOf(string column) => column switch
    {
        "emailaddress1" => "email",
        "donotemail" => "doNotEmail",
        "donotbulkemail" => "doNotBulkEmail",
        "crmb_timezone" => "timeZone",
        _ => null,
    };

    /// <summary>A change of a contact to what its row says.</summary>
    /// <param name="id">Id of the event.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="row">Its columns.</param>
    /// <param name="now">When it was read, milliseconds since 1970.</param>
    /// <returns>The event.</returns>
    public static AcceptedEvent Changed(string id, Guid contact, IReadOnlyDictionary<string, object?> row, long now) => Told(id, EventNames.ContactUpdated, contact, row, now);

    /// <summary>An event of a contact that tells what its row says.</summary>
    /// <param name="id">Id of the event.</param>
    /// <param name="name">Its name.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="row">Its columns.</param>
    /// <param name="now">When it was read, milliseconds since 1970.</param>
    /// <returns>The event.</returns>
    public static AcceptedEvent Told(string id, string name, Guid contact, IReadOnlyDictionary<string, object?> row, long now)
    {
        ArgumentNullException.ThrowIfNull(row);
        byte[] body = EventBody.Write(id, name, now, now, "crm", json =>
        {
            json.WriteStartObject("traits");
            foreach ((string column, object? value) in row)
            {
                Write(json, column, value);
                if (TraitOf(column) is { } trait) Write(json, trait, value);
            }
            json.WriteEndObject();
        });
        return new AcceptedEvent(id, name, now, now, body) { Contact = contact, Lane = Lane.Reported };
    }

    static void Write(System.Text.Json.Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        System.Text.Json.JsonSerializer.Serialize(json, value);
    }
}
