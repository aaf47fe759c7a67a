using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Definitions.Words;

/// <summary>How definitions stand for a contact, in plain English: what holds, what was observed, what is missing.</summary>
public static class StandingWords
{
    /// <summary>The standing as lines.</summary>
    /// <param name="standing">How a definition stands.</param>
    /// <param name="definitions">All definitions, for names and rules.</param>
    /// <returns>The lines.</returns>
    public static IReadOnlyList<string> Of(DefinitionStanding standing, IReadOnlyList<Definition> definitions) => standing switch
    {
        SignalStanding signal => Signal(signal),
        SegmentStanding segment => Segment(segment),
        ScoreStanding score => Score(score),
        JourneyStanding journey => JourneyStandingWords.Of(journey),
        PolicyStanding policy => PolicyStandingWords.Of(policy, definitions),
        _ => [],
    };

    static List<string> Signal(SignalStanding signal)
    {
        string least = signal.ActiveUntil is { } until ? $", and stays so at least until {TimeWords.At(until)}" : "";
        List<string> lines = [signal.IsActive ? $"The signal is active{least}." : "The signal is not active."];
        lines.AddRange(Condition("Its condition", signal.When));
        return lines;
    }

    static List<string> Segment(SegmentStanding segment)
    {
        List<string> lines = [segment.IsIn ? "The contact is in the segment." : "The contact is not in the segment."];
        lines.AddRange(Condition("Its condition", segment.When));
        return lines;
    }

    static List<string> Score(ScoreStanding score)
    {
        List<string> lines = [$"The score is {EventPhrases.Text(score.Value)}{(score.Grade == null ? "" : $", which is \"{score.Grade}\"")}."];
        if (score.Next is { } next) lines.Add($"{EventPhrases.Text(Math.Ceiling(next.Points * 100) / 100)} more points make it \"{next.Grade}\".");
        if (score.Falls is { } falls) lines.Add($"Without further events it becomes \"{falls.Grade}\" on {TimeWords.At(falls.At)}.");
        return lines;
    }

    /// <summary>A condition with a mark for each part, then what is missing, or until when it holds.</summary>
    internal static IEnumerable<string> Condition(string what, Evidence evidence, string indent = "")
    {
        IReadOnlyList<string> parts = EvidenceWords.Lines(evidence);
        yield return $"{indent}{what} {(evidence.Holds ? "is true" : "is not true")}:";
        foreach (string part in parts) yield return $"{indent}  {part}";
        if (evidence.Holds)
        {
            if (evidence.Until is { } until) yield return $"{indent}Without further events it stays true at least until {TimeWords.At(until)}.";
            yield break;
        }
        IReadOnlyList<string> missing = EvidenceWords.Missing(evidence);
        if (missing.Count == 1) yield return $"{indent}What is missing: {missing[0]}.";
        else
        {
            yield return $"{indent}What is missing, all of it:";
            foreach (string one in missing) yield return $"{indent}  - {one}";
        }
    }

    /// <summary>What is missing, in one line.</summary>
    internal static string Missing(Evidence evidence) => string.Join("; and ", EvidenceWords.Missing(evidence));
}
