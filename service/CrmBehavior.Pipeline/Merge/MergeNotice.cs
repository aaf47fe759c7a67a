using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Merge;

/// <summary>What a change of a contact's row says of merging.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="Master">The contact that it was merged into; null when it is of its own (again).</param>
internal readonly record struct MergeNotice(Guid Contact, Guid? Master)
{
    /// <summary>The contact into which a row says that it was merged; null where it says nothing of the kind.</summary>
    public static Guid? MasterOf(IReadOnlyDictionary<string, object?> row) =>
        row.GetValueOrDefault("statecode") is { } state && Convert.ToInt32(state, CultureInfo.InvariantCulture) == 1 && Guid.TryParse(row.GetValueOrDefault("masterid")?.ToString(), out Guid master) ? master : null;

    /// <summary>
    /// Reads an event: a merged contact is inactive and names its master; one that is active again, or names none, was separated by hand.
    /// Null where it says nothing of merging.
    /// </summary>
    public static MergeNotice? Of(AcceptedEvent told)
    {
        if (told.Contact is not { } contact || told.Name is not (EventNames.ContactUpdated or EventNames.ContactCreated)) return null;
        ReadOnlySpan<byte> body = told.Body;
        if (body.IndexOf("\"masterid\""u8) < 0 && body.IndexOf("\"statecode\""u8) < 0) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(told.Body);
            // Only what the CRM itself says counts; a tracking call cannot merge people.
            if (!document.RootElement.TryGetProperty("source", out JsonElement source) || source.GetString() != "crm") return null;
            if (!document.RootElement.TryGetProperty("traits", out JsonElement traits) || traits.ValueKind != JsonValueKind.Object) return null;
            bool? isActive = traits.TryGetProperty("statecode", out JsonElement state) && state.ValueKind == JsonValueKind.Number && state.TryGetInt32(out int code) ? code == 0 : null;
            if (isActive == true) return new MergeNotice(contact, null);
            if (!traits.TryGetProperty("masterid", out JsonElement master)) return null;
            if (master.ValueKind == JsonValueKind.Null) return new MergeNotice(contact, null);
            return master.ValueKind == JsonValueKind.String && Guid.TryParse(master.GetString(), out Guid id) && id != contact ? new MergeNotice(contact, id) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Whatever takes the event in tells what is wrong with it.
            return null;
        }
    }
}
