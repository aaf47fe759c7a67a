using System;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Takes contacts into journeys, or says why not.</summary>
internal sealed class JourneyEntry(Evaluator evaluator, JourneyLog log, EnrollmentEnds ends, StepTaker steps)
{
    /// <summary>Enrollments of one journey that may run beside each other for one contact.</summary>
    const int MostRunning = 20;

    /// <summary>The trigger has fired: takes the contact in and the first steps, or writes a refusal.</summary>
    /// <param name="journey">The journey.</param>
    /// <param name="frame">The triggering event; null when a timer made the condition true.</param>
    public void TryEnroll(CompiledJourney journey, EventFrame? frame)
    {
        string key = journey.KeyPath is { } path && frame != null ? frame.ValueAt(path).ToString() : "";
        Evidence? because = log.WantsBecause ? Why(journey, frame) : null;
        if (Refusal(journey, key) is { } refusal)
        {
            log.Refused(journey, key, refusal, refusal == "if" && log.WantsBecause ? journey.EntryIf!.Explain(evaluator.View) : because);
            return;
        }
        steps.GoOn(Enroll(journey, key, frame, because));
    }

    /// <summary>Begins a journey anew in its present version, with what brought the contact in; its rules of entry are not asked.</summary>
    /// <param name="journey">The journey.</param>
    /// <param name="earlier">The enrollment that has ended for it.</param>
    /// <param name="trigger">Properties of the event that triggered it.</param>
    /// <param name="shown">Properties that its messages show.</param>
    public void Restart(CompiledJourney journey, Enrollment earlier, byte[] trigger, byte[] shown)
    {
        Enrollment begun = Enroll(journey, earlier.Key, null, null);
        (begun.Trigger, begun.Shown, begun.Why) = (trigger, shown, earlier.Why);
        steps.GoOn(begun);
    }

    string? Refusal(CompiledJourney journey, string key)
    {
        if (ends.IsPaused(journey)) return "paused";
        JourneyStates? states = evaluator.Contact.Journeys;
        JourneyRecord? record = states?.Find(journey.Name);
        if (states != null && states.Enrollments.Exists(e => e.IsRunning && e.Journey.Name == journey.Name && e.Key == key)) return "active";
        if (record?.Running >= MostRunning) return "limit";
        if (journey.EntryIf?.Holds(evaluator.View) == false) return "if";
        if (journey.Goal is { } goal && ends.HoldsAtOnce(goal)) return "goal";
        if (journey.Exits.Any(e => e.Condition is { } exit && ends.HoldsAtOnce(exit))) return "exit";
        EntryRule rule = journey.Source.Entry;
        if (record?.Find(key) is { } before && !before.IsForgotten(evaluator.Now))
        {
            int? max = rule.Reentry == null ? 1 : rule.Reentry.Max;
            if (before.Count >= max) return "max";
            if (rule.Reentry?.After is { } after && evaluator.Now < Instant.Add(before.LastStart, after)) return "after";
        }
        return rule.Rollout is { } share && Chance.Of("rollout", journey.Name, evaluator.Contact.Id) >= share ? "rollout" : null;
    }

    Enrollment Enroll(CompiledJourney journey, string key, EventFrame? frame, Evidence? because)
    {
        JourneyStates states = evaluator.Contact.EnsureJourneys();
        JourneyRecord record = states.Ensure(journey.Name);
        KeyRecord? counted = record.Find(key);
        if (counted?.IsForgotten(evaluator.Now) == true)
        {
            record.Keys.Remove(counted);
            counted = null;
        }
        if (counted == null) record.Keys.Add(counted = new KeyRecord(key, journey.KeyPath == null));
        counted.Count++;
        counted.LastStart = evaluator.Now;
        counted.EndedAt = Instant.Never;
        record.Entries++;
        record.Running++;
        states.Enrollments.RemoveAll(e => !e.IsRunning && e.Journey.Name == journey.Name && e.Key == key);
        var enrollment = new Enrollment(journey, record.Entries, key, evaluator.Now)
        {
            Step = journey.First,
            BeginTick = evaluator.NextTick(),
            Why = because == null ? null : evaluator.Sink.InWords(because),
        };
        if (journey.NeedsTrigger && frame != null) enrollment.Trigger = frame.Properties.ToArray();
        else if (journey.Shown is { } shown && frame == null) enrollment.Shown = evaluator.Contact.History.TextOf(shown.Index) ?? [];
        states.Enrollments.Add(enrollment);
        log.Enrolled(enrollment, because);
        return enrollment;
    }

    /// <summary>Why the trigger fired: the condition, or the event with what raised it.</summary>
    Evidence Why(CompiledJourney journey, EventFrame? frame)
    {
        if (journey.Source.Trigger?.Event is not { } trigger)
        {
            return journey.When != null && evaluator.RaisedInput?.Enrolls != journey
                ? journey.When.When.Explain(evaluator.View)
                : Happened(new EventPattern("enroll_requested:" + journey.Name, []), []);
        }
        CompiledDefinition? raiser = Raiser(trigger.Name);
        return Happened(trigger, raiser == null ? [] : [Explanation.Of(raiser, evaluator.View)]);
    }

    Evidence Happened(EventPattern pattern, Evidence[] parts) =>
        new(new EventCount(pattern, null, NumberTest.AtLeast(1)), true) { Count = 1, Last = evaluator.Now, Parts = parts };

    /// <summary>The signal, segment or score that raises events of a name, or null.</summary>
    CompiledDefinition? Raiser(string eventName)
    {
        int colon = eventName.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        string name = eventName[(colon + 1)..];
        string? kind = eventName[..colon] switch { "signal" => "signal", "segment_entered" => "segment", "score" => "score", _ => null };
        if (kind == "score") name = name[..Math.Max(0, name.LastIndexOf(':'))];
        return Array.Find(evaluator.Plan.Definitions, d => d.Source.Kind == kind && d.Source.Name == name);
    }
}
