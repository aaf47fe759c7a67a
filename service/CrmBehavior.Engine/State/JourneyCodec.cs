using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Journeys;

namespace CrmBehavior.Engine.State;

/// <summary>How a contact stands with journeys, as bytes and back.</summary>
internal sealed class JourneyCodec(Plan plan, StateCodec codec)
{
    const byte Converted = 1, WaitedForHour = 2, Reviewed = 4, ApprovesByDefault = 8, Answered = 16, Approved = 32;

    readonly Dictionary<(string Name, int Version), CompiledJourney> byVersion = plan.Journeys.ToDictionary(j => (j.Name, j.Source.Version));

    public void Write(StateWriter writer, JourneyStates states, long now)
    {
        writer.TimeOrNone(states.NextDue, now);
        writer.Count(states.Records.Count);
        foreach (JourneyRecord record in states.Records) Write(writer, record, now);
        writer.Count(states.Pauses.Count);
        foreach (Pause pause in states.Pauses)
        {
            writer.Text(pause.Journey);
            writer.TimeOrNone(pause.Until, now);
        }
        writer.Count(states.Sent.Count);
        foreach (SentMessage message in states.Sent) Write(writer, message, now);
        writer.Count(states.Enrollments.Count);
        var one = new StateWriter();
        foreach (Enrollment enrollment in states.Enrollments)
        {
            one.Clear();
            Write(one, enrollment, now);
            writer.Bytes(one.Written);
        }
    }

    public JourneyStates Read(ref StateReader reader, long now)
    {
        var states = new JourneyStates { NextDue = reader.TimeOrNone(now) };
        for (int n = reader.Count(); n > 0; n--) states.Records.Add(ReadRecord(ref reader, now));
        for (int n = reader.Count(); n > 0; n--) states.Pauses.Add(new Pause(reader.Text(), reader.TimeOrNone(now)));
        for (int n = reader.Count(); n > 0; n--)
        {
            long at = reader.Time(now);
            states.Sent.Add(new SentMessage(at, reader.Text(), reader.OptionalText(), reader.Text(), reader.Text(), reader.OptionalText()));
        }
        for (int n = reader.Count(); n > 0; n--)
        {
            var one = new StateReader(reader.Bytes());
            if (ReadEnrollment(ref one, now) is { } enrollment) states.Enrollments.Add(enrollment);
        }
        return states;
    }

    static void Write(StateWriter writer, JourneyRecord record, long now)
    {
        writer.Text(record.Journey);
        writer.Count(record.Entries);
        writer.Count(record.Running);
        writer.Byte((byte)((record.HasCompleted ? 1 : 0) | (record.HasConverted ? 2 : 0)));
        writer.Count(record.Keys.Count);
        foreach (KeyRecord key in record.Keys)
        {
            writer.Byte(key.IsKept ? (byte)1 : (byte)0);
            writer.Text(key.Key);
            writer.Count(key.Count);
            writer.Time(key.LastStart, now);
            writer.TimeOrNone(key.EndedAt, now);
        }
    }

    static JourneyRecord ReadRecord(ref StateReader reader, long now)
    {
        var record = new JourneyRecord(reader.Text()) { Entries = reader.Count(), Running = reader.Count() };
        byte flags = reader.Byte();
        record.HasCompleted = (flags & 1) != 0;
        record.HasConverted = (flags & 2) != 0;
        for (int n = reader.Count(); n > 0; n--)
        {
            bool isKept = reader.Byte() != 0;
            record.Keys.Add(new KeyRecord(reader.Text(), isKept) { Count = reader.Count(), LastStart = reader.Time(now), EndedAt = reader.TimeOrNone(now) });
        }
        return record;
    }

    static void Write(StateWriter writer, SentMessage message, long now)
    {
        writer.Time(message.At, now);
        writer.Text(message.Channel);
        writer.OptionalText(message.Category);
        writer.Text(message.Journey);
        writer.Text(message.Step);
        writer.OptionalText(message.Template);
    }

    void Write(StateWriter writer, Enrollment enrollment, long now)
    {
        writer.Text(enrollment.Journey.Name);
        writer.Count(enrollment.Journey.Source.Version);
        writer.Count(enrollment.Entry);
        writer.Text(enrollment.Key);
        writer.Time(enrollment.Start, now);
        writer.Byte((byte)((enrollment.HasConverted ? Converted : 0) | (enrollment.HasWaitedForHour ? WaitedForHour : 0) | (enrollment.IsReviewed ? Reviewed : 0)
            | (enrollment.ApprovesByDefault ? ApprovesByDefault : 0) | (enrollment.Answer != null ? Answered : 0) | (enrollment.Answer == true ? Approved : 0)));
        writer.Byte((byte)enrollment.Rest);
        writer.OptionalText(enrollment.Step?.Id);
        writer.TimeOrNone(enrollment.Until, now);
        writer.Time(enrollment.Arrival == 0 ? enrollment.Start : enrollment.Arrival, now);
        writer.Time(enrollment.CauseAt == 0 ? enrollment.Start : enrollment.CauseAt, now);
        writer.Count(enrollment.CauseDepth);
        writer.TimeOrNone(enrollment.FirstTried, now);
        writer.OptionalText(enrollment.HeldBy);
        writer.OptionalText(enrollment.Why);
        writer.Bytes(enrollment.Trigger);
        writer.Bytes(enrollment.Shown);
        codec.WriteHistory(writer, enrollment.Since, now);
        codec.WriteHistory(writer, enrollment.SinceArrival, now);
        // Last, and mostly left out: states written before there was such a thing read the same.
        if (enrollment.SinceBegin != enrollment.Start) writer.Time(enrollment.SinceBegin, now);
    }

    /// <summary>An enrollment, or null where its journey's version is not run any more.</summary>
    Enrollment? ReadEnrollment(ref StateReader reader, long now)
    {
        string name = reader.Text();
        if (!byVersion.TryGetValue((name, reader.Count()), out CompiledJourney? journey)) return null;
        var enrollment = new Enrollment(journey, reader.Count(), reader.Text(), reader.Time(now));
        byte flags = reader.Byte();
        enrollment.HasConverted = (flags & Converted) != 0;
        enrollment.HasWaitedForHour = (flags & WaitedForHour) != 0;
        enrollment.IsReviewed = (flags & Reviewed) != 0;
        enrollment.ApprovesByDefault = (flags & ApprovesByDefault) != 0;
        enrollment.Answer = (flags & Answered) == 0 ? null : (flags & Approved) != 0;
        enrollment.Rest = (Rest)reader.Byte();
        enrollment.Step = reader.OptionalText() is { } step ? journey.StepsById.GetValueOrDefault(step) : null;
        enrollment.Until = reader.TimeOrNone(now);
        enrollment.Arrival = reader.Time(now);
        enrollment.CauseAt = reader.Time(now);
        enrollment.CauseDepth = reader.Count();
        enrollment.FirstTried = reader.TimeOrNone(now);
        enrollment.HeldBy = reader.OptionalText();
        enrollment.Why = reader.OptionalText();
        enrollment.Trigger = reader.Bytes().ToArray();
        enrollment.Shown = reader.Bytes().ToArray();
        codec.ReadHistory(ref reader, enrollment.Since, now);
        codec.ReadHistory(ref reader, enrollment.SinceArrival, now);
        if (!reader.IsAtEnd) enrollment.SinceBegin = reader.Time(now);
        return enrollment;
    }
}
