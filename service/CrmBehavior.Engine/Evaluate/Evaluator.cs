using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Evaluate;

/// <summary>An event, and whose it is.</summary>
/// <param name="Contact">The contact's state.</param>
/// <param name="Frame">The event, read by the evaluator's plan.</param>
public readonly record struct Input(ContactState Contact, EventFrame Frame);

/// <summary>
/// The one function of the engine: takes an input, or the time, into a contact's state and decides. Live processing, replay, backtest,
/// tests and explain all run it. No clock, no chance, no input or output: equal states and inputs give equal decisions and states.
/// It has room for one contact at a time; threads each use their own.
/// </summary>
public sealed class Evaluator
{
    /// <summary>What is raised further away than this from an outside input or timer is dropped; loops between journeys end there.</summary>
    internal const int DeepestRaising = 16;

    /// <summary>How many inputs lie between the steps in which a contact's state is fetched from memory.</summary>
    const int FetchedAhead = 4;

    readonly Queue<RaisedInput> raised = new();
    readonly EventFrame raisedFrame = new();
    readonly EventReader reader;
    readonly DefinitionRun definitions;
    readonly JourneyRunner journeys;

    /// <summary>An evaluator of a plan.</summary>
    /// <param name="plan">The plan.</param>
    public Evaluator(Plan plan) : this(plan, withJourneys: true)
    {
    }

