using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Explain;

/// <summary>Says how a contact stands with a journey.</summary>
internal sealed class JourneyExplainer(Plan plan, View view)
{
    /// <summary>Enrollments of one journey that may run beside each other for one contact.</summary>
    const int MostRunning = 20;

    JourneyStates? States => view.Contact.Journeys;

    public JourneyStanding Of(JourneyDefinition source)
    {
        var standing = new JourneyStanding(source, view.Now);
        // A draft is in no plan.
        if (!plan.JourneysByName.TryGetValue(source.Name, out CompiledJourney? journey)) return standing;
        JourneyRecord? record = States?.Find(source.Name);
        return standing with
        {
            PausedUntil = PausedUntil(source.Name),
            Entries = record?.Entries ?? 0,
            HasCompleted = record?.HasCompleted == true,
            HasConverted = record?.HasConverted == true,
            Trigger = journey.When?.When.Explain(view),
            Obstacles = [.. Obstacles(journey, record)],
            Enrollments = [.. Own(source.Name).Where(e => e.IsRunning || GoalEnd(e) > view.Now).Select(Of)],
        };
    }

    IEnumerable<Enrollment> Own(string journey) => States?.Enrollments.Where(e => e.Journey.Name == journey) ?? [];

    long? PausedUntil(string journey) => States?.PausedUntil(journey) is { } until && until > view.Now ? until : null;

    /// <summary>The questions of an entry in their order; each that would refuse the contact.</summary>
    IEnumerable<EntryObstacle> Obstacles(CompiledJourney journey, JourneyRecord? record)
    {
        EntryRule rule = journey.Source.Entry;
        bool isKeyed = journey.KeyPath != null;
        if (journey.Source.Run == JourneyRun.Paused || PausedUntil(journey.Name) != null) yield return new EntryObstacle("paused") { Until = PausedUntil(journey.Name) };
        foreach (Enrollment running in Own(journey.Name).Where(e => e.IsRunning)) yield return new EntryObstacle("active") { Count = running.Entry, Key = isKeyed ? running.Key : null };
        if (record?.Running >= MostRunning) yield return new EntryObstacle("limit") { Count = record.Running };
        if (journey.EntryIf?.Explain(view) is { Holds: false } condition) yield return new EntryObstacle("if") { Evidence = condition };
        if (journey.Goal is { } goal && AtOnce(goal) is { Holds: true } reached) yield return new EntryObstacle("goal") { Evidence = reached };
        foreach (CompiledExit exit in journey.Exits)
        {
            if (exit.Condition is { } leaves && AtOnce(leaves) is { Holds: true } left) yield return new EntryObstacle("exit") { Evidence = left };
        }
        foreach (KeyRecord before in record?.Keys.Where(k => !k.IsForgotten(view.Now)) ?? [])
        {
            string? key = isKeyed ? before.Key : null;
            int? max = rule.Reentry == null ? 1 : rule.Reentry.Max;
            if (before.Count >= max) yield return new EntryObstacle("max") { Count = before.Count, Key = key };
            else if (rule.Reentry?.After is { } after && view.Now < Instant.Add(before.LastStart, after)) yield return new EntryObstacle("after") { Until = Instant.Add(before.LastStart, after), Key = key };
        }
        if (rule.Rollout is { } share && Chance.Of("rollout", journey.Name, view.Contact.Id) is var draw && draw >= share) yield return new EntryObstacle("rollout") { Draw = draw };
    }

    /// <summary>A goal or exit as an enrollment that began now would find it.</summary>
    Evidence AtOnce(FreshCondition condition) => condition.Condition.Explain(Look(new NodeStore(), view.Now));

    View Look(NodeStore history, long begin) => new() { Contact = view.Contact, History = history, Begin = begin, Now = view.Now };

    static long GoalEnd(Enrollment enrollment) =>
        enrollment.Journey.Source.Goal?.Within is { } within ? Instant.Add(enrollment.Start, within) : Instant.Never;

    EnrollmentStanding Of(Enrollment enrollment)
    {
        CompiledJourney journey = enrollment.Journey;
        View since = Look(enrollment.Since, enrollment.SinceBegin);
        bool isTimed = enrollment.Rest is Rest.Wait or Rest.WaitFor or Rest.Review or Rest.Deferred or Rest.Held;
        bool isFork = enrollment.Rest is Rest.WaitFor or Rest.Review;
        return new EnrollmentStanding(enrollment.Entry, journey.KeyPath == null ? null : enrollment.Key, enrollment.Start, NameOf(enrollment.Rest))
        {
            Version = journey.Source.Version,
            Why = enrollment.Why,
            Step = enrollment.Step?.Id,
            Until = isTimed && enrollment.Until != Instant.Never ? enrollment.Until : null,
            Next = isFork ? enrollment.Step!.Arms[0]?.Id : enrollment.Step?.Next?.Id,
            Otherwise = isFork ? enrollment.Step!.Arms[1]?.Id : null,
            WaitsFor = enrollment.Rest == Rest.WaitFor ? enrollment.Step!.WaitFor!.Condition.Explain(Look(enrollment.SinceArrival, enrollment.Arrival)) : null,
            HeldBy = enrollment.HeldBy,
            Goal = journey.Goal?.Condition.Explain(since),
            GoalUntil = GoalEnd(enrollment) == Instant.Never ? null : GoalEnd(enrollment),
            Exits = !enrollment.IsRunning ? [] : [.. journey.Exits.Select(e => new ExitStanding(e.Reason, e.Condition?.Condition.Explain(since), e.After is { } after ? Instant.Add(enrollment.Start, after) : null))],
        };
    }

    static string NameOf(Rest rest) => rest switch
    {
        Rest.Wait => "wait",
        Rest.WaitFor => "waitFor",
        Rest.Review => "review",
        Rest.Deferred => "deferred",
        Rest.Held => "held",
        Rest.Paused => "paused",
        Rest.Ended => "ended",
        _ => "none",
    };
}
