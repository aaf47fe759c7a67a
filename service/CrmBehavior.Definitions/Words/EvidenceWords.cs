using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Why something happened, or did not and what is missing, in plain English.</summary>
public static class EvidenceWords
{
    /// <summary>One sentence part that says why a condition holds: what was observed, not what was asked for.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>For instance "3 page views (path begins with "/pricing") in the last 24 hours, the latest on 6 January 2026, 10:00 UTC".</returns>
    public static string Why(Evidence evidence)
    {
        switch (evidence.Condition)
        {
            case AllOf: return string.Join("; and ", evidence.Parts.Select(Why));
            case AnyOf: return string.Join("; and ", evidence.Parts.Where(p => p.Holds).Select(Why));
            case EventCount { Within: null } raised when evidence.Parts.Count > 0: return $"{Raised(raised.Event.Name)}: {string.Join("; and ", evidence.Parts.Select(Why))}";
            case EventCount { Within: null } happened: return $"the contact {EventPhrases.Happened(happened.Event)}{(evidence.Last is { } at ? " on " + TimeWords.At(at) : "")}";
            default: return Observed(evidence);
        }
    }

    /// <summary>A line per condition, with a mark whether it holds and what was observed; combinations indent their parts.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The lines.</returns>
    public static IReadOnlyList<string> Lines(Evidence evidence)
    {
        var lines = new List<string>();
        Add(lines, evidence, 0);
        return lines;
    }

    /// <summary>What would have to come for a condition to hold; empty when it holds.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>One clause for each thing missing; of alternatives, one of them is enough.</returns>
    public static IReadOnlyList<string> Missing(Evidence evidence)
    {
        if (evidence.Holds) return [];
        return evidence.Condition switch
        {
            AllOf => [.. evidence.Parts.Where(p => !p.Holds).SelectMany(Missing)],
            AnyOf => [string.Join(", or else ", evidence.Parts.Select(p => string.Join(" and ", Missing(p))))],
            _ => [MissingLeaf(evidence)],
        };
    }

    /// <summary>A value as people write it: text in quotes.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The words.</returns>
    public static string Shown(in Engine.Values.Value value) => EventPhrases.Shown(value);

    /// <summary>The filter of an event: "path begins with "/pricing"".</summary>
    /// <param name="pattern">The event.</param>
    /// <returns>The words; empty when it has none.</returns>
    public static string Filter(EventPattern pattern) => EventPhrases.Where(pattern).Trim(' ', '(', ')');

    static void Add(List<string> lines, Evidence evidence, int depth)
    {
        string indent = new(' ', depth * 2), mark = evidence.Holds ? "✓" : "✗";
        switch (evidence.Condition)
        {
            case AllOf or AnyOf:
                lines.Add($"{indent}{mark} {(evidence.Condition is AllOf ? "all of:" : "any of:")}");
                foreach (Evidence part in evidence.Parts) Add(lines, part, depth + 1);
                break;
            case Not when evidence.Parts[0].Condition is AllOf or AnyOf:
                lines.Add($"{indent}{mark} not:");
                foreach (Evidence part in evidence.Parts) Add(lines, part, depth + 1);
                break;
            default:
                lines.Add($"{indent}{mark} {ConditionWords.Of(evidence.Condition)}: {Observed(evidence)}");
                break;
        }
    }

