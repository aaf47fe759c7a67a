using System;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Evaluate;

/// <summary>Step 1 of an instant: an input is recorded, then scores, segments and signals change, each in the plan's order.</summary>
internal sealed class DefinitionRun(Evaluator evaluator)
{
    readonly Plan plan = evaluator.Plan;
    readonly WorkSet work = new(evaluator.Plan.Definitions.Length);
    readonly long[] taken = new long[evaluator.Plan.Nodes.Length];
    readonly Decision passing = Decision.Blank();
    ScoreRow[] scoring = new ScoreRow[16];
    int scoringCount;

    /// <summary>Triggers of journeys that are to be judged in their journey's turn.</summary>
    public WorkSet Triggers { get; } = new(evaluator.Plan.Definitions.Length);

    /// <summary>Records an input and notes what it may change.</summary>
    public void Take(EventFrame frame)
    {
        ContactState contact = evaluator.Contact;
        if (evaluator.IsFirst) work.AddAll(plan.WithoutEvents);
        if (frame.TraitCount > 0) TakeTraits(frame);
        if (frame.Shape.IsAboutConsent) TakeConsent(frame);
        if (contact.Journeys != null) work.AddAll(plan.JourneyDependents);
        foreach (int pattern in frame.Matches)
        {
            PatternUse use = plan.Uses[pattern];
            foreach (HistoryNode node in use.Nodes)
            {
                // A node of several patterns looks at all of them at once.
                if (node.HasSeveralPatterns && !IsFirstTime(node)) continue;
                if (node.Take(contact.History, frame, evaluator.Now)) AddDependents(node, contact);
            }
            foreach (ScoreRow row in use.Rows) AddScoring(row);
        }
        if (scoringCount > 0) Score(frame);
        if (evaluator.RaisedInput is { Score: { } score } added)
        {
            Add(score, added.Add);
        }
    }

    /// <summary>Notes what is due by time.</summary>
    public void TakeDue(long due)
    {
        ref DefinitionStates states = ref evaluator.Contact.Definitions;
        states.AddDue(due, work);
        if (evaluator.Contact.Journeys != null) work.AddAll(plan.JourneyDependents);
    }

    /// <summary>Works out all that was noted, and what follows from it.</summary>
    public void Work()
    {
        while (work.TryTake(plan.FirstTrigger, out int index))
        {
            switch (plan.Definitions[index])
            {
                case CompiledScore score: WorkOut(score); break;
                case CompiledSignal signal: WorkOut(signal); break;
                case CompiledSegment segment: WorkOut(segment); break;
            }
        }
        while (work.TryTake(int.MaxValue, out int trigger)) Triggers.Add(trigger);
    }

    /// <summary>Judges the condition that triggers a journey; true when it has become true.</summary>
    public bool Fires(CompiledTrigger trigger)
    {
        ref DefinitionStates states = ref evaluator.Contact.Definitions;
        long due = Instant.Never;
        bool holds = trigger.When.Holds(evaluator.View, ref due);
        int at = states.IndexOf(trigger.Index);
        if (at < 0 && !holds && due == Instant.Never) return false;
        if (at < 0) at = states.Ensure(trigger.Index);
        states.SetDue(at, due);
        bool held = (states.Value(at) & CompiledDefinition.Holding) != 0;
        states.Value(at) = holds ? CompiledDefinition.Holding : 0;
        return holds && !held;
    }

    void AddDependents(HistoryNode node, ContactState contact)
    {
        work.AddAll(plan.NodeDependents[node.Index]);
        foreach (int ended in plan.NodeEnds[node.Index])
        {
            // What does not hold cannot begin to for such an event. When it was to be asked again may now be too early, never too late.
            if ((contact.Definitions.ValueOf(ended) & CompiledDefinition.Holding) != 0) work.Add(ended);
        }
    }

    bool IsFirstTime(HistoryNode node)
    {
        bool first = taken[node.Index] != evaluator.InputTick;
        taken[node.Index] = evaluator.InputTick;
        return first;
    }

    void TakeTraits(EventFrame frame)
    {
        ContactState contact = evaluator.Contact;
        for (int i = 0; i < frame.TraitCount; i++)
        {
            ref EventFrame.TraitChange change = ref frame.Traits[i];
            if (!contact.Traits.Set(change.Trait, change.Value, frame.At, frame.Order)) continue;
            work.AddAll(plan.TraitDependents[change.Trait]);
            if (change.Trait == plan.EmailTrait) contact.IsAddressBlocked = false;
        }
    }

    void TakeConsent(EventFrame frame)
    {
        ConsentEvents.Take(plan, evaluator.Contact, frame);
        work.AddAll(plan.ConsentDependents);
    }

    void AddScoring(ScoreRow row)
    {
        if (scoringCount == scoring.Length) Array.Resize(ref scoring, scoringCount * 2);
        // Kept in order of score and row: an event scores by row in the order written.
        int place = scoringCount++;
        for (; place > 0 && IsAfter(scoring[place - 1], row); place--) scoring[place] = scoring[place - 1];
        scoring[place] = row;
    }

