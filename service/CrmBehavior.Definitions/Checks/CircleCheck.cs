using System;
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
        foreach ((Definition definition, Reference reference, string way) in Circles(values, d => Named(context, d, r => r.Kind is "score" or "segment" or "signal")))
        {
            context.Error(definition, reference.Pointer, $"this goes in a circle: {way}; take one of these references out");
        }
        JourneyDefinition[] journeys = [.. context.Definitions.OfType<JourneyDefinition>()];
        ILookup<Definition, Edge> followers = journeys.SelectMany(j => Followed(context, j)).ToLookup(e => e.From);
        foreach ((Definition definition, Reference reference, string way) in Circles(journeys, d => Named(context, d, r => r is { Kind: "journey", Detail: "enroll", ByEvent: false }).Concat(followers[d])))
        {
            context.Warn(definition, reference.Pointer, $"these journeys start each other in a circle: {way}; their entry rules alone end it");
        }
    }

    /// <summary>A step on the way round: where from, where to, and the reference that says so, in the definition that holds it.</summary>
    sealed record Edge(Definition From, Definition To, Definition Holder, Reference By);

    static IEnumerable<Edge> Named(CheckContext context, Definition definition, Func<Reference, bool> counts) =>
        context.ReferencesOf(definition).Where(counts).Select(r => (Reference: r, To: context.Find(r.Kind, r.Name))).Where(n => n.To != null).Select(n => new Edge(definition, n.To!, definition, n.Reference));

    /// <summary>The journeys whose events start this one: they come before it on the way.</summary>
    static IEnumerable<Edge> Followed(CheckContext context, JourneyDefinition journey) =>
        Named(context, journey, r => r is { Kind: "journey", ByEvent: true, Pointer: "/trigger/event" }).Select(e => new Edge(e.To, journey, journey, e.By));

    static IEnumerable<(Definition, Reference, string)> Circles(Definition[] among, Func<Definition, IEnumerable<Edge>> edges)
    {
        var told = new HashSet<Definition>(ReferenceEqualityComparer.Instance);
        foreach (Definition start in among)
        {
            if (told.Contains(start) || Way(start, start, edges, []) is not { } way) continue;
            foreach (Edge edge in way) told.Add(edge.From);
            yield return (way[0].Holder, way[0].By, string.Join(" → ", way.Select(e => e.From.Name).Append(start.Name)));
        }
    }

    /// <summary>A way along references from a definition back to a goal.</summary>
    static List<Edge>? Way(Definition from, Definition goal, Func<Definition, IEnumerable<Edge>> edges, HashSet<Definition> seen)
    {
        foreach (Edge edge in edges(from))
        {
            if (ReferenceEquals(edge.To, goal)) return [edge];
            if (!seen.Add(edge.To) || Way(edge.To, goal, edges, seen) is not { } rest) continue;
            rest.Insert(0, edge);
            return rest;
        }
        return null;
    }
}
