using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Simulation.Tests.Checking;

/// <summary>
/// The pure engine, run once over the log of each contact with fresh state: what was decided must be what it decides. Where definitions came
/// in the middle of the week, those there from the beginning are compared, for an unchanged definition keeps its state.
/// </summary>
public sealed class EngineReplay
{
    static readonly Plan Whole = Compile();

    readonly bool isRepublished;
    readonly EventReader reader = new(Whole);
    readonly Evaluator evaluator = new(Whole);
    readonly StateCodec codec = new(Whole);
    readonly EventFrame frame = new();

    public EngineReplay(bool isRepublished) => this.isRepublished = isRepublished;

    /// <summary>The latest reading of each score, by contact.</summary>
    public Dictionary<(Guid Contact, string Score), ScoreReading> Scores { get; } = [];

    /// <summary>2: decisions and state of a contact against those of the engine.</summary>
    public IEnumerable<string> Compare(Guid contact, IReadOnlyList<LoggedEvent> log, IReadOnlyList<StoredDecision> decisions, byte[] stateStored, long now)
    {
        var sink = new Sink();
        var state = new ContactState(contact.ToString("D"));
        foreach (LoggedEvent logged in log)
        {
            if (!reader.TryRead(logged.Body, 0, logged.Body.Length, frame, out string? problem)) return [$"2: event {logged.Id} cannot be read: {problem}"];
            // A timer that was served before this event arrived may be later than the event; the log says how far time had come.
            evaluator.RunTimers(state, logged.Now, sink);
            evaluator.Handle(state, frame, sink);
            // Who is brought up to a new plan is so as of its publication; how late events are judged is another matter then.
            if (state.Now != logged.Now && isRepublished) return [];
            if (state.Now != logged.Now) return [$"2: the now of event {logged.Id} of {contact} is {logged.Now} in the log and {state.Now} in the engine"];
        }
        evaluator.RunTimers(state, now, sink);
        foreach (ScoreReading reading in sink.Readings) Scores[(contact, reading.Score)] = reading;
        string[] decided = [.. sink.Decisions.Select(d => Tell(d.At, d.Kind, d.Definition, d.Effect, d.Ordinal, d.Id))];
        string[] stored = [.. decisions.Where(d => !isRepublished || d.Definition != "buyers").Select(d => Tell(d.At, d.Kind, d.Definition, d.Effect, d.Ordinal, d.Id))];
        if (!decided.SequenceEqual(stored))
        {
            int at = decided.Zip(stored).TakeWhile(p => p.First == p.Second).Count();
            return [$"2: decision {at} of {contact}: stored {stored.ElementAtOrDefault(at) ?? "nothing"}, the engine says {decided.ElementAtOrDefault(at) ?? "nothing"} ({stored.Length} and {decided.Length} in all)"];
        }
        if (!isRepublished && !codec.Write(state).AsSpan().SequenceEqual(stateStored)) return [$"2: the state of {contact} is another than the engine's"];
        return [];
    }

    string Tell(long at, string kind, string definition, string effect, long ordinal, Guid id) => $"{at} {kind} {definition} {effect}{(isRepublished ? "" : $" {ordinal} {id}")}";

    static Plan Compile()
    {
        DefinitionSet set = DefinitionSet.Read(Story.PublishedTexts.AtFirst.Select(d => new DefinitionSource($"{d.Kind} {d.Name}", d.Json, d.Version)));
        if (set.HasErrors) throw new InvalidOperationException(string.Join('\n', set.Errors));
        return Plan.Compile(set.Definitions);
    }

    sealed class Sink : IDecisionSink
    {
        public List<Decision> Decisions { get; } = [];

        public List<ScoreReading> Readings { get; } = [];

        public bool WantsBecause => true;

        public string InWords(Evidence evidence) => EvidenceWords.Why(evidence);

        public void Add(Decision decision) => Decisions.Add(decision);

        public void Note(in ScoreReading reading) => Readings.Add(reading);
    }
}
