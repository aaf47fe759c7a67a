using System.Collections.Generic;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Explain;

/// <summary>Why a condition came out as it did: the tree of conditions with what was observed at each leaf. Data; words are made of it elsewhere.</summary>
/// <param name="Condition">The condition as authored.</param>
/// <param name="Holds">How it came out.</param>
public sealed record Evidence(Condition Condition, bool Holds)
{
    /// <summary>What was observed at the parts of a combination; empty for leaves.</summary>
    public IReadOnlyList<Evidence> Parts { get; init; } = [];

    /// <summary>How many events were counted; where the state is bounded, see <see cref="IsAtLeast"/>.</summary>
    public long? Count { get; init; }

    /// <summary>Whether there may be more than <see cref="Count"/>, because no more had to be told apart.</summary>
    public bool IsAtLeast { get; init; }

    /// <summary>The sum, mean, extreme or number of texts; a score's value.</summary>
    public double? Number { get; init; }

    /// <summary>The trait's value; missing when it has none.</summary>
    public Value Value { get; init; }

    /// <summary>When the latest event that counts happened, milliseconds since 1970.</summary>
    public long? Last { get; init; }

    /// <summary>When the oldest event happened of those that the count in a window stands on: when it leaves, one is missing more.</summary>
    public long? Oldest { get; init; }

    /// <summary>When the event happened that an absence is counted from; without one, when the contact was first known.</summary>
    public long? Since { get; init; }

    /// <summary>How many steps of a sequence have been gone.</summary>
    public int? Steps { get; init; }

    /// <summary>The earliest instant at which time alone may make it come out otherwise, or null.</summary>
    public long? Until { get; init; }
}
