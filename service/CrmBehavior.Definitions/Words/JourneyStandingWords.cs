using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions.Checks;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Definitions.Words;

/// <summary>Where a contact stands with a journey, in plain English.</summary>
internal static class JourneyStandingWords
{
    public static IReadOnlyList<string> Of(JourneyStanding standing)
    {
        var journey = (JourneyDefinition)standing.Source;
        if (journey.Run == JourneyRun.Draft) return ["The journey is a draft and does not run: nobody comes in. Publish it to start it."];
        var lines = new List<string>();
        foreach (EnrollmentStanding enrollment in standing.Enrollments) lines.AddRange(Enrolled(journey, enrollment));
        if (standing.PausedUntil is { } paused) lines.Add($"For this contact the journey is paused until {TimeWords.At(paused)}.");
        if (standing.Enrollments.All(e => e.Rest == "ended")) lines.AddRange(Outside(journey, standing));
        return lines;
    }

    static IEnumerable<string> Outside(JourneyDefinition journey, JourneyStanding standing)
    {
        yield return standing.Entries == 0 ? "The contact has never been in this journey."
            : $"The contact is not in this journey now; it was in it {DefinitionWords.Times(standing.Entries)}{(standing.HasConverted ? ", and converted" : "")}.";
        if (standing.Trigger is { } trigger)
        {
            foreach (string line in StandingWords.Condition("Its trigger", trigger)) yield return line;
            if (trigger.Holds) yield return "It starts at the moment when this becomes true, not while it stays true: before it can start again it must first become untrue.";
        }
        if (standing.Obstacles.Count == 0) yield return "If it were to start now, nothing would keep the contact out.";
        else
        {
            yield return "If it were to start now, the contact would not be taken in:";
            foreach (EntryObstacle obstacle in standing.Obstacles) yield return "  - " + Obstacle(journey, obstacle);
        }
    }

    static string Obstacle(JourneyDefinition journey, EntryObstacle obstacle)
    {
        string about = obstacle.Key is { Length: > 0 } key ? $"for \"{key}\": " : "";
        string text = obstacle.Reason switch
        {
            "max" => $"the contact has been in it {DefinitionWords.Times(obstacle.Count ?? 0)}, and {(journey.Entry.Reentry == null ? "without \"reentry\" a contact comes in once" : $"{DefinitionWords.Times(journey.Entry.Reentry.Max ?? 0)} is allowed")}",
            "active" => $"the contact is in it already (enrollment {obstacle.Count})",
            "rollout" => $"the journey is rolled out to {EventPhrases.Text((journey.Entry.Rollout ?? 0) * 100)} % of contacts, and this one comes in from {EventPhrases.Text(System.Math.Ceiling((obstacle.Draw ?? 0) * 1000) / 10)} %",
            _ => DecisionWords.Refused(obstacle.Reason),
        };
        if (obstacle.Until is { } until) text += $", until {TimeWords.At(until)}";
        if (obstacle.Evidence is { Holds: false } missing) text += $"; missing: {StandingWords.Missing(missing)}";
        else if (obstacle.Evidence is { } holds) text += $" ({EvidenceWords.Why(holds)})";
        return about + text;
    }

    static IEnumerable<string> Enrolled(JourneyDefinition journey, EnrollmentStanding enrollment)
    {
        string key = enrollment.Key is { Length: > 0 } k ? $" for \"{k}\"" : "", why = enrollment.Why is { } reason ? $", because {reason}" : "";
        if (enrollment.Rest == "ended")
        {
            yield return $"Enrollment {enrollment.Entry}{key} of {TimeWords.At(enrollment.Start)} has ended; its goal still counts until {TimeWords.At(enrollment.GoalUntil ?? 0)}.";
            yield break;
        }
        yield return $"The contact is in the journey{key} since {TimeWords.At(enrollment.Start)} (enrollment {enrollment.Entry}){why}.";
        yield return "It rests at " + At(journey, enrollment) + ".";
        if (enrollment.WaitsFor is { } condition)
        {
            foreach (string line in StandingWords.Condition("What it waits for (counted from there)", condition)) yield return line;
        }
        foreach (string line in Then(journey, enrollment)) yield return line;
        if (enrollment.Goal is { } goal) yield return goal.Holds ? $"The goal is reached: {EvidenceWords.Why(goal)}." : $"The goal is not reached (counted from the start); missing: {StandingWords.Missing(goal)}.";
        foreach (ExitStanding exit in enrollment.Exits)
        {
            yield return exit.Due is { } due ? $"At the latest it ends on {TimeWords.At(due)}: \"{exit.Reason}\"." : $"It would end early, \"{exit.Reason}\"; for that is missing: {StandingWords.Missing(exit.Evidence!)}.";
        }
    }

    static string At(JourneyDefinition journey, EnrollmentStanding enrollment)
    {
        string step = $"the step \"{enrollment.Step}\" ({Say(journey, enrollment.Step)})", until = enrollment.Until is { } t ? $" until {TimeWords.At(t)}" : "";
        return enrollment.Rest switch
        {
            "deferred" => $"{step}: the message is put off{until}",
            "held" => $"{step}: a person looks at the message first{(enrollment.HeldBy is { } by ? $" (rule \"{by}\")" : "")}, at most{until}",
            "paused" => $"{step}, because the journey is paused",
            "waitFor" or "review" => $"{step}, at most{until}",
            _ => step + until,
        };
    }

    static IEnumerable<string> Then(JourneyDefinition journey, EnrollmentStanding enrollment)
    {
        if (enrollment.Rest is "waitFor" or "review")
        {
            string first = enrollment.Rest == "waitFor" ? "If it comes" : "If approved", second = enrollment.Rest == "waitFor" ? "if time runs out" : "if rejected";
            yield return $"{first}, next is {Next(journey, enrollment.Next)}; {second}, {Next(journey, enrollment.Otherwise)}.";
        }
        else if (enrollment.Rest is "wait" or "deferred" or "held") yield return $"Next is {Next(journey, enrollment.Next)}.";
    }

    static string Next(JourneyDefinition journey, string? step) => step == null ? "the end" : $"the step \"{step}\" ({Say(journey, step)})";

    static string Say(JourneyDefinition journey, string? step) =>
        StepWalk.All(journey.Steps).FirstOrDefault(s => s.Id == step) is { } found ? JourneyWords.Plain(found).TrimEnd('.') : "no longer in the journey";
}
