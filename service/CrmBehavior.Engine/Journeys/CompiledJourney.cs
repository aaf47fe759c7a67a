using System.Collections.Generic;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;

namespace CrmBehavior.Engine.Journeys;

/// <summary>A condition judged on a history of its own, with the nodes that this history needs.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Nodes">What must be kept for it.</param>
internal sealed record FreshCondition(CompiledCondition Condition, IReadOnlyList<HistoryNode> Nodes);

/// <summary>An exit that can be asked.</summary>
/// <param name="Condition">The condition, or null.</param>
/// <param name="After">Milliseconds from the start, or null.</param>
/// <param name="Reason">Outcome of the line that says so.</param>
internal sealed record CompiledExit(FreshCondition? Condition, long? After, string Reason);

/// <summary>A journey that can be run.</summary>
internal sealed class CompiledJourney(JourneyDefinition source)
{
    public JourneyDefinition Source { get; } = source;

    public string Name => Source.Name;

    /// <summary>Its place in the order of work.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Whether it takes contacts in; an older version only brings its enrollments to an end.</summary>
    public bool IsCurrent { get; set; } = true;

    public CompiledTrigger? When { get; set; }

    public CompiledCondition? EntryIf { get; set; }

    public FreshCondition? Goal { get; set; }

    public IReadOnlyList<CompiledExit> Exits { get; set; } = [];

    /// <summary>Nodes of goal and exits, each once.</summary>
    public IReadOnlyList<HistoryNode> SinceNodes { get; set; } = [];

    /// <summary>The first step, or null.</summary>
    public CompiledStep? First { get; set; }

    public IReadOnlyDictionary<string, CompiledStep> StepsById { get; set; } = new Dictionary<string, CompiledStep>();

    /// <summary>Whether properties of the triggering event are asked for later.</summary>
    public bool NeedsTrigger { get; set; }

    /// <summary>The absence that triggers it by a timer: messages show the properties of the event it is counted from.</summary>
    public LatestPair? Shown { get; set; }

    public string? KeyPath => Source.Entry.Key?.Text;

    public EventShape? Entered { get; set; }

    public EventShape? Exited { get; set; }

    public EventShape? Reached { get; set; }
}

/// <summary>The condition that starts a journey, worked out with the definitions and judged in the journey's turn.</summary>
internal sealed class CompiledTrigger(JourneyDefinition source, CompiledCondition when) : ConditionalDefinition(source, when)
{
    /// <summary>Place of its journey in the order of work.</summary>
    public int Journey { get; set; }
}
