using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Journeys;

/// <summary>
/// Step 2 of an instant: each journey in turn looks whether its enrollments have ended, lets those go on that may, and takes the contact
/// in when its trigger fires. Moves enrollments; the steps themselves only answer.
/// </summary>
internal sealed class JourneyRunner
{
    readonly Evaluator evaluator;
    readonly Plan plan;
    readonly DefinitionRun definitions;
    readonly WorkSet work;
    readonly WorkSet triggered;
    readonly List<Enrollment> turn = [];
    readonly bool isIdle;
    int atWork = int.MaxValue;
    readonly EnrollmentEnds ends;
    readonly StepTaker steps;
    readonly JourneyEntry entry;
    readonly MessageDesk desk;

    public JourneyRunner(Evaluator evaluator, DefinitionRun definitions, bool runs)
    {
        this.evaluator = evaluator;
        this.definitions = definitions;
        isIdle = !runs || evaluator.Plan.Journeys.Length == 0;
        plan = evaluator.Plan;
        work = new WorkSet(plan.Journeys.Length);
        triggered = new WorkSet(plan.Journeys.Length);
        var log = new JourneyLog(evaluator, NoteChange);
        ends = new EnrollmentEnds(evaluator, log);
        desk = new MessageDesk(evaluator, log, ends);
        steps = new StepTaker(evaluator, log, ends);
        desk.Steps = steps;
        entry = new JourneyEntry(evaluator, log, ends, steps);
    }

    /// <summary>Handles an input, or with null the timers that are due.</summary>
    public void Work(EventFrame? frame)
    {
        if (isIdle)
        {
            definitions.Triggers.Clear();
            return;
        }
        FindWork(frame);
        while (work.TryTake(int.MaxValue, out int index))
        {
            atWork = index;
            CompiledJourney journey = plan.Journeys[index];
            if (evaluator.Contact.Journeys is { } states)
            {
                CollectTurn(states, journey);
                foreach (Enrollment enrollment in turn) ends.Check(enrollment);
                CollectTurn(states, journey);
                foreach (Enrollment enrollment in turn)
                {
                    if (enrollment.IsRunning && !ends.IsPaused(enrollment.Journey) && MayGoOn(enrollment)) steps.GoOn(enrollment);
                }
            }
            bool fires = triggered.Remove(index);
            // The condition is followed at all times, also when the event has fired already.
            if (journey.When != null && definitions.Triggers.Remove(journey.When.Index)) fires |= definitions.Fires(journey.When);
            if (fires) entry.TryEnroll(journey, frame);
        }
        atWork = int.MaxValue;
    }

    /// <summary>How the contact stands with a journey has changed: triggers that ask for it, and are still to have their turn, do.</summary>
    void NoteChange()
    {
        foreach (int dependent in plan.JourneyDependents)
        {
            // The others are asked at the next input, as segments and signals are.
            if (plan.Definitions[dependent] is not CompiledTrigger trigger || trigger.Journey <= atWork) continue;
            definitions.Triggers.Add(dependent);
            work.Add(trigger.Journey);
        }
    }

    /// <summary>Decides the first of the messages that wait; false when none does.</summary>
    public bool DecideMessage() => !isIdle && desk.DecideNext();

    /// <summary>Has mails come back that went out at this instant, in replay; false when there are none.</summary>
    public bool ReturnMail() => desk.ReturnMail();

    /// <summary>Ends all running enrollments, journeys by order of work.</summary>
    public void EndAll(string outcome)
    {
        if (evaluator.Contact.Journeys is not { } states) return;
        foreach (CompiledJourney journey in plan.Journeys)
        {
            CollectTurn(states, journey);
            foreach (Enrollment enrollment in turn)
            {
                if (enrollment.IsRunning) ends.End(enrollment, Ending.Outside, outcome);
            }
        }
    }

