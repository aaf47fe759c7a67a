using System;
using System.Globalization;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Takes step after step of an enrollment until it rests or ends.</summary>
internal sealed class StepTaker(Evaluator evaluator, JourneyLog log, EnrollmentEnds ends)
{
    readonly Plan plan = evaluator.Plan;

    /// <summary>Takes steps from the one that the enrollment stands at.</summary>
    public void GoOn(Enrollment enrollment)
    {
        enrollment.Rest = Rest.None;
        enrollment.Until = Instant.Never;
        while (true)
        {
            if (enrollment.Step == null)
            {
                ends.End(enrollment, Ending.Completed, "completed");
                return;
            }
            if (ends.Check(enrollment)) return;
            if (ends.IsPaused(enrollment.Journey))
            {
                enrollment.Rest = Rest.Paused;
                return;
            }
            if (!Take(enrollment)) return;
        }
    }

    /// <summary>Leaves a `waitFor` or a review by its first or second arm.</summary>
    public void Leave(Enrollment enrollment, bool first)
    {
        bool isReview = enrollment.Rest == Rest.Review;
        log.Branched(enrollment, isReview ? first ? "approved" : "rejected" : first ? "then" : "else", isReview ? null : ends.WhySinceArrival(enrollment));
        enrollment.Step = enrollment.Step!.Arms[first ? 0 : 1];
        enrollment.SinceArrival.ClearRecords();
        enrollment.Answer = null;
    }

    /// <summary>Takes one step; false when the enrollment rests or has ended.</summary>
    bool Take(Enrollment enrollment)
    {
        CompiledStep step = enrollment.Step!;
        switch (step.Source)
        {
            case WaitStep wait: return WaitUntil(enrollment, EndOf(wait));
            case WaitUntilStep wait: return WaitUntil(enrollment, wait);
            case WaitForStep wait: return WaitFor(enrollment, wait);
            case ReviewStep review:
                Arrive(enrollment, Rest.Review, Instant.Add(evaluator.Now, review.Deadline));
                enrollment.ApprovesByDefault = review.ApproveByDefault;
                enrollment.Answer = null;
                return false;
            case BranchStep branch:
                Branch(enrollment, branch);
                return true;
            case SplitStep split:
                int arm = ArmOf(enrollment, split);
                log.Split(enrollment, split.Arms[arm].Name);
                enrollment.Step = step.Arms[arm];
                return true;
            case MessageStep:
                enrollment.BeginMessage(evaluator.CauseAt, evaluator.Depth);
                return false;
            case ExitStep exit:
                ends.End(enrollment, Ending.Exit, exit.Reason, exit.Id);
                return false;
            case ActionStep action:
                log.Acted(enrollment);
                enrollment.Step = step.Next;
                if (action is PauseStep pause) Pause(enrollment, pause);
                return !RaiseFor(enrollment, step);
            default: throw new InvalidOperationException($"Steps of the form {step.Source.GetType().Name} are not known.");
        }
    }

    void Arrive(Enrollment enrollment, Rest rest, long until)
    {
        log.Waiting(enrollment, until);
        enrollment.Rest = rest;
        enrollment.Arrival = evaluator.Now;
        enrollment.Until = until;
    }

    long EndOf(WaitStep wait)
    {
        long after = Instant.Add(evaluator.Now, wait.For);
        return wait.Until is { } local && after != Instant.Never
            ? plan.Zones.Of(evaluator.Contact, local.Zone).Next(after, local.Time, local.Days)
            : after;
    }

    /// <summary>Rests until an instant; one already reached is only noted.</summary>
    bool WaitUntil(Enrollment enrollment, long until)
    {
        if (until > evaluator.Now)
        {
            Arrive(enrollment, Rest.Wait, until);
            return false;
        }
        log.Waiting(enrollment, until);
        enrollment.Step = enrollment.Step!.Next;
        return true;
    }