    /// <summary>An evaluator that may leave journeys out, for bringing definitions up from the log.</summary>
    internal Evaluator(Plan plan, bool withJourneys)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        reader = new EventReader(plan);
        var nobody = new ContactState("");
        View = new View { Contact = nobody, History = nobody.History };
        definitions = new DefinitionRun(this);
        journeys = new JourneyRunner(this, definitions, withJourneys);
    }

    /// <summary>The plan that it evaluates.</summary>
    public Plan Plan { get; }

    /// <summary>The contact at work, as conditions see it.</summary>
    internal View View { get; }

    internal ContactState Contact { get; private set; } = new("");

    internal IDecisionSink Sink { get; private set; } = Nowhere.Instance;

    /// <summary>The contact's now.</summary>
    internal long Now { get; private set; }

    /// <summary>Whether the input at work is the contact's first.</summary>
    internal bool IsFirst { get; private set; }

    /// <summary>When the outside input of this instant happened; a timer's own time.</summary>
    internal long CauseAt { get; private set; }

    /// <summary>Raisings between the input at work and the outside input or timer.</summary>
    internal int Depth { get; set; }

    /// <summary>Counts inputs and beginnings within instants, so that each knows what came before it.</summary>
    internal long Tick { get; private set; }

    /// <summary>Tick of the input at work; later than that of everything raised before it.</summary>
    internal long InputTick { get; private set; }

    /// <summary>What the input at work asks for, when the engine raised it.</summary>
    internal RaisedInput? RaisedInput { get; private set; }

    internal long NextTick() => ++Tick;

    /// <summary>Takes an event in: first the timers that are due by its now, then the event with all that follows from it.</summary>
    /// <param name="contact">The contact's state; is changed.</param>
    /// <param name="frame">The event, read by the same plan.</param>
    /// <param name="sink">Where decisions go, in order.</param>
    public void Handle(ContactState contact, EventFrame frame, IDecisionSink sink)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(frame);
        long now = Math.Max(frame.At, contact.Now);
        if (contact.NextDue <= now) RunTimers(contact, now, sink);
        Begin(contact, now, frame.At, sink);
        if (frame.Shape == Plan.ContactDeleted)
        {
            journeys.EndAll("deleted");
            raised.Clear();
            contact.Clear();
            return;
        }
        IsFirst = !contact.IsKnown;
        if (IsFirst) contact.First = frame.At;
        HandleInput(frame, null, NextTick());
        IsFirst = false;
        Finish();
    }

    /// <summary>Takes several events in, one after the other as they stand: the same as one by one, with fewer waits for memory.</summary>
    /// <param name="inputs">Events with whose they are, in order of arrival.</param>
    /// <param name="sink">Where decisions go, in order.</param>
    public void Handle(ReadOnlySpan<Input> inputs, IDecisionSink sink)
    {
        for (int i = -2 * FetchedAhead; i < inputs.Length; i++)
        {
            // What one step points to must be there before the next can follow it.
            if (i + 2 * FetchedAhead < inputs.Length) inputs[i + 2 * FetchedAhead].Contact.Fetch();
            if ((uint)(i + FetchedAhead) < (uint)inputs.Length) inputs[i + FetchedAhead].Contact.FetchParts();
            if (i >= 0) Handle(inputs[i].Contact, inputs[i].Frame, sink);
        }
    }

    /// <summary>Does what time alone brings about for several contacts, one after the other.</summary>
    /// <param name="contacts">The contacts' states; are changed.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="sink">Where decisions go, in order for each contact.</param>
    public void RunTimers(ReadOnlySpan<ContactState> contacts, long to, IDecisionSink sink)
    {
        for (int i = -2 * FetchedAhead; i < contacts.Length; i++)
        {
            if (i + 2 * FetchedAhead < contacts.Length) contacts[i + 2 * FetchedAhead].Fetch();
            if ((uint)(i + FetchedAhead) < (uint)contacts.Length) contacts[i + FetchedAhead].FetchParts();
            if (i >= 0) RunTimers(contacts[i], to, sink);
        }
    }

    /// <summary>Does what time alone brings about, instant by instant, up to and including a time.</summary>
    /// <param name="contact">The contact's state; is changed.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="sink">Where decisions go, in order.</param>
    public void RunTimers(ContactState contact, long to, IDecisionSink sink)
    {
        ArgumentNullException.ThrowIfNull(contact);
        for (long due = contact.NextDue; due <= to && due != Instant.Never; due = contact.NextDue)
        {
            // What is due came due after the last input, which ran all that was due by then.
            Begin(contact, Math.Max(due, contact.Now), due, sink);
            definitions.TakeDue(due);
            InputTick = NextTick();
            RaisedInput = null;
            definitions.Work();
            journeys.Work(null);
            Finish();
            if (contact.NextDue == due) throw new InvalidOperationException($"A timer of contact {contact.Id} at {Instant.ToText(due)} has not been served.");
        }
    }

    /// <summary>A decision that tells of a membership which a change of the plan brought about, not of something that happened.</summary>
    /// <param name="contact">The contact's state; its decisions are counted on.</param>
    /// <param name="segment">Name of the segment.</param>
    /// <param name="isIn">Whether the contact is in it now.</param>
    /// <param name="at">When the plan changed.</param>
    /// <returns>The decision.</returns>
    public Decision Announce(ContactState contact, string segment, bool isIn, long at)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return new Decision
        {
            At = at,
            ContactId = contact.Id,
            Definition = segment,
            Kind = "segment",
            Version = Array.Find(Plan.Definitions, d => d.Source.Kind == "segment" && d.Source.Name == segment)?.Source.Version ?? 0,
            Effect = isIn ? "entered" : "left",
            Because = isIn ? Standing.Why(Plan, contact, "segment", segment) : null,
            CauseAt = at,
            Ordinal = contact.DecisionCount++,
        };
    }

    /// <summary>
    /// Carries enrollments in earlier versions of journeys over into the present ones, where those say so (<c>migrate</c>, <c>restart</c>), as
    /// of the plan's publication, with all that follows.
    /// </summary>
    /// <param name="contact">The contact's state; is changed.</param>
    /// <param name="at">When the versions were published, milliseconds since 1970.</param>
    /// <param name="sink">Where decisions go, in order.</param>
    public void ChangeVersions(ContactState contact, long at, IDecisionSink sink)
    {
        ArgumentNullException.ThrowIfNull(contact);
        if (!JourneyRunner.HasEarlier(contact, Plan)) return;
        Begin(contact, Math.Max(at, contact.Now), at, sink);
        InputTick = NextTick();
        RaisedInput = null;
        journeys.ChangeVersions();
        Finish();
    }

    /// <summary>Ends enrollments because of something outside that nothing follows from, and works out anew when the others go on.</summary>
    internal void End(ContactState contact, IReadOnlyCollection<Enrollment> ended, string outcome, long at, IDecisionSink sink)
    {
        Begin(contact, Math.Max(at, contact.Now), at, sink);
        foreach (Enrollment enrollment in ended) journeys.End(enrollment, outcome);
        raised.Clear();
        journeys.Schedule();
    }

    void Begin(ContactState contact, long now, long causeAt, IDecisionSink sink)
    {
        Contact = contact;
        Sink = sink;
        contact.Now = Now = now;
        CauseAt = causeAt;
        Depth = 0;
        View.Contact = contact;
        View.History = contact.History;
        View.Begin = contact.First;
        View.Now = now;
    }

    /// <summary>Steps 1 and 2 of an instant for one input: history, scores, segments and signals, then journeys.</summary>
    void HandleInput(EventFrame frame, RaisedInput? source, long tick)
    {
        InputTick = tick;
        RaisedInput = source;
        View.Begin = Contact.First;
        frame.Shape.Patterns.Match(frame);
        definitions.Take(frame);
        definitions.Work();
        journeys.Work(frame);
    }

    /// <summary>Steps 3 to 5: what was raised, then messages, then mails that come back, until nothing is left.</summary>
    void Finish()
    {
        do
        {
            HandleRaised();
        }
        while (journeys.DecideMessage() || journeys.ReturnMail());
        journeys.Schedule();
    }

    /// <summary>Handles what was raised, first raised first handled.</summary>
    void HandleRaised()
    {
        while (raised.TryDequeue(out RaisedInput? input))
        {
            Depth = input.Depth;
            raisedFrame.Clear(input.Properties);
            reader.ReadRaised(input.Shape, input.Properties, raisedFrame);
            raisedFrame.At = Now;
            if (input.Trait >= 0) raisedFrame.AddTrait(input.Trait, input.Value);
            HandleInput(raisedFrame, input, input.Tick);
        }
    }

    /// <summary>Raises an input without properties.</summary>
    internal void Raise(EventShape? shape)
    {
        if (shape != null && CanRaise) Raise(new RaisedInput(shape, NextTick(), Depth + 1));
    }

    /// <summary>Whether what would be raised now is near enough to its outside input or timer.</summary>
    internal bool CanRaise => Depth < DeepestRaising;

    internal void Raise(RaisedInput input) => raised.Enqueue(input);

    internal void Decide(Decision decision) => Sink.Add(decision);

    internal long NextOrdinal() => Contact.DecisionCount++;

    sealed class Nowhere : IDecisionSink
    {
        public static readonly Nowhere Instance = new();

        public bool WantsBecause => false;

        public string? InWords(Evidence evidence) => null;

        public void Add(Decision decision)
        {
        }

        public void Note(in ScoreReading reading)
        {
        }
    }
}
