using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// What a plan keeps that an earlier one did not: it is worked out from the event log on a state of its own and then taken over, so that
/// everything that did not change keeps what it has.
/// </summary>
public sealed class Newcomers
{
    readonly Plan plan;
    readonly HistoryNode[] nodes;
    readonly CompiledDefinition[] definitions;
    readonly int[] traits;

    /// <summary>What is new in a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="earlier">The plan before; null counts everything as new.</param>
    public Newcomers(Plan plan, Plan? earlier)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        nodes = [.. plan.Nodes.Where(n => earlier == null || !earlier.Nodes.Any(e => e.Number == n.Number))];
        definitions = [.. plan.Definitions.Where(d => earlier == null || !earlier.Definitions.Any(e => e.Number == d.Number))];
        traits = [.. Enumerable.Range(0, plan.TraitNumbers.Length).Where(t => earlier == null || !earlier.TraitNumbers.Contains(plan.TraitNumbers[t]))];
        Evaluator = new Evaluator(plan, withJourneys: false);
    }

    /// <summary>Whether journeys take in at once those for whom their trigger is true already, where they say so.</summary>
    /// <value>The default is true.</value>
    public bool TakesExisting { get; init; } = true;

    /// <summary>Whether there is anything to work out.</summary>
    public bool Any => nodes.Length + definitions.Length + traits.Length > 0;

    /// <summary>Works out the log of a contact, without journeys.</summary>
    public Evaluator Evaluator { get; }

    /// <summary>Takes over what is new.</summary>
    /// <param name="rebuilt">A state on which the contact's log was run.</param>
    /// <param name="state">The contact's state.</param>
    /// <param name="at">As of when, milliseconds since 1970: the plan's publication, or the contact's now if that is later.</param>
    /// <returns>Scores that are new, to be shown.</returns>
    public IReadOnlyList<ScoreReading> Graft(ContactState rebuilt, ContactState state, long at)
    {
        ArgumentNullException.ThrowIfNull(rebuilt);
        ArgumentNullException.ThrowIfNull(state);
        foreach (HistoryNode node in nodes)
        {
            ReadOnlySpan<long> record = rebuilt.History.Find(node.Index);
            state.History.Remove(node.Index);
            if (!record.IsEmpty) record.CopyTo(state.History.Ensure(node.Index, record.Length));
            if (rebuilt.History.TextOf(node.Index) is { } text) state.History.SetText(node.Index, text);
        }
        foreach (TraitStore.Entry entry in rebuilt.Traits.Entries)
        {
            if (traits.Contains(entry.Trait)) state.Traits.Set(entry.Trait, entry.Value, entry.At, entry.Order);
        }
        state.Now = Math.Max(state.Now, at);
        var scores = new List<ScoreReading>();
        foreach (CompiledDefinition definition in definitions)
        {
            if (definition is CompiledScore score) TakeOver(score, rebuilt, state, scores);
            else TakeOver((ConditionalDefinition)definition, rebuilt, state);
        }
        return scores;
    }

    static void TakeOver(CompiledScore score, ContactState rebuilt, ContactState state, List<ScoreReading> scores)
    {
        DecayingValue value = score.ValueOf(state);
        int from = rebuilt.Definitions.IndexOf(score.Index);
        if (from >= 0)
        {
            int to = state.Definitions.Ensure(score.Index);
            state.Definitions.Value(to) = score.HasGrades ? score.GradeOf(value.At(state.Now)) + 1 : 0;
            state.Definitions.SetDue(to, score.NextGrade(value, state.Now));
        }
        if (value.Value == 0) return;
        double current = value.At(state.Now);
        scores.Add(new ScoreReading(state.Id, score.Source.Name, current, state.Now, score.HalfLife, score.HasGrades ? score.GradeNames[score.GradeOf(current)] : null, true));
    }

    void TakeOver(ConditionalDefinition definition, ContactState rebuilt, ContactState state)
    {
        var view = new View { Contact = state, History = state.History, Begin = state.First, Now = state.Now };
        long due = Instant.Never;
        bool holds = state.IsKnown && definition.When.Holds(view, ref due);
        int from = rebuilt.Definitions.IndexOf(definition.Index);
        long until = from < 0 ? Instant.None : rebuilt.Definitions.Until(from);
        bool active = holds || (definition is CompiledSignal && until > state.Now);
        if (TakesExisting && definition is CompiledTrigger trigger && holds && plan.Journeys[trigger.Journey].Source.Entry.Existing)
        {
            // It fires once for those of whom it is true already: a timer that is due at once finds it true for the first time.
            (holds, active, due) = (false, false, state.Now);
        }
        if (!holds && !active && due == Instant.Never) return;
        int to = state.Definitions.Ensure(definition.Index);
        state.Definitions.Value(to) = (holds ? CompiledDefinition.Holding : 0) | (active && definition is CompiledSignal ? CompiledDefinition.Active : 0);
        state.Definitions.SetUntil(to, until);
        state.Definitions.SetDue(to, active && !holds ? Math.Min(due, until) : due);
    }
}
