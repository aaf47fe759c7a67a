using System;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Journeys;

/// <summary>How an enrollment comes to its end.</summary>
internal enum Ending
{
    /// <summary>It came to the end of its steps.</summary>
    Completed,

    /// <summary>An exit became true, or a step says so.</summary>
    Exit,

    /// <summary>It reached its goal.</summary>
    Goal,

    /// <summary>From outside: the contact was deleted, or the version withdrawn.</summary>
    Outside,
}

/// <summary>Goals, exits and other ends of enrollments, pauses, and when time alone brings the next of them about.</summary>
internal sealed class EnrollmentEnds(Evaluator evaluator, JourneyLog log)
{
    readonly View view = new() { Contact = evaluator.Contact, History = new NodeStore() };

    /// <summary>Asks goal, then exits in the order written; true when the enrollment is over.</summary>
    public bool Check(Enrollment enrollment)
    {
        CompiledJourney journey = enrollment.Journey;
        long now = evaluator.Now;
        if (!enrollment.IsRunning && now >= GoalEnd(enrollment))
        {
            evaluator.Contact.Journeys!.Enrollments.Remove(enrollment);
            return true;
        }
        if (journey.Goal is { } goal && Holds(enrollment, goal))
        {
            Evidence? because = Why(enrollment, goal);
            if (!enrollment.HasConverted && now < GoalEnd(enrollment)) Convert(enrollment, because);
            if (enrollment.IsRunning) End(enrollment, Ending.Goal, "goal", null, because);
            else evaluator.Contact.Journeys!.Enrollments.Remove(enrollment);
            return true;
        }
        if (!enrollment.IsRunning) return false;
        foreach (CompiledExit exit in journey.Exits)
        {
            bool holds = exit.Condition is { } condition ? Holds(enrollment, condition) : now >= Instant.Add(enrollment.Start, exit.After!.Value);
            if (!holds) continue;
            End(enrollment, Ending.Exit, exit.Reason, null, exit.Condition == null ? null : Why(enrollment, exit.Condition));
            return true;
        }
        return false;
    }

    /// <summary>Whether a condition would end an enrollment that began now, before anything happened in it.</summary>
    public bool HoldsAtOnce(FreshCondition condition)
    {
        Look(new NodeStore(), evaluator.Now);
        return condition.Condition.Holds(view);
    }

    /// <summary>Whether what a `waitFor` waits for has come.</summary>
    public bool HoldsSinceArrival(Enrollment enrollment)
    {
        Look(enrollment.SinceArrival, enrollment.Arrival);
        return enrollment.Step!.WaitFor!.Condition.Holds(view);
    }

    public Evidence? WhySinceArrival(Enrollment enrollment)
    {
        if (!log.WantsBecause) return null;
        Look(enrollment.SinceArrival, enrollment.Arrival);
        return enrollment.Step!.WaitFor!.Condition.Explain(view);
    }

    /// <summary>Ends a running enrollment; its goal may still be watched.</summary>
    public void End(Enrollment enrollment, Ending how, string outcome, string? step = null, Evidence? because = null)
    {
        JourneyStates states = evaluator.Contact.Journeys!;
        JourneyRecord record = states.Ensure(enrollment.Journey.Name);
        log.Exited(enrollment, outcome, step, because);
        record.Running--;
        if (how == Ending.Completed) record.HasCompleted = true;
        if (record.Find(enrollment.Key) is { } key) key.EndedAt = evaluator.Now;
        bool watched = how is Ending.Completed or Ending.Exit && !enrollment.HasConverted
            && enrollment.Journey.Source.Goal?.Within != null && evaluator.Now < GoalEnd(enrollment);
        enrollment.Rest = Rest.Ended;
        enrollment.Step = null;
        enrollment.SinceArrival.ClearRecords();
        enrollment.Trigger = enrollment.Shown = [];
        if (!watched) states.Enrollments.Remove(enrollment);
    }

    /// <summary>Whether a journey rests, by a person or for this contact.</summary>
    public bool IsPaused(CompiledJourney journey) =>
        IsPausedForAll(journey) || evaluator.Contact.Journeys?.PausedUntil(journey.Name) > evaluator.Now;

    /// <summary>The earliest instant at which time alone moves an enrollment of the contact.</summary>
    public long NextDue(JourneyStates states)
    {
        long due = Instant.Never;
        foreach (Enrollment enrollment in states.Enrollments)
        {
            CompiledJourney journey = enrollment.Journey;
            Look(enrollment.Since, enrollment.SinceBegin);
            journey.Goal?.Condition.Holds(view, ref due);
            if (!enrollment.IsRunning)
            {
                due = Math.Min(due, GoalEnd(enrollment));
                continue;
            }
            foreach (CompiledExit exit in journey.Exits)
            {
                if (exit.Condition is { } condition) condition.Condition.Holds(view, ref due);
                else due = Math.Min(due, Instant.Add(enrollment.Start, exit.After!.Value));
            }
            due = Math.Min(due, RestEnds(enrollment, states));
        }
        return due;
    }

    /// <summary>When what an enrollment rests for ends by time; during a pause not before its end.</summary>
    long RestEnds(Enrollment enrollment, JourneyStates states)
    {
        if (IsPausedForAll(enrollment.Journey)) return Instant.Never;
        long pause = states.PausedUntil(enrollment.Journey.Name);
        bool isTimed = enrollment.Rest is Rest.Wait or Rest.WaitFor or Rest.Review or Rest.Deferred or Rest.Held;
        if (pause > evaluator.Now)
        {
            bool mayBeReady = !isTimed || enrollment.Rest == Rest.WaitFor || enrollment.Answer != null;
            return mayBeReady ? pause : Math.Max(pause, enrollment.Until);
        }
        long due = isTimed ? enrollment.Until : Instant.Never;
        if (enrollment.Rest == Rest.WaitFor)
        {
            Look(enrollment.SinceArrival, enrollment.Arrival);
            enrollment.Step!.WaitFor!.Condition.Holds(view, ref due);
        }
        return due;
    }

    bool IsPausedForAll(CompiledJourney journey) =>
        journey.Source.Run == JourneyRun.Paused
        || (evaluator.Plan.JourneysByName.TryGetValue(journey.Name, out CompiledJourney? current) && current.Source.Run == JourneyRun.Paused);

    void Convert(Enrollment enrollment, Evidence? because)
    {
        enrollment.HasConverted = true;
        evaluator.Contact.Journeys!.Ensure(enrollment.Journey.Name).HasConverted = true;
        log.Converted(enrollment, because);
    }

    static long GoalEnd(Enrollment enrollment) =>
        enrollment.Journey.Source.Goal?.Within is { } within ? Instant.Add(enrollment.Start, within) : Instant.Never;

    bool Holds(Enrollment enrollment, FreshCondition condition)
    {
        Look(enrollment.Since, enrollment.SinceBegin);
        return condition.Condition.Holds(view);
    }

    Evidence? Why(Enrollment enrollment, FreshCondition condition)
    {
        if (!log.WantsBecause) return null;
        Look(enrollment.Since, enrollment.SinceBegin);
        return condition.Condition.Explain(view);
    }

    void Look(NodeStore history, long begin)
    {
        view.Contact = evaluator.Contact;
        view.History = history;
        view.Begin = begin;
        view.Now = evaluator.Now;
    }
}
