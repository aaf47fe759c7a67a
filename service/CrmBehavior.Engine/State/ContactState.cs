using System;
using System.Runtime.InteropServices;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Everything remembered of one contact: what the plan needs, and no more. Its size is bounded by the plan, not by the history.
/// It belongs to the plan that made it; <see cref="StateCodec"/> carries it over to another.
/// </summary>
public sealed class ContactState : NodeStore
{
    DefinitionStates definitions;
    TraitStore traits = new();
    ConsentStore consents = new();

    /// <summary>A contact of whom nothing is known yet.</summary>
    /// <param name="id">Id of the contact.</param>
    /// <param name="room">Room that it shares with other contacts which are kept as long as it is; null for memory of its own.</param>
    public ContactState(string id, StateRoom? room = null) : base(room)
    {
        Id = id;
        definitions = new DefinitionStates(room);
    }

    /// <summary>Id of the contact.</summary>
    public string Id { get; }

    /// <summary>The greatest <c>now</c> so far, milliseconds since 1970; <see cref="Instant.None"/> before the first input.</summary>
    public long Now { get; internal set; } = Instant.None;

    /// <summary>When the first input to arrive happened; <see cref="Instant.None"/> before it.</summary>
    public long First { get; internal set; } = Instant.None;

    /// <summary>Number of decisions made so far; part of their ids.</summary>
    public long DecisionCount { get; internal set; }

    internal bool IsKnown => First != Instant.None;

    /// <summary>What conditions remember: records of this object itself, since one object less is one wait for memory less.</summary>
    internal NodeStore History => this;

    internal ref DefinitionStates Definitions => ref definitions;

    internal ref TraitStore Traits => ref traits;

    internal ref ConsentStore Consents => ref consents;

    /// <summary>Whether the address came back for good, or its owner complained, since it was set.</summary>
    internal bool IsAddressBlocked { get; set; }

    /// <summary>Enrollments, pauses and sent messages; null for the many who have none.</summary>
    internal JourneyStates? Journeys { get; set; }

    internal JourneyStates EnsureJourneys() => Journeys ??= new JourneyStates();

    /// <summary>
    /// The earliest instant at which time alone may change something; <see cref="Instant.Never"/> when none will.
    /// </summary>
    public long NextDue => Math.Min(definitions.NextDue, Journeys?.NextDue ?? Instant.Never);

    /// <summary>
    /// Has the processor fetch the parts of this object that every event looks at. Worth it for a contact that was not at work lately, a few
    /// events before it is; <see cref="Evaluate.Evaluator"/> does so where it is given several events at once.
    /// </summary>
    public void Fetch()
    {
        FetchStore();
        CacheLine.Fetch(ref definitions);
        CacheLine.Fetch(ref traits);
    }

    /// <summary>Has the processor fetch what this object points to: the id, and the words that the next event will look at.</summary>
    public void FetchParts()
    {
        CacheLine.Fetch(ref MemoryMarshal.GetReference(Id.AsSpan()));
        FetchRecords();
        definitions.FetchWords();
    }

    /// <summary>Forgets all: the contact was deleted.</summary>
    internal void Clear()
    {
        Now = First = Instant.None;
        DecisionCount = 0;
        ClearRecords();
        Definitions.Clear();
        Traits.Clear();
        Consents.Clear();
        IsAddressBlocked = false;
        Journeys = null;
    }
}
