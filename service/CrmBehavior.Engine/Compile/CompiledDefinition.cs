using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;

namespace CrmBehavior.Engine.Compile;

/// <summary>A definition that is worked out for every contact, in the plan's order.</summary>
internal abstract class CompiledDefinition(Definition source)
{
    /// <summary>Bit of a stored value: the condition holds.</summary>
    public const int Holding = 1;

    /// <summary>Bit of a stored value: a signal is active.</summary>
    public const int Active = 2;

    public Definition Source { get; } = source;

    /// <summary>Its place in the order of work, and in the states of a contact.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Its number in serialised state, the same in every plan that has it unchanged.</summary>
    public int Number { get; set; } = -1;

    /// <summary>Whether it may hold of somebody who has no event that it names.</summary>
    public abstract bool CanHoldWithoutEvents { get; }

    /// <summary>Definitions that ask for this one, and are worked out again when it changes.</summary>
    public int[] Dependents { get; set; } = [];

    /// <summary>Whether a stored value means active, or member.</summary>
    public virtual bool IsActive(int stored) => (stored & Holding) != 0;
}

/// <summary>A definition with a condition.</summary>
internal abstract class ConditionalDefinition(Definition source, CompiledCondition when) : CompiledDefinition(source)
{
    public CompiledCondition When { get; } = when;

    public override bool CanHoldWithoutEvents => When.CanHoldWithoutEvents;
}

/// <summary>A signal that can be run.</summary>
internal sealed class CompiledSignal(SignalDefinition source, CompiledCondition when) : ConditionalDefinition(source, when)
{
    /// <summary>Least activity after each firing, 0 for none.</summary>
    public long For { get; } = source.For ?? 0;

    /// <summary>What it raises, or null when nobody listens.</summary>
    public EventShape? Fired { get; set; }

    public override bool IsActive(int stored) => (stored & Active) != 0;
}

/// <summary>A segment that can be run.</summary>
internal sealed class CompiledSegment(SegmentDefinition source, CompiledCondition when) : ConditionalDefinition(source, when)
{
    /// <summary>What entering raises, or null when nobody listens.</summary>
    public EventShape? Entered { get; set; }

    /// <summary>What leaving raises, or null when nobody listens.</summary>
    public EventShape? Left { get; set; }
}
