using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Tells of scores, segments and signals that depend on themselves, and of journeys that start each other in a circle.</summary>
internal static class CircleCheck
{
    public static void Run(CheckContext context)
    {
        Definition[] values = [.. context.Definitions.Where(d => d is ScoreDefinition or SegmentDefinition or SignalDefinition)];
        foreach ((Definition definition, Reference reference, string way) in Circles(context, values, r => r.Kind is "score" or "segment" or "signal"))
        {
            context.Error(definition, reference.Pointer, $"this goes in a circle: {way}; take one of these references out");
        }
        JourneyDefinition[] journeys = [.. context.Definitions.OfType<JourneyDefinition>()];
        foreach ((Definition definition, Reference reference, string way) in Circles(context, journeys, r => r is { Kind: "journey", Detail: "enroll", ByEvent: false }))
        {
            context.Warn(definition, reference.Pointer, $"these journeys start each other in a circle: {way}; their entry rules alone end it");
        }
    }

    static IEnumerable<(Definition, Reference, string)> Circles(CheckContext context, Definition[] among, System.Func<Reference, bool> counts)
    {
        var told = new HashSet<Definition>(ReferenceEqualityComparer.Instance);
        foreach (Definition start in among)
        {
            if (told.Contains(start) || Way(context, start, start, counts, []) is not { } way) continue;
            foreach (Definition member in way.Select(w => w.From)) told.Add(member);
            yield return (start, way[0].By, string.Join(" → ", way.Select(w => w.From.Name).Append(start.Name)));
        }
    }

    /// <summary>A shortest-first way along references from a definition back to a goal.</summary>
    static List<(Definition From, Reference By)>? Way(CheckContext context, Definition from, Definition goal, System.Func<Reference, bool> counts, HashSet<Definition> seen)
    {
        foreach (Reference reference in context.ReferencesOf(from).Where(counts))
        {
            if (context.Find(reference.Kind, reference.Name) is not { } next) continue;
            if (ReferenceEquals(next, goal)) return [(from, reference)];
            if (!seen.Add(next) || Way(context, next, goal, counts, seen) is not { } rest) continue;
            rest.Insert(0, (from, reference));
            return rest;
        }
        return null;
    }
}
