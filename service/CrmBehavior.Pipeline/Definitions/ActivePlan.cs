using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Checks;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Definitions;

/// <summary>The definitions in force, compiled.</summary>
public sealed class ActivePlan
{
    readonly Dictionary<string, long> maxAges;

    ActivePlan(StoredPlan stored, Plan plan, IReadOnlyList<Definition> definitions)
    {
        Generation = stored.Generation;
        At = stored.At;
        Plan = plan;
        Published = stored.Definitions;
        Definitions = definitions;
        Templates = definitions.OfType<TemplateDefinition>().ToDictionary(t => t.Name, StringComparer.Ordinal);
        SegmentsByTag = definitions.OfType<SegmentDefinition>().Where(s => s.Tag != null).ToLookup(s => s.Tag!, s => s.Name, StringComparer.Ordinal);
        Tags = definitions.OfType<SegmentDefinition>().Where(s => s.Tag != null).ToDictionary(s => s.Name, s => s.Tag!, StringComparer.Ordinal);
        Segments = [.. definitions.OfType<SegmentDefinition>().Select(s => s.Name)];
        maxAges = definitions.OfType<JourneyDefinition>().Where(j => j.MaxAge != null).ToDictionary(j => j.Name, j => j.MaxAge!.Value, StringComparer.Ordinal);
        Reviews = definitions.OfType<JourneyDefinition>().SelectMany(j => StepWalk.All(j.Steps).OfType<ReviewStep>().Select(r => (j.Name, Step: r))).ToDictionary(r => (r.Name, r.Step.Id), r => r.Step);
        HasPolicies = definitions.OfType<PolicyDefinition>().Any();
        RequiresOptIn = definitions.OfType<PolicyDefinition>().Any(p => p.EmailOptIn == true);
    }

    /// <summary>Counts plans.</summary>
    public int Generation { get; }

    /// <summary>Since when it is in force, milliseconds since 1970.</summary>
    public long At { get; }

    /// <summary>The compiled plan.</summary>
    public Plan Plan { get; }

    /// <summary>The published versions, also those that could not be read and older ones of journeys.</summary>
    public IReadOnlyList<PublishedDefinition> Published { get; }

    /// <summary>Those in force.</summary>
    public IReadOnlyList<Definition> Definitions { get; }

    /// <summary>Templates by name.</summary>
    public IReadOnlyDictionary<string, TemplateDefinition> Templates { get; }

    /// <summary>Tags of segments, by segment.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>Names of the segments.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Segments that claim a tag, by tag.</summary>
    public ILookup<string, string> SegmentsByTag { get; }

    /// <summary>Steps that a person answers, by journey and step.</summary>
    public IReadOnlyDictionary<(string Journey, string Step), ReviewStep> Reviews { get; }

    /// <summary>Whether there is any policy.</summary>
    public bool HasPolicies { get; }

    /// <summary>Whether mail needs consent given beforehand.</summary>
    public bool RequiresOptIn { get; }

    /// <summary>How old the cause of a journey's messages may be, milliseconds; null for no limit.</summary>
    /// <param name="journey">Name of the journey.</param>
    /// <returns>The limit.</returns>
    public long? MaxAgeOf(string journey) => maxAges.TryGetValue(journey, out long age) ? age : null;

    /// <summary>Compiles a stored plan.</summary>
    /// <param name="stored">The plan.</param>
    /// <returns>The plan, and what had to be left out because it cannot be read, in words.</returns>
    public static (ActivePlan Plan, IReadOnlyList<string> LeftOut) Compile(StoredPlan stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var leftOut = new List<string>();
        PublishedDefinition[] current = [.. stored.Definitions.Where(d => d.IsCurrent)];
        List<Definition> definitions = ReadSound(current, leftOut);
        JourneyDefinition[] draining = [.. stored.Definitions.Where(d => !d.IsCurrent && d.Kind == "journey")
            .SelectMany(d => DefinitionSet.Read([SourceOf(d)]).Definitions.OfType<JourneyDefinition>())
            .Where(j => IsRunnable(j, definitions))];
        var layout = new StateLayout(stored.LayoutKeys);
        return (new ActivePlan(stored, Plan.Compile(definitions, new PlanOptions { Draining = draining }, layout), definitions), leftOut);
    }

    /// <summary>
    /// Reads definitions; one that is wrong is left out with all that depend on it, so that one bad row in the CRM does not stop the others.
    /// </summary>
    static List<Definition> ReadSound(IReadOnlyList<PublishedDefinition> published, List<string> leftOut)
    {
        PublishedDefinition[] left = [.. published];
        while (true)
        {
            DefinitionSet set = DefinitionSet.Read(left.Select(SourceOf));
            if (!set.HasErrors) return [.. set.Definitions.Select(d => WithState(d, left))];
            HashSet<string> wrong = [.. set.Errors.Select(e => e.File)];
            leftOut.AddRange(set.Errors.Select(e => e.ToString()));
            left = [.. left.Where(d => !wrong.Contains(NameOf(d)))];
        }
    }

    static Definition WithState(Definition definition, PublishedDefinition[] published) =>
        definition is JourneyDefinition { Run: JourneyRun.Live } journey && published.First(p => p.Kind == "journey" && p.Name == journey.Name).IsPaused
            ? journey with { Run = JourneyRun.Paused } : definition;

    /// <summary>Whether all that an older version names is still there.</summary>
    static bool IsRunnable(JourneyDefinition journey, IReadOnlyList<Definition> definitions)
    {
        try
        {
            _ = Plan.Compile(definitions, new PlanOptions { Draining = [journey] });
            return true;
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException)
        {
            return false;
        }
    }

    static DefinitionSource SourceOf(PublishedDefinition definition) => new(NameOf(definition), definition.Json, definition.Version);

    static string NameOf(PublishedDefinition definition) => $"{definition.Kind} {definition.Name}";
}