    bool WaitUntil(Enrollment enrollment, WaitUntilStep wait)
    {
        Value value = wait.Property is { } property ? TriggerValues.At(enrollment.Trigger, property) : evaluator.Contact.Traits[enrollment.Step!.Trait];
        if (value.Kind == ValueKind.Text)
        {
            if (Instant.TryParse(value.Utf8, out long instant)) return WaitUntil(enrollment, Math.Clamp(instant + wait.Offset, Instant.Earliest, Instant.Latest));
            if (Instant.TryParseDate(value.Utf8, out long days))
            {
                long midnight = plan.Zones.Of(evaluator.Contact, null).InstantOf(days * Duration.Day);
                return WaitUntil(enrollment, Math.Clamp(midnight + wait.Offset, Instant.Earliest, Instant.Latest));
            }
        }
        log.Skipped(enrollment);
        enrollment.Step = enrollment.Step!.Next;
        return true;
    }

    bool WaitFor(Enrollment enrollment, WaitForStep wait)
    {
        Arrive(enrollment, Rest.WaitFor, Instant.Add(evaluator.Now, wait.AtMost));
        enrollment.SinceArrival.ClearRecords();
        enrollment.ArrivalTick = evaluator.NextTick();
        if (!ends.HoldsSinceArrival(enrollment)) return false;
        Leave(enrollment, true);
        enrollment.Rest = Rest.None;
        return true;
    }

    void Branch(Enrollment enrollment, BranchStep branch)
    {
        CompiledStep step = enrollment.Step!;
        for (int i = 0; i < branch.Arms.Count; i++)
        {
            if (!step.Conditions[i].Holds(evaluator.View)) continue;
            string name = branch.Arms[i].Name ?? (i + 1).ToString(CultureInfo.InvariantCulture);
            log.Branched(enrollment, name, log.WantsBecause ? step.Conditions[i].Explain(evaluator.View) : null);
            enrollment.Step = step.Arms[i];
            return;
        }
        log.Branched(enrollment, branch.Else == null ? "none" : "else");
        enrollment.Step = step.Arms[^1];
    }

    int ArmOf(Enrollment enrollment, SplitStep split)
    {
        double total = 0, sum = 0;
        foreach (SplitArm arm in split.Arms) total += arm.Weight;
        double throwOf = Chance.OfSplit(enrollment.Journey.Name, split.Id, evaluator.Contact.Id, enrollment.Entry) * total;
        for (int i = 0; i < split.Arms.Count; i++)
        {
            sum += split.Arms[i].Weight;
            if (throwOf < sum) return i;
        }
        return split.Arms.Count - 1;
    }

    void Pause(Enrollment enrollment, PauseStep pause)
    {
        long until = Instant.Add(evaluator.Now, pause.For);
        JourneyStates states = evaluator.Contact.Journeys!;
        if (pause.Journeys != null)
        {
            foreach (string journey in pause.Journeys) states.Pause(journey, until);
            return;
        }
        foreach (string journey in plan.JourneysByName.Keys)
        {
            if (journey != enrollment.Journey.Name) states.Pause(journey, until);
        }
    }

    /// <summary>Raises the input of a step that has one; true when the enrollment rests for it.</summary>
    bool RaiseFor(Enrollment enrollment, CompiledStep step)
    {
        if (step.Raises is not { } shape || !evaluator.CanRaise) return false;
        long tick = evaluator.NextTick();
        int depth = evaluator.Depth + 1;
        RaisedInput? input = step.Source switch
        {
            SetFieldStep set => new RaisedInput(shape, tick, depth) { Trait = step.Trait, Value = Value.Of(set.Value) },
            AddScoreStep add => new RaisedInput(shape, tick, depth) { Score = step.Score, Add = add.Add, Properties = ScoreAdded(add) },
            EnrollStep enroll => new RaisedInput(shape, tick, depth)
            {
                Enrolls = plan.JourneysByName.TryGetValue(enroll.Journey, out CompiledJourney? asked) ? asked : null,
                Properties = enrollment.Trigger,
            },
            _ => null,
        };
        if (input == null) return false;
        evaluator.Raise(input);
        enrollment.Rest = Rest.Raised;
        enrollment.AwaitedTick = tick;
        return true;
    }

    static byte[] ScoreAdded(AddScoreStep add) => JourneyLog.Properties(json =>
    {
        json.WriteString("score", add.Score);
        json.WriteNumber("add", add.Add);
    });
}
