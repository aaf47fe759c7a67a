using System.Collections.Generic;
using System.Text.Json;

namespace CrmBehavior.Definitions.Checks;

/// <summary>A place in a definition that names another.</summary>
/// <param name="Kind">Kind of what is named.</param>
/// <param name="Name">Its name.</param>
/// <param name="Pointer">Where.</param>
/// <param name="Detail">The grade of a score's event, or the state asked of a journey; else null.</param>
/// <param name="ByEvent">Whether it is named by an event that it raises.</param>
internal sealed record Reference(string Kind, string Name, string Pointer, string? Detail, bool ByEvent);

/// <summary>Finds the names in a definition's JSON, with their places.</summary>
internal static class ReferenceFinder
{
    public static IEnumerable<Reference> In(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var found = new List<Reference>();
        Walk(document.RootElement, "", found);
        return found;
    }

    static void Walk(JsonElement element, string pointer, List<Reference> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            int i = 0;
            foreach (JsonElement item in element.EnumerateArray()) Walk(item, $"{pointer}/{i++}", found);
            return;
        }
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string at = $"{pointer}/{property.Name.Replace("~", "~0").Replace("/", "~1")}";
            // What stands in these is the author's own data, not language.
            if (property.Name is "where" or "body" or "fallbacks" or "setField" or "timeline" or "notifySales") continue;
            if (property.Value.ValueKind == JsonValueKind.String) Text(property.Name, property.Value.GetString()!, at, element, found);
            else if (property.Name == "journeys" && property.Value.ValueKind == JsonValueKind.Array) Journeys(property.Value, at, found);
            else Walk(property.Value, at, found);
        }
    }

    static void Text(string key, string value, string at, JsonElement around, List<Reference> found)
    {
        switch (key)
        {
            case "segment" or "signal" or "score" or "template": found.Add(new Reference(key, value, at, null, false)); break;
            case "journey":
                string? state = around.TryGetProperty("state", out JsonElement s) && s.ValueKind == JsonValueKind.String ? s.GetString() : null;
                found.Add(new Reference(key, value, at, state ?? "enroll", false));
                break;
            case "event" when Raised(value) is var (kind, name, detail): found.Add(new Reference(kind, name, at, detail, true)); break;
        }
    }

    static void Journeys(JsonElement list, string at, List<Reference> found)
    {
        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) found.Add(new Reference("journey", item.GetString()!, $"{at}/{i}", "pause", false));
            i++;
        }
    }

    /// <summary>Who raises events of a name, or null when nobody of ours does.</summary>
    public static (string Kind, string Name, string? Detail)? Raised(string eventName)
    {
        int colon = eventName.IndexOf(':', System.StringComparison.Ordinal);
        if (colon < 0) return null;
        string rest = eventName[(colon + 1)..];
        switch (eventName[..colon])
        {
            case "signal": return ("signal", rest, null);
            case "segment_entered" or "segment_left": return ("segment", rest, null);
            case "journey_entered" or "journey_exited" or "journey_goal" or "enroll_requested": return ("journey", rest, null);
            case "score":
                int last = rest.LastIndexOf(':');
                return last < 0 ? ("score", rest, "") : ("score", rest[..last], rest[(last + 1)..]);
            default: return null;
        }
    }
}
