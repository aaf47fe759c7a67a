using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Policies;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.Compile;

/// <summary>How a plan is run, where live and replay differ.</summary>
public sealed record PlanOptions
{
    /// <summary>Whether every mail that goes out comes back at once as <c>email_delivered</c>, as in replay; live, the provider tells.</summary>
    public bool MailIsDeliveredAtOnce { get; init; }

    /// <summary>Older versions of journeys, which only bring their enrollments to an end.</summary>
    public IReadOnlyList<JourneyDefinition> Draining { get; init; } = [];
}

/// <summary>
/// All definitions compiled into one: common conditions share what is kept for them, and events find by name and value what they can
/// change. Immutable, for use by any number of threads.
/// </summary>
public sealed class Plan
{
    internal Plan(PlanOptions options, StateLayout layout)
    {
        Options = options;
        Layout = layout;
        ContactDeleted = Events.Of("contact_deleted");
        ConsentChanged = AboutConsent("consent_changed", "channel", "purpose", "granted");
        EmailUnsubscribed = AboutConsent("email_unsubscribed", "purpose");
        EmailComplained = AboutConsent("email_complained");
        EmailBounced = AboutConsent("email_bounced", "permanent");
        ReviewDecided = Heard("review_decided", "journey", "step", "entry", "approved");
    }

    EventShape AboutConsent(string name, params ReadOnlySpan<string> paths)
    {
        EventShape shape = Heard(name, paths);
        shape.IsAboutConsent = true;
        return shape;
    }

    EventShape Heard(string name, params ReadOnlySpan<string> paths)
    {
        EventShape shape = Events.Of(name);
        foreach (string path in paths) shape.SlotOf(new EventPath(path));
        return shape;
    }

    /// <summary>Compiles definitions that the validator has found sound.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="layout">Numbers given to what earlier plans kept; new ones are added. Null for a plan whose state is not kept.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">A definition names something that is not there; the validator tells where.</exception>
    public static Plan Compile(IReadOnlyList<Definition> definitions, PlanOptions? options = null, StateLayout? layout = null) =>
        new PlanCompiler(definitions, options ?? new PlanOptions(), layout ?? new StateLayout()).Compile();

    /// <summary>How it is run.</summary>
    public PlanOptions Options { get; }

    /// <summary>Numbers of what is kept, for serialised state.</summary>
    public StateLayout Layout { get; }

    internal EventCatalogue Events { get; } = new();

    internal TraitCatalogue Traits { get; } = new();

    /// <summary>Numbers of the traits in serialised state.</summary>
    internal int[] TraitNumbers { get; set; } = [];

    internal EventShape ContactDeleted { get; }

    internal EventShape ConsentChanged { get; }

    internal EventShape EmailUnsubscribed { get; }

    internal EventShape EmailComplained { get; }

    internal EventShape EmailBounced { get; }

    internal EventShape ReviewDecided { get; }

    /// <summary>What a mail raises that is delivered at once, or null where nobody listens.</summary>
    internal EventShape? EmailDelivered { get; set; }

    /// <summary>Number of the trait that is the address, or -1.</summary>
    internal int EmailTrait { get; set; } = -1;

    internal ZoneRule Zones { get; set; } = new(0, 0, null);

    /// <summary>Number of the zone told by browsers, or -1 where nobody asks for local times.</summary>
    internal int ToldZone { get; set; } = -1;

    /// <summary>What follows from each pattern, by its id.</summary>
    internal PatternUse[] Uses { get; set; } = [];

    internal HistoryNode[] Nodes { get; set; } = [];

    /// <summary>Definitions to be worked out again when a node changes, by the node's index.</summary>
    internal int[][] NodeDependents { get; set; } = [];

    /// <summary>Definitions that a change of a node can only end: to be worked out again only where they hold. By the node's index.</summary>
    internal int[][] NodeEnds { get; set; } = [];

    /// <summary>Definitions to be worked out again when a trait changes, by the trait's number.</summary>
    internal int[][] TraitDependents { get; set; } = [];

    internal int[] ConsentDependents { get; set; } = [];

    internal int[] JourneyDependents { get; set; } = [];

    /// <summary>Scores by name, then segments and signals by level, kind and name, then triggers of journeys in their order of work.</summary>
    internal CompiledDefinition[] Definitions { get; set; } = [];

    /// <summary>Index of the first trigger in <see cref="Definitions"/>.</summary>
    internal int FirstTrigger { get; set; }

    /// <summary>Number of scores, which come first in <see cref="Definitions"/>.</summary>
    internal int ScoreCount { get; set; }

    /// <summary>Definitions that may hold of somebody who has met none of their events.</summary>
    internal int[] WithoutEvents { get; set; } = [];

    internal CompiledJourney[] Journeys { get; set; } = [];

    /// <summary>Names of all journeys with their index, the current version of each.</summary>
    internal IReadOnlyDictionary<string, CompiledJourney> JourneysByName { get; set; } = new Dictionary<string, CompiledJourney>();

    internal CompiledPolicies Policies { get; set; } = new();

    internal IReadOnlyDictionary<string, CompiledScore> Scores { get; set; } = new Dictionary<string, CompiledScore>();

    /// <summary>Whether conditions name journeys, so that what journeys raise is an input even when nobody listens to it.</summary>
    internal bool NamesJourneys { get; set; }

    /// <summary>Names of the events that something in the plan listens to, for telling an author that a name is never heard of.</summary>
    public IEnumerable<string> EventNames
    {
        get
        {
            foreach (EventShape shape in Events.All) yield return shape.Name;
        }
    }
}

/// <summary>What follows from an event that matches a pattern.</summary>
internal sealed class PatternUse
{
    /// <summary>Nodes of the contact's history that take it in.</summary>
    public HistoryNode[] Nodes { get; set; } = [];

    /// <summary>Rows that it scores by.</summary>
    public ScoreRow[] Rows { get; set; } = [];

    /// <summary>Journeys that it triggers, by index.</summary>
    public int[] Journeys { get; set; } = [];
}
