using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Goes over the steps of a journey, inner ones included.</summary>
public static class StepWalk
{
    /// <summary>All steps, each before those inside it.</summary>
    /// <param name="steps">A list of steps.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<Step> All(IEnumerable<Step> steps) => steps.SelectMany(s => All(Inner(s)).Prepend(s));

    /// <summary>The steps of all arms of a step.</summary>
    static IEnumerable<Step> Inner(Step step) => step switch
    {
        WaitForStep wait => wait.Then.Concat(wait.Else),
        BranchStep branch => branch.Arms.SelectMany(a => a.Then).Concat(branch.Else ?? []),
        SplitStep split => split.Arms.SelectMany(a => a.Then),
        ReviewStep review => review.Then.Concat(review.Else),
        _ => [],
    };

    /// <summary>JSON pointer of the step with an id.</summary>
    internal static string PointerOf(string json, string id)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("steps", out JsonElement steps) ? Find(steps, "/steps", id) ?? "/steps" : "";
    }

    static string? Find(JsonElement element, string pointer, string id)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select((e, i) => Find(e, $"{pointer}/{i}", id)).FirstOrDefault(p => p != null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (element.TryGetProperty("id", out JsonElement own) && own.ValueKind == JsonValueKind.String && own.GetString() == id) return pointer;
        return element.EnumerateObject().Select(p => Find(p.Value, $"{pointer}/{p.Name}", id)).FirstOrDefault(p => p != null);
    }
}
