using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Rules;

/// <summary>Text that is equal for conditions that mean the same by their form; state is kept for a definition as long as it does not change.</summary>
public static class ConditionKey
{
    /// <summary>The key of a condition.</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>Text.</returns>
    public static string Of(Condition condition) => condition switch
    {
        AllOf all => "all(" + List(all.Conditions) + ")",
        AnyOf any => "any(" + List(any.Conditions) + ")",
        Not not => "not(" + Of(not.Inner) + ")",
        EventCount c => $"count({Of(c.Event)} in {c.Within} is {c.Count.ToKey()})",
        EventAggregate a => $"{a.Of}({Of(a.Event)} in {a.Within} of {a.Path.Text} is {a.Is.ToKey()})",
        EventSequence s => $"sequence({string.Join(" then ", s.Events.Select(Of))} in {s.Within} unless {(s.Unless == null ? "" : Of(s.Unless))})",
        Absence a => $"absent({Of(a.Event)} for {a.For})",
        AbsenceSince a => $"absent({Of(a.Event)} for {a.For} since {Of(a.Since)})",
        TraitIs t => $"trait({t.Trait} {t.Test.ToKey()})",
        ScoreIs s => $"score({s.Score} {s.Is.ToKey()})",
        InSegment s => $"segment({s.Segment})",
        SignalActive s => $"signal({s.Signal})",
        InJourney j => $"journey({j.Journey} {j.State})",
        HasConsent c => $"consent({c.Channel} {c.Purpose})",
        LocalTime l => $"local({l.Days.Mask} {l.From} {l.To} {l.Zone})",
        _ => throw new ArgumentException($"Conditions of the form {condition.GetType().Name} are not known.", nameof(condition)),
    };

    /// <summary>The key of a pattern.</summary>
    /// <param name="pattern">A pattern.</param>
    /// <returns>Text.</returns>
    public static string Of(EventPattern pattern) =>
        pattern.Name + string.Concat(pattern.Where.Select(w => $" [{w.Path.Text} {w.Test.ToKey()}]").Order(StringComparer.Ordinal));

    /// <summary>The key of what a definition works out.</summary>
    /// <param name="definition">A definition.</param>
    /// <returns>Text.</returns>
    public static string Of(Definition definition) => definition switch
    {
        SignalDefinition s => $"signal {s.Name} for {s.For} when {Of(s.When)}",
        SegmentDefinition s => $"segment {s.Name} when {Of(s.When)}",
        ScoreDefinition s => $"score {s.Name} {s.HalfLife} {Number(s.Min)} {Number(s.Max)} {string.Join(';', s.Points.Select(Of))}",
        JourneyDefinition { Trigger.When: { } when } j => $"trigger {j.Name} when {Of(when)}",
        _ => definition.Kind + " " + definition.Name,
    };

    static string Of(PointRow row) => $"{Of(row.Event)} {Number(row.Add)} {row.Cap?.Max} {row.Cap?.Per}";

    static string List(IReadOnlyList<Condition> conditions) => string.Join(' ', conditions.Select(Of));

    static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
