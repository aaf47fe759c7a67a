using System;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>What one worker needs to evaluate under a plan; used by one piece of work at a time.</summary>
internal sealed class PlanWorkspace(ActivePlan active)
{
    ActivePlan? earlier;
    ContactMerge? merge;

    public ActivePlan Active { get; } = active;

    /// <summary>A plan before this one; that of the contact before is mostly that of the next.</summary>
    public ActivePlan Earlier(StoredPlan stored)
    {
        if (earlier?.Generation != stored.Generation) earlier = ActivePlan.Compile(stored).Plan;
        return earlier;
    }

    public EventReader Reader { get; } = new(active.Plan);

    public EventFrame Frame { get; } = new();

    public Evaluator Evaluator { get; } = new(active.Plan);

    /// <summary>Contacts are merged rarely: made when it is needed.</summary>
    public ContactMerge Merge => merge ??= new ContactMerge(Active.Plan);

    /// <summary>Has a contact live through an event.</summary>
    /// <exception cref="InvalidOperationException">The event cannot be read.</exception>
    public void Handle(ContactState state, byte[] body, BatchSink sink)
    {
        if (!Reader.TryRead(body, 0, body.Length, Frame, out string? problem)) throw new InvalidOperationException(problem);
        Evaluator.Handle(state, Frame, sink);
    }

    public StateCodec Codec { get; } = new(active.Plan);
}