    /// <summary>Whether enrollments in earlier versions are to be carried over into the present one.</summary>
    public static bool HasEarlier(ContactState contact, Plan plan) => contact.Journeys?.Enrollments.Exists(e => Successor(e, plan) != null) == true;

    /// <summary>Carries enrollments over into the present version of their journey, as that asks for it; journeys in their order of work.</summary>
    public void ChangeVersions()
    {
        foreach (CompiledJourney journey in plan.Journeys)
        {
            CollectTurn(evaluator.Contact.Journeys!, journey);
            foreach (Enrollment enrollment in turn.ToArray())
            {
                if (Successor(enrollment, plan) is not { } successor) continue;
                if (successor.Source.OnNewVersion == VersionChange.Migrate) Migrate(enrollment, successor);
                else
                {
                    (byte[] trigger, byte[] shown) = (enrollment.Trigger, enrollment.Shown);
                    ends.End(enrollment, Ending.Outside, "restarted");
                    entry.Restart(successor, enrollment, trigger, shown);
                }
            }
        }
    }

    /// <summary>The version that takes a running enrollment over; null where it finishes the one that it is in.</summary>
    static CompiledJourney? Successor(Enrollment enrollment, Plan plan) =>
        !enrollment.Journey.IsCurrent && enrollment.IsRunning && plan.JourneysByName.TryGetValue(enrollment.Journey.Name, out CompiledJourney? current) && current.Source.OnNewVersion != VersionChange.Drain ? current : null;

    void Migrate(Enrollment enrollment, CompiledJourney to)
    {
        if (enrollment.Step is { } step)
        {
            if (!to.StepsById.TryGetValue(step.Id, out CompiledStep? same) || same.Kind != step.Kind)
            {
                ends.End(enrollment, Ending.Outside, "migrated");
                return;
            }
            if (enrollment.Rest == Rest.WaitFor && step.Source is WaitForStep before && same.Source is WaitForStep after && ConditionKey.Of(before.Condition) != ConditionKey.Of(after.Condition))
            {
                enrollment.SinceArrival.ClearRecords();
                enrollment.Arrival = evaluator.Now;
            }
            enrollment.Step = same;
        }
        if (EndsOf(enrollment.Journey) != EndsOf(to))
        {
            enrollment.Since.ClearRecords();
            enrollment.SinceBegin = evaluator.Now;
        }
        enrollment.Journey = to;
    }

    /// <summary>Equal for journeys whose goal and exits ask for the same.</summary>
    static string EndsOf(CompiledJourney journey) =>
        string.Join('\n', journey.Source.Exits.Select(e => e.When).Prepend(journey.Source.Goal?.When).Select(c => c == null ? "" : ConditionKey.Of(c)));

    /// <summary>Ends a running enrollment from outside.</summary>
    public void End(Enrollment enrollment, string outcome) => ends.End(enrollment, Ending.Outside, outcome);

    /// <summary>Works out when time alone moves an enrollment next.</summary>
    public void Schedule()
    {
        if (evaluator.Contact.Journeys is not { } states) return;
        states.Forget(evaluator.Now, plan.Policies.LookBack);
        foreach (Enrollment enrollment in states.Enrollments) enrollment.EndInstant();
        states.NextDue = ends.NextDue(states);
    }

    /// <summary>Records the input in the histories of enrollments, and finds the journeys that have something to do.</summary>
    void FindWork(EventFrame? frame)
    {
        if (!definitions.Triggers.IsEmpty)
        {
            for (int i = plan.FirstTrigger; i < plan.Definitions.Length; i++)
            {
                if (definitions.Triggers.Contains(i)) work.Add(((CompiledTrigger)plan.Definitions[i]).Journey);
            }
        }
        if (evaluator.Contact.Journeys is { } states)
        {
            if (frame != null && frame.Shape == plan.ReviewDecided) TakeAnswer(states, frame);
            foreach (Enrollment enrollment in states.Enrollments)
            {
                if (frame != null) Record(enrollment, frame);
                work.Add(enrollment.Journey.Index);
            }
        }
        if (frame == null) return;
        foreach (int pattern in frame.Matches)
        {
            foreach (int journey in plan.Uses[pattern].Journeys)
            {
                work.Add(journey);
                triggered.Add(journey);
            }
        }
        if (evaluator.RaisedInput?.Enrolls is { } asked)
        {
            work.Add(asked.Index);
            triggered.Add(asked.Index);
        }
    }

