using System.Collections.Generic;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Definitions;

/// <summary>Steps that a contact takes one after the other, from a trigger to a goal, an exit or the end.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
public sealed record JourneyDefinition(string Name) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "journey";

    /// <summary>What caps and cooldowns count its messages as, where the template says nothing; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>0 to 100; the higher goes first.</summary>
    public int Priority { get; init; } = 50;

    /// <summary>Messages on causes older than this are dropped; null for no limit.</summary>
    public long? MaxAge { get; init; }

    /// <summary>Whether a person has paused it, or it is a draft.</summary>
    public JourneyRun Run { get; init; }

    /// <summary>What starts it; null when only <c>enroll</c> does.</summary>
    public Trigger? Trigger { get; init; }

    /// <summary>Who comes in.</summary>
    public EntryRule Entry { get; init; } = new();

    /// <summary>What it is for, or null.</summary>
    public Goal? Goal { get; init; }

    /// <summary>What else ends it, in the order written.</summary>
    public IReadOnlyList<Exit> Exits { get; init; } = [];

    /// <summary>The steps.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>What a new version does with enrollments of the one before.</summary>
    public VersionChange OnNewVersion { get; init; }
}

/// <summary>Whether a journey is run.</summary>
public enum JourneyRun
{
    /// <summary>It is.</summary>
    Live,

    /// <summary>Goal and exits go on; no step is taken, nobody comes in.</summary>
    Paused,

    /// <summary>Not at all.</summary>
    Draft,
}

/// <summary>What publishing a new version does with running enrollments.</summary>
public enum VersionChange
{
    /// <summary>They keep the version that they began in.</summary>
    Drain,

    /// <summary>They go on in the new version where it has their step.</summary>
    Migrate,

    /// <summary>They end, and begin the new version at once.</summary>
    Restart,
}

/// <summary>What starts a journey: an event, each time; or a condition, whenever it becomes true. One of the two.</summary>
/// <param name="Event">The event, or null.</param>
/// <param name="When">The condition, or null.</param>
public sealed record Trigger(EventPattern? Event, Condition? When);

/// <summary>Who comes in when the trigger fires.</summary>
public sealed record EntryRule
{
    /// <summary>Must hold, or null.</summary>
    public Condition? If { get; init; }

    /// <summary>Path in the triggering event's properties: one enrollment runs per value; null for one per contact.</summary>
    public EventPath? Key { get; init; }

    /// <summary>How often, and how soon again; null for once.</summary>
    public Reentry? Reentry { get; init; }

    /// <summary>Share of contacts that come in, 0 to 1; null for all.</summary>
    public double? Rollout { get; init; }

    /// <summary>Whether publication starts it for those for whom the condition is true already.</summary>
    public bool Existing { get; init; }
}

/// <summary>How often a contact may come in, and how soon again.</summary>
/// <param name="After">Milliseconds from the start of the last enrollment, or null.</param>
/// <param name="Max">Greatest number of enrollments, or null.</param>
public sealed record Reentry(long? After, int? Max);

/// <summary>What a journey is for.</summary>
/// <param name="When">The condition, judged on what happens after the enrollment began.</param>
/// <param name="Within">How long after the start it counts as a conversion, or null for as long as the enrollment runs.</param>
public sealed record Goal(Condition When, long? Within);

/// <summary>What else ends an enrollment: a condition on what happens after it began, or a time from its start.</summary>
/// <param name="When">The condition, or null.</param>
/// <param name="After">Milliseconds from the start, or null.</param>
/// <param name="Reason">Outcome of the line that says so.</param>
public sealed record Exit(Condition? When, long? After, string Reason);
