using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmBehavior.Definitions.Tests.Schema;

/// <summary>As much of JSON schema 2020-12 as the language's schema uses; an unknown keyword is an error, so that none is passed over.</summary>
internal sealed class SchemaCheck(JsonElement root)
{
    /// <summary>What is wrong with a value, by pointer; empty when it fits.</summary>
    public IReadOnlyList<string> Of(JsonElement value) => Of(root, value, "");

    List<string> Of(JsonElement schema, JsonElement value, string at)
    {
        var wrong = new List<string>();
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            JsonElement k = keyword.Value;
            bool fits = keyword.Name switch
            {
                "$schema" or "title" or "description" or "$defs" => true,
                "$ref" => Add(wrong, Of(root.GetProperty("$defs").GetProperty(k.GetString()!["#/$defs/".Length..]), value, at)),
                "oneOf" => k.EnumerateArray().Count(s => Of(s, value, at).Count == 0) == 1,
                "anyOf" => k.EnumerateArray().Any(s => Of(s, value, at).Count == 0),
                "type" => (k.ValueKind == JsonValueKind.Array ? k.EnumerateArray().Select(t => t.GetString()!) : [k.GetString()!]).Any(t => IsOf(t, value)),
                "const" => JsonElement.DeepEquals(k, value),
                "enum" => k.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)),
                "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, k.GetString()!),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= k.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= k.GetInt32(),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= k.GetDouble(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= k.GetDouble(),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= k.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= k.GetInt32(),
                "minProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= k.GetInt32(),
                "required" => value.ValueKind != JsonValueKind.Object || k.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _)),
                "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Select((v, i) => Add(wrong, Of(k, v, $"{at}/{i}"))).All(told => told),
                "properties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Where(p => k.TryGetProperty(p.Name, out _)).All(p => Add(wrong, Of(k.GetProperty(p.Name), p.Value, $"{at}/{p.Name}"))),
                "additionalProperties" => value.ValueKind != JsonValueKind.Object || Others(schema, value).All(p => k.ValueKind == JsonValueKind.False ? Add(wrong, [$"{at}/{p.Name}: unknown"]) : Add(wrong, Of(k, p.Value, $"{at}/{p.Name}"))),
                _ => throw new NotSupportedException($"The check does not know the keyword {keyword.Name}."),
            };
            if (!fits) wrong.Add($"{at}: {keyword.Name}");
        }
        return wrong;
    }

    static bool Add(List<string> wrong, IEnumerable<string> more)
    {
        wrong.AddRange(more);
        return true;
    }

    static IEnumerable<JsonProperty> Others(JsonElement schema, JsonElement value) =>
        value.EnumerateObject().Where(p => !(schema.TryGetProperty("properties", out JsonElement known) && known.TryGetProperty(p.Name, out _)));

    static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
