using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Cuts a definition to <c>$select</c> and <c>$expand</c>; collections and option sets show only when expanded.</summary>
internal static class DefinitionShape
{
    static readonly string[] Expandable =
        ["Attributes", "Keys", "ManyToOneRelationships", "OneToManyRelationships", "ManyToManyRelationships", "OptionSet", "GlobalOptionSet"];

    public static JsonObject Apply(JsonObject definition, IReadOnlyDictionary<string, string> query)
    {
        string? select = query.GetValueOrDefault("$select");
        string[]? names = select?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var expansions = Expansions(query.GetValueOrDefault("$expand"));
        if (names?.FirstOrDefault(n => !definition.ContainsKey(n) && !Known.Contains(n)) is { } unknown)
            throw Failure.BadQuery(
                $"Could not find a property named '{unknown}' on type '{definition["@odata.type"]?.GetValue<string>().TrimStart('#') ?? "Microsoft.Dynamics.CRM.EntityMetadata"}'.");
        var shaped = new JsonObject();
        foreach ((string name, JsonNode? value) in definition)
        {
            if (expansions.TryGetValue(name, out Dictionary<string, string>? inner)) shaped[name] = Expand(value, inner);
            else if (Expandable.Contains(name)) continue;
            else if (names is null || names.Contains(name) || name is "MetadataId" or "@odata.type") shaped[name] = value?.DeepClone();
        }
        return shaped;
    }

    // Properties of one kind of column that another kind has not.
    static readonly string[] Known =
        ["MaxLength", "MinValue", "MaxValue", "Precision", "Format", "Targets", "DefaultFormValue", "DateTimeBehavior", "Description", "IsAuditEnabled",
            "IsSearchable"];

    static JsonNode? Expand(JsonNode? value, Dictionary<string, string> options) => value switch
    {
        JsonArray list => new JsonArray([.. Filtered(list, options).Select(o => Apply(o, options))]),
        JsonObject one when options.Count > 0 => Apply(one, options),
        _ => value?.DeepClone(),
    };

    static List<JsonObject> Filtered(JsonArray list, Dictionary<string, string> options) =>
        options.TryGetValue("$filter", out string? filter) ? [.. list.OfType<JsonObject>().Where(DefinitionFilter.Parse(filter))]
            : [.. list.OfType<JsonObject>()];

    // Attributes($select=LogicalName;$filter=…),Keys
    static Dictionary<string, Dictionary<string, string>> Expansions(string? expand)
    {
        var expansions = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(expand)) return expansions;
        foreach (string part in ResourcePath.Split(expand, ','))
        {
            int open = part.IndexOf('(', StringComparison.Ordinal);
            string name = (open < 0 ? part : part[..open]).Trim();
            if (!Expandable.Contains(name)) throw Failure.BadQuery($"Could not find a navigation property named '{name}'.");
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            if (open >= 0)
                foreach (string option in ResourcePath.Split(part[(open + 1)..].TrimEnd().TrimEnd(')'), ';'))
                {
                    int equals = option.IndexOf('=', StringComparison.Ordinal);
                    if (equals > 0) options[option[..equals].Trim()] = option[(equals + 1)..].Trim();
                }
            expansions[name] = options;
        }
        return expansions;
    }
}
