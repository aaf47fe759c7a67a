using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Explain;

/// <summary>How a contact stands with a journey: enrollments, and what would keep the contact out if the trigger fired now.</summary>
/// <param name="Source">The journey in its current version.</param>
/// <param name="At">As of when.</param>
public sealed record JourneyStanding(Definition Source, long At) : DefinitionStanding(Source, At)
{
    /// <summary>Until when the journey rests for this contact, or null.</summary>
    public long? PausedUntil { get; init; }

    /// <summary>Enrollments so far, over all keys.</summary>
    public int Entries { get; init; }

    /// <summary>Whether one has ever come to the end of its steps.</summary>
    public bool HasCompleted { get; init; }

    /// <summary>Whether one has ever converted.</summary>
    public bool HasConverted { get; init; }

    /// <summary>The condition that triggers the journey with what was observed; null where an event does, or nothing.</summary>
    public Evidence? Trigger { get; init; }

    /// <summary>All that would keep the contact out if the trigger fired now, in the order in which it is asked; empty when nothing would.</summary>
    public IReadOnlyList<EntryObstacle> Obstacles { get; init; } = [];

    /// <summary>Enrollments that run, and ended ones whose goal is still watched, in the order in which they began.</summary>
    public IReadOnlyList<EnrollmentStanding> Enrollments { get; init; } = [];
}

/// <summary>Something that keeps a contact out of a journey.</summary>
/// <param name="Reason">As the decision line says it: <c>paused active limit if goal exit max after rollout</c>.</param>
public sealed record EntryObstacle(string Reason)
{
    /// <summary>The condition behind it with what was observed, or null.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>Until when it holds, where time alone ends it.</summary>
    public long? Until { get; init; }

    /// <summary>The contact's number of enrollments (<c>max</c>), or the number of the one that runs (<c>active</c>).</summary>
    public int? Count { get; init; }

    /// <summary>Value of the journey's key that it is about; null in journeys without.</summary>
    public string? Key { get; init; }

    /// <summary>The contact's throw for the rollout, from 0 to below 1; the contact is in while it is below the share.</summary>
    public double? Draw { get; init; }
}

/// <summary>Where one enrollment stands.</summary>
/// <param name="Entry">Its number among the contact's enrollments in this journey.</param>
/// <param name="Key">Value of the journey's key; null in journeys without.</param>
/// <param name="Start">When it began.</param>
/// <param name="Rest">
/// What it rests for: <c>wait waitFor review deferred held paused</c>, <c>ended</c> when only its goal is still watched, else <c>none</c>.
/// </param>
public sealed record EnrollmentStanding(int Entry, string? Key, long Start, string Rest)
{
    /// <summary>Version of the journey that it runs in; 0 where there are none.</summary>
    public int Version { get; init; }

    /// <summary>Why the contact came in, in words; null where nobody kept them.</summary>
    public string? Why { get; init; }

    /// <summary>Id of the step that it rests at, or null.</summary>
    public string? Step { get; init; }

    /// <summary>When its rest ends by time alone, or null.</summary>
    public long? Until { get; init; }

    /// <summary>Id of the step after its rest (when a condition came or a person approved, else always); null for the end.</summary>
    public string? Next { get; init; }

    /// <summary>Id of the step after its rest when time runs out or a person rejects; null for the end, or where there is no such way.</summary>
    public string? Otherwise { get; init; }

    /// <summary>What it waits for with what was observed since it came there, or null.</summary>
    public Evidence? WaitsFor { get; init; }

    /// <summary>The rule that holds its message: policy/rule; or null.</summary>
    public string? HeldBy { get; init; }

    /// <summary>The goal with what was observed since the start, or null.</summary>
    public Evidence? Goal { get; init; }

    /// <summary>Until when the goal counts as a conversion, or null for as long as it runs.</summary>
    public long? GoalUntil { get; init; }

    /// <summary>The exits in the order written.</summary>
    public IReadOnlyList<ExitStanding> Exits { get; init; } = [];
}

/// <summary>How an exit stands.</summary>
/// <param name="Reason">Its reason.</param>
/// <param name="Evidence">Its condition with what was observed since the start, or null.</param>
/// <param name="Due">When time brings it about, where it is a time from the start; else null.</param>
public sealed record ExitStanding(string Reason, Evidence? Evidence, long? Due);