    static string Observed(Evidence evidence) => evidence.Condition switch
    {
        Not => evidence.Parts[0].Condition is AllOf or AnyOf ? ConditionWords.Of(evidence.Condition) : Observed(evidence.Parts[0]),
        EventCount count => $"{(evidence.Count == 0 ? "no " + EventPhrases.One(count.Event) : $"{evidence.Count}{(evidence.IsAtLeast && evidence.Count > 1 ? " or more" : "")} {(evidence.Count == 1 ? EventPhrases.One(count.Event) : EventPhrases.Many(count.Event))}")}{In(count.Within)}{Latest(evidence)}",
        EventAggregate aggregate => $"{Amount(aggregate, evidence)} over {EventPhrases.Number(evidence.Count ?? 0, aggregate.Event)}{In(aggregate.Within)}{Latest(evidence)}",
        EventSequence sequence => evidence.Holds
            ? "the contact " + string.Join(", then ", sequence.Events.Select(EventPhrases.Happened)) + In(sequence.Within)
            : $"{evidence.Steps ?? 0} of {sequence.Events.Count} steps gone",
        Absence absence => $"no {EventPhrases.One(absence.Event)} since {TimeWords.At(Math.Max(evidence.Last ?? long.MinValue, evidence.Since ?? 0))}",
        AbsenceSince absence when evidence.Since == null => $"the contact has not {EventPhrases.Happened(absence.Since)} yet",
        AbsenceSince absence when evidence.Last is { } last => $"{EventPhrases.One(absence.Event)} on {TimeWords.At(last)}, after the {EventPhrases.One(absence.Since)} on {TimeWords.At(evidence.Since!.Value)}",
        AbsenceSince absence => $"no {EventPhrases.One(absence.Event)} since the {EventPhrases.One(absence.Since)} on {TimeWords.At(evidence.Since!.Value)}",
        TraitIs trait => evidence.Value.IsMissing ? $"{trait.Trait} is not known" : $"{trait.Trait} is {EventPhrases.Shown(evidence.Value)}",
        ScoreIs score => $"the score \"{score.Score}\" is {EventPhrases.Text(evidence.Number ?? 0)}",
        InSegment segment => evidence.Holds ? $"in the segment \"{segment.Segment}\"" : $"not in the segment \"{segment.Segment}\"",
        SignalActive signal => evidence.Holds ? $"the signal \"{signal.Signal}\" is active" : $"the signal \"{signal.Signal}\" is not active",
        InJourney journey => $"{EventPhrases.Text(evidence.Count ?? 0)} {(evidence.Count == 1 ? "enrollment" : "enrollments")} in the journey \"{journey.Journey}\"",
        HasConsent => evidence.Last is { } at ? $"{(evidence.Holds ? "agreed" : "withdrawn")} on {TimeWords.At(at)}" : "never asked",
        LocalTime => $"it is {(DayOfWeek)(int)(evidence.Number ?? 0)}, {evidence.Value} local time",
        _ => evidence.Holds ? "so it is" : "not so",
    };

    static string Amount(EventAggregate aggregate, Evidence evidence)
    {
        string number = evidence.Number is { } value ? EventPhrases.Text(value) : "nothing";
        return aggregate.Of switch
        {
            Aggregate.Sum => $"{aggregate.Path.Short} of {number} in all",
            Aggregate.Average => $"an average {aggregate.Path.Short} of {number}",
            Aggregate.Least => $"a smallest {aggregate.Path.Short} of {number}",
            Aggregate.Greatest => $"a greatest {aggregate.Path.Short} of {number}",
            _ => $"{number} different {(evidence.Number == 1 ? "value" : "values")} of {aggregate.Path.Short}",
        };
    }

    /// <summary>"signal "buying-intent"", "score "engagement" became "hot"".</summary>
    static string Raised(string eventName)
    {
        string[] parts = eventName.Split(':');
        return (parts[0], parts.Length) switch
        {
            ("signal", 2) => $"signal \"{parts[1]}\"",
            ("segment_entered", 2) => $"entered the segment \"{parts[1]}\"",
            ("score", 3) => $"score \"{parts[1]}\" became \"{parts[2]}\"",
            _ => eventName,
        };
    }

