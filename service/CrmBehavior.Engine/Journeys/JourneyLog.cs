using System;
using System.Buffers;
using System.Text.Json;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Writes the decision lines of journeys, and raises the events that tell of them.</summary>
internal sealed class JourneyLog(Evaluator evaluator, Action standingChanged)
{
    public void Enrolled(Enrollment enrollment, Evidence? because)
    {
        Write(enrollment, "enrolled", because: because);
        standingChanged();
        Raise(enrollment, enrollment.Journey.Entered);
    }

    public void Refused(CompiledJourney journey, string key, string outcome, Evidence? because) => evaluator.Decide(new Decision
    {
        At = evaluator.Now,
        ContactId = evaluator.Contact.Id,
        Definition = journey.Name,
        Kind = "journey",
        Version = journey.Source.Version,
        Effect = "refused",
        Outcome = outcome,
        Key = journey.KeyPath == null ? null : key,
        Because = because,
        CauseAt = evaluator.CauseAt,
        Ordinal = evaluator.NextOrdinal(),
    });

    public void Converted(Enrollment enrollment, Evidence? because)
    {
        Write(enrollment, "converted", because: because);
        standingChanged();
        Raise(enrollment, enrollment.Journey.Reached);
    }

    public void Exited(Enrollment enrollment, string outcome, string? step, Evidence? because)
    {
        Write(enrollment, "exited", step, outcome, because: because);
        standingChanged();
        Raise(enrollment, enrollment.Journey.Exited, outcome);
    }

    public void Waiting(Enrollment enrollment, long until) => Write(enrollment, "step", enrollment.Step!.Id, "waiting", until: until);

    public void Skipped(Enrollment enrollment) => Write(enrollment, "step", enrollment.Step!.Id, "skipped");

    public void Branched(Enrollment enrollment, string outcome, Evidence? because = null) =>
        Write(enrollment, "branch", enrollment.Step!.Id, outcome, because: because);

    public void Split(Enrollment enrollment, string arm) => Write(enrollment, "split", enrollment.Step!.Id, arm);

    public void Acted(Enrollment enrollment)
    {
        var step = (ActionStep)enrollment.Step!.Source;
        byte[] trigger = enrollment.Trigger.Length > 0 ? enrollment.Trigger : enrollment.Shown;
        Write(enrollment, "action", step.Id, action: step.Action, args: step.Args, trigger: trigger.Length > 0 ? trigger : null);
    }

    public void Suppressed(Enrollment enrollment, string rule, string? by, Winner? winner) =>
        Write(enrollment, "suppressed", enrollment.Step!.Id, rule, action: ((ActionStep)enrollment.Step.Source).Action, by: by, winner: winner);

    public void Deferred(Enrollment enrollment, string rule, long until, string? by, Winner? winner) =>
        Write(enrollment, "deferred", enrollment.Step!.Id, rule, until, ((ActionStep)enrollment.Step.Source).Action, by: by, winner: winner);

    /// <summary>Whether decisions are to carry why they were made.</summary>
    public bool WantsBecause => evaluator.Sink.WantsBecause;

    void Write(
        Enrollment enrollment, string effect, string? step = null, string? outcome = null, long? until = null, string? action = null,
        JsonElement? args = null, string? by = null, Winner? winner = null, Evidence? because = null, byte[]? trigger = null) =>
        evaluator.Decide(new Decision
        {
            At = evaluator.Now,
            ContactId = evaluator.Contact.Id,
            Definition = enrollment.Journey.Name,
            Kind = "journey",
            Version = enrollment.Journey.Source.Version,
            Effect = effect,
            Outcome = outcome,
            Entry = enrollment.Entry,
            Key = enrollment.Journey.KeyPath == null ? null : enrollment.Key,
            Step = step,
            Action = action,
            Args = args,
            Until = until,
            By = by,
            Winner = winner,
            Because = because,
            Why = enrollment.Why,
            Trigger = trigger,
            CauseAt = action == null || enrollment.Rest != Rest.Message ? evaluator.CauseAt : enrollment.CauseAt,
            Ordinal = evaluator.NextOrdinal(),
        });

    void Raise(Enrollment enrollment, EventShape? shape, string? outcome = null)
    {
        if (shape == null || !evaluator.CanRaise) return;
        byte[] properties = Properties(json =>
        {
            json.WriteNumber("entry", enrollment.Entry);
            if (enrollment.Journey.KeyPath != null) json.WriteString("key", enrollment.Key);
            if (outcome != null) json.WriteString("outcome", outcome);
        });
        evaluator.Raise(new RaisedInput(shape, evaluator.NextTick(), evaluator.Depth + 1) { Properties = properties });
    }

    /// <summary>Properties of a raised event as JSON.</summary>
    public static byte[] Properties(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
