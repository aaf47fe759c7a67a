using System.Text.Json;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Reads values of the event that triggered an enrollment.</summary>
internal static class TriggerValues
{
    /// <summary>The value at a path in the properties; missing where there is none, or there was no event.</summary>
    public static Value At(byte[] properties, EventPath path)
    {
        if (properties.Length == 0 || path.Parts[0] != "properties") return default;
        using JsonDocument document = JsonDocument.Parse(properties);
        JsonElement at = document.RootElement;
        for (int i = 1; i < path.Parts.Count; i++)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(path.Parts[i], out at)) return default;
        }
        return Value.Of(at);
    }
}
