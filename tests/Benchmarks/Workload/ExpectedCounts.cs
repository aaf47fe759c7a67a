using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>What the workload is known to decide, from <c>counts.json</c>.</summary>
internal static class ExpectedCounts
{
    /// <summary>Compares; every difference is one line. Null where nothing is known of such a workload.</summary>
    /// <param name="contacts">Number of contacts.</param>
    /// <param name="events">Number of lines.</param>
    /// <param name="hash">SHA-256 of the lines.</param>
    /// <param name="counted">Decisions by definition and effect.</param>
    public static IReadOnlyList<string>? Compare(int contacts, int events, string hash, Func<string, string, long> counted)
    {
        using Stream stream = typeof(ExpectedCounts).Assembly.GetManifestResourceStream("counts.json")!;
        if (JsonNode.Parse(stream)![FormattableString.Invariant($"--contacts {contacts} --events {events} --seed 1")] is not { } known) return null;
        var differences = new List<string>();
        if ((string)known["sha256OfEvents"]! != hash) differences.Add($"the events differ: {hash}");
        foreach ((string definition, JsonNode? effects) in known["decisions"]!.AsObject())
        {
            foreach ((string effect, JsonNode? count) in effects!.AsObject())
            {
                long own = counted(definition, effect);
                if (own != (long)count!) differences.Add($"{definition} {effect}: {own} instead of {(long)count!}");
            }
        }
        return differences;
    }

    /// <summary>The same for definitions that were added, whose effects are known together.</summary>
    public static IReadOnlyList<string>? CompareAdded(int contacts, int events, string which, Func<string, long> counted)
    {
        using Stream stream = typeof(ExpectedCounts).Assembly.GetManifestResourceStream("counts.json")!;
        JsonNode? known = JsonNode.Parse(stream)![FormattableString.Invariant($"--contacts {contacts} --events {events} --seed 1")]?["added, " + which];
        return known?.AsObject().Where(e => counted(e.Key) != (long)e.Value!).Select(e => $"added {e.Key}: {counted(e.Key)} instead of {(long)e.Value!}").ToList();
    }
}
