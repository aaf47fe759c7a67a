using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Evaluate;

/// <summary>An input that the engine itself raised and that waits to be handled, with what only the engine may do by one.</summary>
internal sealed class RaisedInput(EventShape shape, long tick, int depth)
{
    public EventShape Shape { get; } = shape;

    /// <summary>When within the instant it was raised; inputs and beginnings count on together.</summary>
    public long Tick { get; } = tick;

    /// <summary>Raisings between it and the outside input or timer.</summary>
    public int Depth { get; } = depth;

    /// <summary>Its properties as JSON.</summary>
    public byte[] Properties { get; init; } = [];

    /// <summary>Trait that it sets, or -1.</summary>
    public int Trait { get; init; } = -1;

    public Value Value { get; init; }

    /// <summary>Score that it adds to, or null.</summary>
    public CompiledScore? Score { get; init; }

    public double Add { get; init; }

    /// <summary>Journey that it asks to take the contact in, or null.</summary>
    public CompiledJourney? Enrolls { get; init; }
}
