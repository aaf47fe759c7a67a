using System;
using System.Runtime.InteropServices;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Everything remembered of one contact: what the plan needs, and no more. Its size is bounded by the plan, not by the history.
/// It belongs to the plan that made it; <see cref="StateCodec"/> carries it over to another.
/// </summary>
public sealed class ContactState
{
    NodeStore history;
    DefinitionStates definitions;
    TraitStore traits = new();
    ConsentStore consents = new();

    /// <summary>A contact of whom nothing is known yet.</summary>
    /// <param name="id">Id of the contact.</param>
    /// <param name="room">Room that it shares with other contacts which are kept as long as it is; null for memory of its own.</param>
    public ContactState(string id, StateRoom? room = null)
    {
        Id = id;
        definitions = new DefinitionStates(room);
        history = new NodeStore(room);
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

    internal NodeStore History => history;

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
        CacheLine.Fetch(ref history);
        CacheLine.Fetch(ref definitions);
        CacheLine.Fetch(ref traits);
    }

    /// <summary>Has the processor fetch the objects that this one points to.</summary>
    public void FetchParts()
    {
        CacheLine.Fetch(ref MemoryMarshal.GetReference(Id.AsSpan()));
        history.Fetch();
    }

    /// <summary>Has the processor fetch the words that those point to.</summary>
    internal void FetchWords()
    {
        history.FetchWords();
        definitions.FetchWords();
    }

    /// <summary>Forgets all: the contact was deleted.</summary>
    internal void Clear()
    {
        Now = First = Instant.None;
        DecisionCount = 0;
        History.Clear();
        Definitions.Clear();
        Traits.Clear();
        Consents.Clear();
        IsAddressBlocked = false;
        Journeys = null;
    }
}
