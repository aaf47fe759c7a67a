using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>The definitions of the workload: twenty, and as many added ones as are asked for.</summary>
internal static class WorkloadDefinitions
{
    /// <summary>The authored documents.</summary>
    public static IReadOnlyList<JsonObject> Documents(int count, bool overlapping = false)
    {
        using Stream stream = typeof(WorkloadDefinitions).Assembly.GetManifestResourceStream("base-definitions.json")!;
        IEnumerable<JsonObject> known = JsonNode.Parse(stream)!.AsArray().Select(d => d!.AsObject());
        return [.. known.Take(count), .. Enumerable.Range(0, int.Max(0, count - 20)).Select(i => overlapping ? AddedDefinitions.Overlapping(i) : AddedDefinitions.Rare(i))];
    }

    /// <summary>The plan made of them.</summary>
    public static Plan Compile(int count, bool overlapping = false)
    {
        DefinitionSet set = DefinitionSet.Read(Documents(count, overlapping).Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString())));
        if (set.HasErrors) throw new InvalidDataException(string.Join('\n', set.Errors));
        return Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true });
    }
}
