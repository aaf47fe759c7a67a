using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Differences;

/// <summary>How a definition of one set stands to that of another.</summary>
public enum ChangeKind
{
    /// <summary>Only the later set has it.</summary>
    New,

    /// <summary>Both have it, and it says something else.</summary>
    Changed,

    /// <summary>Only the earlier set has it.</summary>
    Gone,
}

/// <summary>What becomes of one definition.</summary>
/// <param name="Change">How it changes.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Lines">In words: lines that begin with <c>- </c> are no longer so, with <c>+ </c> newly so, others explain.</param>
public sealed record DefinitionChange(ChangeKind Change, string Kind, string Name, IReadOnlyList<string> Lines);

/// <summary>What changes between two sets of definitions, in words. How a file is laid out and in which order its keys stand is no change.</summary>
public static class SetDifference
{
    /// <summary>What changes.</summary>
    /// <param name="before">The earlier set.</param>
    /// <param name="after">The later set.</param>
    /// <returns>The changes: new, changed, gone, each by kind and name; empty when the sets say the same.</returns>
    public static IReadOnlyList<DefinitionChange> Between(DefinitionSet before, DefinitionSet after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Dictionary<(string, string), Definition> old = before.Definitions.GroupBy(d => (d.Kind, d.Name)).ToDictionary(g => g.Key, g => g.First());
        var changes = new List<DefinitionChange>();
        foreach (Definition definition in after.Definitions)
        {
            if (!old.Remove((definition.Kind, definition.Name), out Definition? earlier))
            {
                changes.Add(new DefinitionChange(ChangeKind.New, definition.Kind, definition.Name, [.. DefinitionWords.Of(definition).Select(l => "+ " + l)]));
            }
            else if (Change(earlier, before.Sources[earlier].Json, definition, after.Sources[definition].Json) is { } change) changes.Add(change);
        }
        changes.AddRange(old.Values.Select(d => new DefinitionChange(ChangeKind.Gone, d.Kind, d.Name, [.. DefinitionWords.Of(d).Select(l => "- " + l)])));
        return [.. changes.OrderBy(c => c.Change).ThenBy(c => c.Kind, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)];
    }

    /// <summary>The changes as text: a paragraph each.</summary>
    /// <param name="changes">What changes.</param>
    /// <returns>Lines.</returns>
    public static IReadOnlyList<string> Words(IReadOnlyList<DefinitionChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0) return ["Nothing changes."];
        var lines = new List<string>();
        foreach (DefinitionChange change in changes)
        {
            if (lines.Count > 0) lines.Add("");
            lines.Add($"{change.Change}: the {change.Kind} \"{change.Name}\"");
            lines.AddRange(change.Lines.Select(l => "  " + l));
        }
        return lines;
    }

    static DefinitionChange? Change(Definition before, string beforeJson, Definition after, string afterJson)
    {
        using JsonDocument old = JsonDocument.Parse(beforeJson), now = JsonDocument.Parse(afterJson);
        if (JsonElement.DeepEquals(old.RootElement, now.RootElement)) return null;
        List<string> lines = LineDifference.Between(DefinitionWords.Of(before), DefinitionWords.Of(after));
        // What words do not tell, as the text of a mail, is told by its key.
        string[] keys = [.. old.RootElement.EnumerateObject().Select(p => p.Name).Union(now.RootElement.EnumerateObject().Select(p => p.Name)).Where(k => !SameAt(old.RootElement, now.RootElement, k))];
        string[] untold = lines.Count == 0 ? keys : [.. keys.Where(k => k is "html" or "text")];
        lines.AddRange(untold.Select(k => $"\"{k}\" {(Has(old.RootElement, k) ? Has(now.RootElement, k) ? "is another" : "is left out" : "is added")}."));
        if (after is JourneyDefinition journey) lines.Add(Underway(journey));
        return new DefinitionChange(ChangeKind.Changed, after.Kind, after.Name, lines);
    }

    static bool Has(JsonElement json, string key) => json.TryGetProperty(key, out _);

    static bool SameAt(JsonElement a, JsonElement b, string key) => a.TryGetProperty(key, out JsonElement one) && b.TryGetProperty(key, out JsonElement other) && JsonElement.DeepEquals(one, other);

    static string Underway(JourneyDefinition journey) => journey.OnNewVersion switch
    {
        VersionChange.Migrate => "Contacts on their way go on in the new version at the same step, or leave where it has none.",
        VersionChange.Restart => "Contacts on their way begin the new version from the start.",
        _ => "Contacts on their way finish the version in which they began.",
    };
}
