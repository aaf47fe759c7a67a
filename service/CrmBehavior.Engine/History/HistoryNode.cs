using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.History;

/// <summary>
/// What is kept of events so that conditions can be judged without them: says what it keeps, and how an event changes it. Conditions
/// that ask the same of the same events share one node; it keeps enough for the most demanding of them.
/// </summary>
internal abstract class HistoryNode(string key, IReadOnlyList<Pattern> patterns)
{
    /// <summary>Text that is equal for equal nodes in every plan; state is carried over by it.</summary>
    public string Key { get; } = key;

    /// <summary>The events that change it.</summary>
    public IReadOnlyList<Pattern> Patterns { get; } = patterns;

    public bool HasSeveralPatterns { get; } = patterns.Count > 1;

    /// <summary>Its place in the plan, and in the stores of that plan.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Its number in serialised state, the same in every plan that has it.</summary>
    public int Number { get; set; } = -1;

    /// <summary>How much is kept, in the node's own measure: a number of events or texts, or milliseconds.</summary>
    public long Kept { get; private set; } = 1;

    /// <summary>Has at least so much kept.</summary>
    public void Keep(long atLeast) => Kept = Math.Max(Kept, atLeast);

    /// <summary>Takes an event in that matches one of its patterns.</summary>
    /// <param name="store">Where its record is.</param>
    /// <param name="frame">The event.</param>
    /// <param name="now">The input's now, no earlier than the event's time.</param>
    /// <returns>False when no condition can come out otherwise for it.</returns>
    public abstract bool Take(NodeStore store, EventFrame frame, long now);

    /// <summary>Whether a record holds nothing that could still count.</summary>
    public virtual bool IsSpent(ReadOnlySpan<long> record, long now) => record.IsEmpty;

    /// <summary>Writes a record compactly; times relative to `now`.</summary>
    public abstract void Write(StateWriter writer, ReadOnlySpan<long> record, long now);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public abstract void Read(ref StateReader reader, NodeStore store, long now);
}
