using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;

namespace CrmBehavior.Storage.Plans;

/// <summary>The lists of a plan as JSON in UTF-8, as they are stored.</summary>
internal static class PlanCodec
{
    /// <exception cref="StoreException">A definition holds text that cannot be kept.</exception>
    public static byte[] Write(IReadOnlyList<PublishedDefinition> definitions)
    {
        for (int i = 0; i < definitions.Count; i++)
        {
            string row = $"Plan, definition {i}";
            StoredText.Check(definitions[i].Kind, row, "kind");
            StoredText.Check(definitions[i].Name, row, "name");
            StoredText.Check(definitions[i].Json, row, "JSON");
        }
        return JsonSerializer.SerializeToUtf8Bytes(definitions, PlanJson.Default.IReadOnlyListPublishedDefinition);
    }

    /// <exception cref="StoreException">A key holds text that cannot be kept.</exception>
    public static byte[] Write(IReadOnlyList<string> keys)
    {
        foreach (string key in keys) StoredText.Check(key, "Plan, layout", "key");
        return JsonSerializer.SerializeToUtf8Bytes(keys, PlanJson.Default.IReadOnlyListString);
    }

    public static IReadOnlyList<PublishedDefinition> ReadDefinitions(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, PlanJson.Default.IReadOnlyListPublishedDefinition)!;

    public static IReadOnlyList<string> ReadKeys(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, PlanJson.Default.IReadOnlyListString)!;
}

/// <summary>How the lists are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<PublishedDefinition>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class PlanJson : JsonSerializerContext
{
}
