using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Finds keys and texts that JSON allows, or the parser names without their place, and that cannot be read.</summary>
internal static class TextFault
{
    public const string HalfACharacter = "this text holds half of a surrogate pair (\\ud800 to \\udfff), which is no character; write the character itself";

    /// <summary>The pointer to the first key or text of a document that is no Unicode; empty where it cannot be told.</summary>
    public static string Unreadable(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = 128 });
            return Unreadable(document.RootElement, "") ?? "";
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    /// <summary>The pointer to the first key or text that is no Unicode, or null.</summary>
    public static string? Unreadable(JsonElement element, string pointer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: return Read(element.GetString) == null ? pointer : null;
            case JsonValueKind.Array:
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (Unreadable(item, $"{pointer}/{i++}") is { } found) return found;
                }
                return null;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (Read(() => property.Name) is not { } key) return pointer;
                    if (Unreadable(property.Value, $"{pointer}/{Place.Escape(key)}") is { } found) return found;
                }
                return null;
            default: return null;
        }
    }

    /// <summary>The pointer to the first key that stands twice in one object; empty where none does.</summary>
    public static string KeyTwice(string json)
    {
        var places = new Stack<(string Pointer, HashSet<string>? Keys, int Next)>();
        string key = "";
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF')), new JsonReaderOptions { MaxDepth = 128 });
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject: places.Push((Here(), new HashSet<string>(StringComparer.Ordinal), 0)); break;
                    case JsonTokenType.StartArray: places.Push((Here(), null, 0)); break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray: places.Pop(); break;
                    case JsonTokenType.PropertyName:
                        key = reader.GetString()!;
                        if (!places.Peek().Keys!.Add(key)) return $"{places.Peek().Pointer}/{Place.Escape(key)}";
                        break;
                    default: Here(); break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Something else is wrong, and told with its line.
        }
        return "";

        string Here()
        {
            if (places.Count == 0) return "";
            (string pointer, HashSet<string>? keys, int next) = places.Pop();
            places.Push((pointer, keys, next + 1));
            return $"{pointer}/{(keys == null ? next.ToString(System.Globalization.CultureInfo.InvariantCulture) : Place.Escape(key))}";
        }
    }

    static string? Read(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
