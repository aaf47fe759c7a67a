using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>A change in the CRM as it came over the bus.</summary>
/// <param name="Events">One event for each contact concerned.</param>
/// <param name="Incomplete">Contacts whose row should be read again, because values were cut.</param>
/// <param name="Addresses">Addresses that the contacts now have, or (null) gave up, by contact.</param>
/// <param name="Address">Where no contact is named: the address of whom it is about, or null.</param>
public sealed record CrmChange(IReadOnlyList<AcceptedEvent> Events, IReadOnlyList<Guid> Incomplete, IReadOnlyDictionary<Guid, string?> Addresses, string? Address = null);

/// <summary>
/// Reads what the plugin puts into the execution context that Dataverse posts: the JSON of <see cref="EventMessage"/> in a shared variable
/// of a <c>RemoteExecutionContext</c> in DataContract JSON, whose dictionaries are lists of key and value.
/// </summary>
public static class CrmEventReader
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <summary>Reads a message of the bus.</summary>
    /// <param name="message">The body.</param>
    /// <param name="receivedAt">Now, milliseconds since 1970.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>The change, or null when it cannot be read.</returns>
    public static CrmChange? Read(ReadOnlyMemory<byte> message, long receivedAt, out string? problem)
    {
        try
        {
            using JsonDocument context = JsonDocument.Parse(message, Strict);
            if (Variable(context.RootElement) is not { } text)
            {
                problem = $"the message carries no \"{EventMessage.VariableName}\"; is it posted by a step of another solution?";
                return null;
            }
            using JsonDocument change = JsonDocument.Parse(text, Strict);
            return Read(change.RootElement, receivedAt, out problem);
        }
        catch (JsonException e)
        {
            problem = $"the message is no JSON: {e.Message}";
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            problem = $"the message has another form than expected: {e.Message}";
            return null;
        }
    }

    static string? Variable(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Object || !context.TryGetProperty("SharedVariables", out JsonElement variables) || variables.ValueKind != JsonValueKind.Array) return null;
        foreach (JsonElement pair in variables.EnumerateArray())
        {
            if (pair.TryGetProperty("key", out JsonElement key) && key.GetString() == EventMessage.VariableName && pair.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        }
        return null;
    }

    static CrmChange? Read(JsonElement change, long receivedAt, out string? problem)
    {
        problem = null;
        int version = change.GetProperty("v").GetInt32();
        if (version != EventMessage.CurrentVersion)
        {
            problem = $"the event has form {version}; this program reads form {EventMessage.CurrentVersion}. Bring service and solution to the same version";
            return null;
        }
        string id = Key(change, "id"), name = Key(change, "name");
        if (!Instant.TryParse(Text(change, "at") ?? "", out long at)) throw new FormatException("\"at\" is no instant.");
        at = Math.Min(at, receivedAt);
        long order = change.TryGetProperty("rowVersion", out JsonElement row) ? row.GetInt64() : 0;
        JsonElement traits = change.TryGetProperty("traits", out JsonElement t) ? t : default, properties = change.TryGetProperty("properties", out JsonElement p) ? p : default;
        byte[] body = EventBody.Write(id, name, at, receivedAt, "crm", json =>
        {
            if (order != 0) json.WriteNumber("order", order);
            EventBody.Member(json, "properties", properties);
            EventBody.Member(json, "traits", traits);
        });
        Guid[] contacts = [.. change.GetProperty("contactIds").EnumerateArray().Select(c => c.GetGuid()).Distinct()];
        bool isIncomplete = change.TryGetProperty("incomplete", out JsonElement cut) && cut.ValueKind == JsonValueKind.True;
        var addresses = new Dictionary<Guid, string?>();
        if (traits.ValueKind == JsonValueKind.Object && traits.TryGetProperty("emailaddress1", out JsonElement email))
        {
            foreach (Guid contact in contacts) addresses[contact] = email.ValueKind == JsonValueKind.String ? email.GetString() : null;
        }
        // Until a lead is a contact, its events are kept as those of a visitor; the first event that names both joins them.
        string[] leads = [.. new[] { Text(properties, "leadId"), Text(traits, "originatingleadid") }.OfType<string>().Distinct().Select(lead => "lead:" + lead.ToLowerInvariant())];
        IEnumerable<Guid?> subjects = contacts.Length > 0 ? contacts.Select(c => (Guid?)c) : leads.Length > 0 || Text(change, "email") != null ? [null] : [];
        return new CrmChange(
            [.. subjects.Select(c => new AcceptedEvent(id, name, at, receivedAt, body) { Contact = c, Visitors = leads, Lane = Lane.Reported })], isIncomplete ? contacts : [], addresses,
            contacts.Length > 0 ? null : Text(change, "email"));
    }

    /// <summary>A text that the stores can keep as a key.</summary>
    static string Key(JsonElement change, string member) =>
        Text(change, member) is { Length: <= 256 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new FormatException($"\"{member}\" is no text of 1 to 256 characters.");

    static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
