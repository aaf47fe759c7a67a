using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.Scores;

/// <summary>
/// Scores whose value has faded away from what is shown of it. What is shown is a value as of its own instant; it is shown anew whenever the
/// value, counted from its last scoring, has lost another whole point. So it is never off by more than 1 after a look, whichever looks were missed.
/// </summary>
public static class FadedScores
{
    /// <summary>Readings of the scores that have to be shown anew.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan, with nothing due.</param>
    /// <param name="last">The look before, milliseconds since 1970; <see cref="long.MinValue"/> for none.</param>
    /// <param name="look">This look, no later than <paramref name="at"/>.</param>
    /// <param name="at">As of when the value is told, no earlier than the contact's now.</param>
    /// <returns>The readings; empty for most contacts.</returns>
    public static IEnumerable<ScoreReading> Of(Plan plan, ContactState contact, long last, long look, long at)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contact);
        foreach (CompiledDefinition definition in plan.Definitions)
        {
            if (definition is not CompiledScore { HalfLife: > 0 } score) continue;
            DecayingValue value = score.ValueOf(contact);
            if (value.Value == 0 || PointsLost(value, look) <= PointsLost(value, last)) continue;
            int stored = contact.Definitions.IndexOf(score.Index);
            string? grade = score.HasGrades ? score.GradeNames[score.StandingGrade(stored < 0 ? 0 : contact.Definitions.Value(stored))] : null;
            yield return new ScoreReading(contact.Id, score.Source.Name, value.At(at), at, score.HalfLife, grade, false);
        }
    }

    static double PointsLost(DecayingValue value, long at) => at <= value.Since ? 0 : Math.Floor(Math.Abs(value.Value - value.At(at)));
}