    static bool IsAfter(ScoreRow a, ScoreRow b) => a.Score > b.Score || (a.Score == b.Score && a.Row > b.Row);

    void Score(EventFrame frame)
    {
        ContactState contact = evaluator.Contact;
        for (int i = 0; i < scoringCount; i++)
        {
            ScoreRow row = scoring[i];
            if (row.Cap != null && !row.Cap.TryScore(contact.History, evaluator.Now, row.Per)) continue;
            var score = (CompiledScore)plan.Definitions[row.Score];
            Add(score, score.Decayed(row.Add, evaluator.Now - frame.At));
        }
        scoringCount = 0;
    }

    void Add(CompiledScore score, double points)
    {
        work.Add(score.Index);
        if (score.Add(evaluator.Contact, points, evaluator.Now)) work.AddAll(score.Dependents);
    }

    void WorkOut(CompiledScore score)
    {
        ref DefinitionStates states = ref evaluator.Contact.Definitions;
        DecayingValue value = score.ValueOf(evaluator.Contact);
        double current = value.At(evaluator.Now);
        bool hasScored = value.Since == evaluator.Now;
        if (!score.HasGrades)
        {
            if (hasScored) Note(score, current, null, false);
            return;
        }
        int grade = score.GradeOf(current);
        long due = score.NextGrade(value, evaluator.Now);
        int at = states.IndexOf(score.Index);
        bool isNew = grade != score.StandingGrade(at < 0 ? 0 : states.Value(at));
        if (hasScored || isNew) Note(score, current, score.GradeNames[grade], isNew);
        if (at < 0)
        {
            if (due == Instant.Never && !isNew) return;
            at = states.Ensure(score.Index);
        }
        states.SetDue(at, due);
        if (!isNew) return;
        states.Value(at) = grade + 1;
        Decide(score, "graded", score.GradeNames[grade]);
        evaluator.Raise(score.Graded[grade]);
    }

    void Note(CompiledScore score, double value, string? grade, bool isNew) =>
        evaluator.Sink.Note(new ScoreReading(evaluator.Contact.Id, score.Source.Name, value, evaluator.Now, score.HalfLife, grade, isNew));

    void WorkOut(CompiledSegment segment)
    {
        ref DefinitionStates states = ref evaluator.Contact.Definitions;
        long due = Instant.Never;
        bool holds = segment.When.Holds(evaluator.View, ref due);
        int at = states.IndexOf(segment.Index);
        if (at < 0)
        {
            if (!holds && due == Instant.Never) return;
            at = states.Ensure(segment.Index);
        }
        states.SetDue(at, due);
        if (holds == (states.Value(at) != 0)) return;
        states.Value(at) = holds ? CompiledDefinition.Holding : 0;
        work.AddAll(segment.Dependents);
        Decide(segment, holds ? "entered" : "left", null);
        evaluator.Raise(holds ? segment.Entered : segment.Left);
    }

    void WorkOut(CompiledSignal signal)
    {
        ref DefinitionStates states = ref evaluator.Contact.Definitions;
        long due = Instant.Never, now = evaluator.Now;
        bool holds = signal.When.Holds(evaluator.View, ref due);
        int at = states.IndexOf(signal.Index);
        if (at < 0)
        {
            if (!holds && due == Instant.Never) return;
            at = states.Ensure(signal.Index);
        }
        bool held = (states.Value(at) & CompiledDefinition.Holding) != 0, wasActive = (states.Value(at) & CompiledDefinition.Active) != 0;
        bool fires = holds && !held;
        if (fires) states.SetUntil(at, signal.For == 0 ? Instant.None : Instant.Add(now, signal.For));
        bool active = holds || now < states.Until(at);
        if (active && !holds && states.Until(at) < due) due = states.Until(at);
        states.SetDue(at, due);
        states.Value(at) = (holds ? CompiledDefinition.Holding : 0) | (active ? CompiledDefinition.Active : 0);
        if (active != wasActive) work.AddAll(signal.Dependents);
        if (fires)
        {
            Decide(signal, "fired", null);
            evaluator.Raise(signal.Fired);
        }
        else if (wasActive && !active)
        {
            Decide(signal, "ended", null);
        }
    }

    void Decide(CompiledDefinition definition, string effect, string? outcome)
    {
        IDecisionSink sink = evaluator.Sink;
        Evidence? because = sink.WantsBecause ? Explanation.Of(definition, evaluator.View) : null;
        Decision decision = sink.KeepsDecisions ? Decision.Blank() : passing;
        sink.Add(decision.Fill(evaluator.Now, evaluator.Contact.Id, definition.Source, effect, outcome, because, evaluator.CauseAt, evaluator.NextOrdinal()));
    }
}
