using System;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Explain;

/// <summary>
/// Says how definitions stand for a contact, by the very conditions that decide: what holds, what was observed, what is missing, and what
/// time alone will change. Changes nothing.
/// </summary>
public static class Explainer
{
    /// <summary>How a definition stands for a contact.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan, with all timers run that are due by <paramref name="at"/>.</param>
    /// <param name="definition">A definition of that plan.</param>
    /// <param name="at">As of when, milliseconds since 1970; no earlier than the contact's now.</param>
    /// <returns>How it stands; null for kinds that do not stand in any way, as templates.</returns>
    public static DefinitionStanding? Of(Plan plan, ContactState contact, Definition definition, long at)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(definition);
        var view = new View { Contact = contact, History = contact.History, Begin = contact.First, Now = Math.Max(at, contact.Now) };
        CompiledDefinition? compiled = Array.Find(plan.Definitions, d => d.Source.Kind == definition.Kind && d.Source.Name == definition.Name && d is not CompiledTrigger);
        return (definition, compiled) switch
        {
            (_, CompiledSignal signal) => Signal(signal, view),
            (_, CompiledSegment segment) => new SegmentStanding(definition, view.Now, segment.IsActive(contact.Definitions.ValueOf(segment.Index)), segment.When.Explain(view)),
            (ScoreDefinition source, CompiledScore score) => Score(source, score, view),
            (JourneyDefinition journey, _) => new JourneyExplainer(plan, view).Of(journey),
            (PolicyDefinition policy, _) => PolicyExplainer.Of(plan, view, policy),
            _ => null,
        };
    }

    static SignalStanding Signal(CompiledSignal signal, View view)
    {
        DefinitionStates states = view.Contact.Definitions;
        int at = states.IndexOf(signal.Index);
        long until = at < 0 ? Instant.None : states.Until(at);
        return new SignalStanding(signal.Source, view.Now, signal.IsActive(states.ValueOf(signal.Index)), signal.When.Explain(view), until > view.Now ? until : null);
    }

    static ScoreStanding Score(ScoreDefinition source, CompiledScore score, View view)
    {
        DecayingValue value = score.ValueOf(view.Contact);
        double current = value.At(view.Now);
        if (!score.HasGrades) return new ScoreStanding(source, view.Now, current, null, null, null);
        int grade = score.GradeOf(current);
        MissingPoints? next = grade + 1 < score.GradeNames.Count ? new MissingPoints(score.GradeNames[grade + 1], score.MarkOf(grade + 1) - current) : null;
        long falls = score.NextGrade(value, view.Now);
        return new ScoreStanding(source, view.Now, current, score.GradeNames[grade], next, falls == Instant.Never ? null : new GradeChange(score.GradeNames[score.GradeOf(value.At(falls))], falls));
    }
}