    static string MissingLeaf(Evidence evidence)
    {
        string until = evidence.Until is { } at ? $" (time alone changes this on {TimeWords.At(at)} at the earliest)" : "";
        switch (evidence.Condition)
        {
            case EventCount count when Least(count.Count) is var least && least > (evidence.Count ?? 0):
                double needed = least - (evidence.Count ?? 0);
                if (needed == 1 && evidence.Count is null or 0) return EventPhrases.A(count.Event) + In(count.Within);
                return $"{EventPhrases.Text(needed)} more {(needed == 1 ? EventPhrases.One(count.Event) : EventPhrases.Many(count.Event))}{Before(count, evidence)}";
            case EventAggregate { Of: Aggregate.Sum } aggregate when aggregate.Is.Comparisons is [{ Operator: Operator.Gte or Operator.Gt } bound]:
                return $"{EventPhrases.Text(bound.Numbers[0] - (evidence.Number ?? 0))} more in {aggregate.Path.Short} of {EventPhrases.Many(aggregate.Event)}{In(aggregate.Within)}";
            case EventAggregate { Of: Aggregate.Distinct } aggregate when Least(aggregate.Is) is var least && least > (evidence.Number ?? 0):
                double others = least - (evidence.Number ?? 0);
                return $"{EventPhrases.Text(others)} more different {(others == 1 ? "value" : "values")} of {aggregate.Path.Short} over {EventPhrases.Many(aggregate.Event)}{In(aggregate.Within)}";
            case ScoreIs score when score.Is.Comparisons is [{ Operator: Operator.Gte or Operator.Gt } bound]:
                double points = bound.Numbers[0] - (evidence.Number ?? 0);
                return points <= 0 ? $"a little more than {EventPhrases.Text(bound.Numbers[0])} in the score \"{score.Score}\"" : $"{EventPhrases.Text(points)} more points in the score \"{score.Score}\" (it is {EventPhrases.Text(evidence.Number ?? 0)} now)";
            case EventSequence sequence when (evidence.Steps ?? 0) < sequence.Events.Count:
                return $"that the contact {EventPhrases.Happened(sequence.Events[evidence.Steps ?? 0])}{(evidence.Steps > 0 ? " next" : " first")}{Left(sequence, evidence)}";
            case Absence absence: return $"no {EventPhrases.One(absence.Event)}{(evidence.Until is { } t ? " until " + TimeWords.At(t) : "")}";
            case AbsenceSince absence when evidence.Since == null || evidence.Last != null: return $"that the contact {EventPhrases.Happened(absence.Since)}, and then {Duration.ToWords(absence.For)} without {EventPhrases.A(absence.Event)}";
            case AbsenceSince absence: return $"no {EventPhrases.One(absence.Event)}{(evidence.Until is { } complete ? " until " + TimeWords.At(complete) : "")}";
            case Not: return $"that it is no longer so that {ConditionWords.Of(evidence.Parts[0].Condition)}{until}";
            case InSegment or SignalActive or InJourney: return $"that {ConditionWords.Of(evidence.Condition)}{until}";
            default: return $"that {ConditionWords.Of(evidence.Condition)} ({Observed(evidence)}){until}";
        }
    }

    /// <summary>The least whole number that can pass: with fewer, time alone, which only takes events away, makes nothing true.</summary>
    static double Least(NumberTest test) => test.Comparisons.Max(c => c.Operator switch
    {
        Operator.Gte or Operator.Eq => Math.Ceiling(c.Numbers[0]),
        Operator.Gt => Math.Floor(c.Numbers[0]) + 1,
        _ => double.NegativeInfinity,
    });

    /// <summary>By when the rest must come: the oldest event that counts leaves the window.</summary>
    static string Before(EventCount count, Evidence evidence) =>
        count.Within is not { } within ? ""
        : evidence is { Oldest: { } oldest, Count: > 0 }
            ? $" before {TimeWords.At(oldest + within)}, when the {(evidence.Count == 1 ? "one" : "oldest")} of {TimeWords.At(oldest)} no longer counts"
            : In(count.Within);

    static string Left(EventSequence sequence, Evidence evidence) =>
        sequence.Within is { } within && evidence.Since is { } since && evidence.Steps > 0 ? $", before {TimeWords.At(since + within)}" : "";

    static string In(long? within) => within is { } time ? $" in the last {Duration.ToWords(time)}" : "";

    static string Latest(Evidence evidence) => evidence.Last is { } last ? $", the latest on {TimeWords.At(last)}" : "";
}
