using System.Collections.Generic;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Policies;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Steps 4 and 5 of an instant: messages that wait to go out are decided one at a time; in replay, mails come back as delivered.</summary>
internal sealed class MessageDesk(Evaluator evaluator, JourneyLog log, EnrollmentEnds ends)
{
    readonly Plan plan = evaluator.Plan;
    readonly PolicyGate gate = new(evaluator.Plan);
    readonly List<(byte[] Properties, int Depth)> mails = [];

    /// <summary>Takes the enrollment of a decided message on.</summary>
    public StepTaker Steps { get; set; } = null!;

    /// <summary>Decides the first message in line; false when none waits.</summary>
    public bool DecideNext()
    {
        if (evaluator.Contact.Journeys is not { } states || First(states) is not { } enrollment) return false;
        evaluator.Depth = enrollment.CauseDepth;
        if (ends.Check(enrollment)) return true;
        View view = evaluator.View;
        view.History = evaluator.Contact.History;
        view.Begin = evaluator.Contact.First;
        Verdict verdict = gate.Judge(view, enrollment);
        if (enrollment.FirstTried == Instant.None) enrollment.FirstTried = evaluator.Now;
        switch (verdict.Fate)
        {
            case Fate.Send:
                log.Acted(enrollment);
                Note(enrollment, states);
                GoOn(enrollment);
                break;
            case Fate.Drop:
                log.Suppressed(enrollment, verdict.Rule!, verdict.By, verdict.Winner);
                GoOn(enrollment);
                break;
            case Fate.Defer:
                log.Deferred(enrollment, verdict.Rule!, verdict.Until, verdict.By, verdict.Winner);
                enrollment.Rest = Rest.Deferred;
                enrollment.Until = verdict.Until;
                enrollment.HasWaitedForHour |= verdict.Rule == "sendTime";
                break;
            default:
                log.Deferred(enrollment, verdict.Rule!, verdict.Until, verdict.By, verdict.Winner);
                enrollment.Rest = Rest.Held;
                enrollment.Until = verdict.Until;
                enrollment.HeldBy = verdict.By;
                enrollment.ApprovesByDefault = verdict.SendByDefault;
                enrollment.Answer = null;
                break;
        }
        return true;
    }

    /// <summary>Lets a held message go: to be decided in its turn, or dropped there and then. True when the enrollment goes on.</summary>
    public bool Release(Enrollment enrollment, bool approved)
    {
        enrollment.IsReviewed = true;
        enrollment.Answer = null;
        if (approved)
        {
            enrollment.Rest = Rest.Message;
            return false;
        }
        log.Suppressed(enrollment, "review", enrollment.HeldBy, null);
        enrollment.Step = enrollment.Step!.Next;
        return true;
    }

    /// <summary>Raises the delivery of all mails that went out, in the order sent; false when there are none.</summary>
    public bool ReturnMail()
    {
        if (mails.Count == 0) return false;
        foreach ((byte[] properties, int depth) in mails)
        {
            evaluator.Depth = depth;
            if (evaluator.CanRaise) evaluator.Raise(new RaisedInput(plan.EmailDelivered!, evaluator.NextTick(), depth + 1) { Properties = properties });
        }
        mails.Clear();
        return true;
    }

    void GoOn(Enrollment enrollment)
    {
        enrollment.Step = enrollment.Step!.Next;
        Steps.GoOn(enrollment);
    }

    /// <summary>The message that goes first: by priority, then the one tried earliest, then by journey and entry.</summary>
    Enrollment? First(JourneyStates states)
    {
        Enrollment? first = null;
        foreach (Enrollment enrollment in states.Enrollments)
        {
            if (enrollment.Rest != Rest.Message || ends.IsPaused(enrollment.Journey)) continue;
            if (first == null || Compare(enrollment, first) < 0) first = enrollment;
        }
        return first;
    }

    int Compare(Enrollment a, Enrollment b)
    {
        int order = b.Journey.Source.Priority.CompareTo(a.Journey.Source.Priority);
        if (order == 0) order = Tried(a).CompareTo(Tried(b));
        if (order == 0) order = string.CompareOrdinal(a.Journey.Name, b.Journey.Name);
        return order != 0 ? order : a.Entry.CompareTo(b.Entry);
    }

    long Tried(Enrollment enrollment) => enrollment.FirstTried == Instant.None ? evaluator.Now : enrollment.FirstTried;

    /// <summary>Remembers a message that went out for caps and cooldowns, and a mail for its delivery.</summary>
    void Note(Enrollment enrollment, JourneyStates states)
    {
        var step = (MessageStep)enrollment.Step!.Source;
        string? category = PolicyGate.CategoryOf(enrollment);
        if (!PolicyGate.IsFree(enrollment) && plan.Policies.LookBack > 0)
        {
            states.Sent.Add(new SentMessage(evaluator.Now, step.Channel, category, enrollment.Journey.Name, step.Id, step.Template));
        }
        if (step.Channel != "email" || !plan.Options.MailIsDeliveredAtOnce || plan.EmailDelivered == null) return;
        mails.Add((JourneyLog.Properties(json =>
        {
            json.WriteString("journey", enrollment.Journey.Name);
            json.WriteString("step", step.Id);
            json.WriteString("template", step.Template);
            if (category != null) json.WriteString("category", category);
            json.WriteNumber("entry", enrollment.Entry);
            if (enrollment.Journey.KeyPath != null) json.WriteString("key", enrollment.Key);
        }), enrollment.CauseDepth));
    }
}
