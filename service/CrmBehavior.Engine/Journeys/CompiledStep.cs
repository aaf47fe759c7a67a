using System.Collections.Generic;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Scores;

namespace CrmBehavior.Engine.Journeys;

/// <summary>A step that can be taken, and where the flow goes on after it.</summary>
internal sealed class CompiledStep(Step source)
{
    public Step Source { get; } = source;

    public string Id => Source.Id;

    /// <summary>What it does, as its author names it: <c>wait</c>, <c>sendEmail</c>.</summary>
    public string Kind => Source switch
    {
        ActionStep action => action.Action,
        WaitStep or WaitUntilStep => "wait",
        _ => Source.GetType().Name,
    };

    /// <summary>What follows, after the list that it stands in also behind that; null at the end.</summary>
    public CompiledStep? Next { get; set; }

    /// <summary>First steps of its arms, in the order written; an empty arm leads to <see cref="Next"/>.</summary>
    public IReadOnlyList<CompiledStep?> Arms { get; set; } = [];

    /// <summary>Conditions of a branch's arms.</summary>
    public IReadOnlyList<CompiledCondition> Conditions { get; set; } = [];

    /// <summary>The condition of a `waitFor`.</summary>
    public FreshCondition? WaitFor { get; set; }

    /// <summary>The score of an `addScore`.</summary>
    public CompiledScore? Score { get; set; }

    /// <summary>The trait of a `setField` (-1 when nobody reads it), or of a wait until one.</summary>
    public int Trait { get; set; } = -1;

    /// <summary>What a step that raises an input raises.</summary>
    public EventShape? Raises { get; set; }

    /// <summary>The mail's template.</summary>
    public TemplateDefinition? Template { get; set; }
}
