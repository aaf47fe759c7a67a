using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Engine.Rules;

/// <summary>What conditions refer to by name.</summary>
public static class References
{
    /// <summary>The segments and signals that a condition names, as kind and name.</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>Each naming once.</returns>
    public static IEnumerable<(string Kind, string Name)> Of(Condition condition) =>
        Leaves(condition).SelectMany<Condition, (string, string)>(leaf => leaf switch
        {
            InSegment segment => [("segment", segment.Segment)],
            SignalActive signal => [("signal", signal.Signal)],
            _ => [],
        }).Distinct();

    /// <summary>The leaves of a condition, in the order written.</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>The leaves.</returns>
    public static IEnumerable<Condition> Leaves(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition switch
        {
            AllOf all => all.Conditions.SelectMany(Leaves),
            AnyOf any => any.Conditions.SelectMany(Leaves),
            Not not => Leaves(not.Inner),
            _ => [condition],
        };
    }

    /// <summary>The event patterns that a condition names.</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>The patterns.</returns>
    public static IEnumerable<EventPattern> Events(Condition condition) => Leaves(condition).SelectMany(leaf => leaf switch
    {
        EventCount c => [c.Event],
        EventAggregate a => [a.Event],
        EventSequence s => s.Unless == null ? s.Events : s.Events.Append(s.Unless),
        Absence a => [a.Event],
        AbsenceSince a => [a.Event, a.Since],
        _ => Enumerable.Empty<EventPattern>(),
    });
}