    /// <summary>Takes an input into what an enrollment has seen since it began, and since it came to a `waitFor`.</summary>
    void Record(Enrollment enrollment, EventFrame frame)
    {
        if (evaluator.InputTick <= enrollment.BeginTick || IsAboutAnother(enrollment, frame)) return;
        Take(enrollment.Journey.SinceNodes, enrollment.Since, frame);
        if (enrollment.Rest == Rest.WaitFor && evaluator.InputTick > enrollment.ArrivalTick) Take(enrollment.Step!.WaitFor!.Nodes, enrollment.SinceArrival, frame);
    }

    void Take(IReadOnlyList<HistoryNode> nodes, State.NodeStore store, EventFrame frame)
    {
        foreach (HistoryNode node in nodes)
        {
            foreach (Pattern pattern in node.Patterns)
            {
                if (!frame.IsMatch(pattern.Id)) continue;
                node.Take(store, frame, evaluator.Now);
                break;
            }
        }
    }

    /// <summary>Whether the event has the key's property with another value.</summary>
    static bool IsAboutAnother(Enrollment enrollment, EventFrame frame)
    {
        if (enrollment.Journey.KeyPath is not { } path) return false;
        Value value = frame.ValueAt(path);
        return !value.IsMissing && value.ToString() != enrollment.Key;
    }

    static void TakeAnswer(JourneyStates states, EventFrame frame)
    {
        string journey = frame.ValueAt("properties.journey").ToString(), step = frame.ValueAt("properties.step").ToString();
        Value entry = frame.ValueAt("properties.entry");
        foreach (Enrollment enrollment in states.Enrollments)
        {
            if (enrollment.Rest is not (Rest.Review or Rest.Held) || enrollment.Journey.Name != journey || enrollment.Step!.Id != step) continue;
            if (IsAboutAnother(enrollment, frame) || (entry.TryGetNumber(out double number) && number != enrollment.Entry)) continue;
            enrollment.Answer = frame.ValueAt("properties.approved").IsTrue;
        }
    }

    void CollectTurn(JourneyStates states, CompiledJourney journey)
    {
        turn.Clear();
        foreach (Enrollment enrollment in states.Enrollments)
        {
            if (enrollment.Journey == journey) turn.Add(enrollment);
        }
    }

    /// <summary>Whether what an enrollment rests for has come; notes where it goes on.</summary>
    bool MayGoOn(Enrollment enrollment)
    {
        bool isTimeUp = evaluator.Now >= enrollment.Until;
        switch (enrollment.Rest)
        {
            case Rest.Wait when isTimeUp:
                enrollment.Step = enrollment.Step!.Next;
                return true;
            case Rest.WaitFor:
                bool holds = ends.HoldsSinceArrival(enrollment);
                if (holds || isTimeUp) steps.Leave(enrollment, holds);
                return holds || isTimeUp;
            case Rest.Review when enrollment.Answer != null || isTimeUp:
                steps.Leave(enrollment, enrollment.Answer ?? enrollment.ApprovesByDefault);
                return true;
            case Rest.Deferred when isTimeUp:
                enrollment.Rest = Rest.Message;
                return false;
            case Rest.Held when enrollment.Answer != null || isTimeUp:
                return desk.Release(enrollment, enrollment.Answer ?? enrollment.ApprovesByDefault);
            case Rest.Raised: return evaluator.InputTick >= enrollment.AwaitedTick;
            case Rest.Paused: return true;
            default: return false;
        }
    }
}
