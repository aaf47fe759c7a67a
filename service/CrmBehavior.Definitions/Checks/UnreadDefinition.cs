using System.Text.Json;

namespace CrmBehavior.Definitions.Checks;

/// <summary>A definition that is wrong somewhere, but says its kind and name: others that name it are not to blame, and its own names are checked.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Source">Its text, which is JSON.</param>
internal sealed record UnreadDefinition(string Kind, string Name, DefinitionSource Source)
{
    /// <summary>What a text says of itself; null where it is no JSON object.</summary>
    public static UnreadDefinition? Of(DefinitionSource source)
    {
        string json = source.Json.TrimStart('\uFEFF');
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Object ? null
                : new UnreadDefinition(Text(document.RootElement, "kind"), Text(document.RootElement, "name"), source with { Json = json });
        }
        catch (System.Exception e) when (e is JsonException or System.ArgumentException or System.InvalidOperationException)
        {
            return null;
        }
    }

    static string Text(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
