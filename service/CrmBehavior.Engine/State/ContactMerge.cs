using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Makes the memory of two contacts one, and two again. What conditions remember is worked out from both logs together; consent, messages
/// sent and enrollments are carried over. Values are set silently: nothing fires because of it.
/// </summary>
public sealed class ContactMerge
{
    readonly Plan plan;
    readonly Newcomers everything;
    readonly JourneyMerge journeys;

    /// <summary>Merges under a plan; for one at a time.</summary>
    /// <param name="plan">The plan of the states.</param>
    public ContactMerge(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        everything = new Newcomers(plan, null) { TakesExisting = false };
        journeys = new JourneyMerge(new Evaluator(plan));
    }

    /// <summary>Works out a log on a state of its own, without journeys.</summary>
    public Evaluator Rebuilder => everything.Evaluator;

    /// <summary>Has one contact go on as another.</summary>
    /// <param name="master">Who survives; served up to <paramref name="at"/>.</param>
    /// <param name="merged">Who is merged into it; served up to <paramref name="at"/>. Keeps what it had, for a separation.</param>
    /// <param name="rebuilt">A state of the survivor on which both logs were run in order of arrival, up to <paramref name="at"/>.</param>
    /// <param name="at">When, milliseconds since 1970.</param>
    /// <param name="masterSink">Where decisions about the survivor go.</param>
    /// <param name="mergedSink">Where decisions about the other go.</param>
    /// <returns>The survivor's scores as they are now, to be shown.</returns>
    public IReadOnlyList<ScoreReading> Merge(ContactState master, ContactState merged, ContactState rebuilt, long at, IDecisionSink masterSink, IDecisionSink mergedSink)
    {
        ArgumentNullException.ThrowIfNull(master);
        ArgumentNullException.ThrowIfNull(merged);
        ArgumentNullException.ThrowIfNull(rebuilt);
        journeys.TakeOver(master, merged, at, masterSink, mergedSink);
        master.Consents.Join(merged.Consents);
        master.IsAddressBlocked |= rebuilt.IsAddressBlocked;
        return Settle(master, rebuilt, at);
    }

    /// <summary>Has one contact be two again.</summary>
    /// <param name="master">Who survived; served up to <paramref name="at"/>.</param>
    /// <param name="rebuiltMaster">A state of it on which its own log was run, without the other's.</param>
    /// <param name="merged">The other as it was kept at the merge.</param>
    /// <param name="rebuiltMerged">A state of the other on which its own log was run.</param>
    /// <param name="at">When, milliseconds since 1970.</param>
    /// <param name="sink">Where decisions go, if there are any.</param>
    /// <returns>The scores of both as they are now, to be shown.</returns>
    public (IReadOnlyList<ScoreReading> Master, IReadOnlyList<ScoreReading> Merged) Separate(
        ContactState master, ContactState rebuiltMaster, ContactState merged, ContactState rebuiltMerged, long at, IDecisionSink sink)
    {
        ArgumentNullException.ThrowIfNull(master);
        ArgumentNullException.ThrowIfNull(rebuiltMaster);
        ArgumentNullException.ThrowIfNull(merged);
        ArgumentNullException.ThrowIfNull(rebuiltMerged);
        journeys.GiveBack(master, merged, at, sink);
        // What was granted by the one must not let the other be mailed; what was withdrawn stays so for both.
        merged.Consents.Join(rebuiltMerged.Consents);
        master.Consents.KeepGrantsOf(rebuiltMaster.Consents);
        merged.IsAddressBlocked |= rebuiltMerged.IsAddressBlocked;
        return (Settle(master, rebuiltMaster, at), Settle(merged, rebuiltMerged, at));
    }

    /// <summary>The scores of a contact that are not 0, as they are now.</summary>
    /// <param name="state">The contact's state.</param>
    /// <returns>Their readings.</returns>
    public IEnumerable<ScoreReading> ScoresOf(ContactState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (CompiledScore score in plan.Scores.Values)
        {
            DecayingValue value = score.ValueOf(state);
            if (value.Value == 0) continue;
            double current = value.At(state.Now);
            yield return new ScoreReading(state.Id, score.Source.Name, current, state.Now, score.HalfLife, score.HasGrades ? score.GradeNames[score.GradeOf(current)] : null, true);
        }
    }

    /// <summary>Takes over all that was worked out anew. A trait of which the log tells nothing any more stays.</summary>
    List<ScoreReading> Settle(ContactState state, ContactState rebuilt, long at)
    {
        // Where no log is left there is nothing to work out from; what is remembered stays.
        if (!rebuilt.IsKnown) return [];
        CompiledScore[] shown = [.. plan.Scores.Values.Where(s => s.ValueOf(state).Value != 0)];
        state.First = rebuilt.First != Instant.None ? rebuilt.First : state.First;
        state.Definitions.Clear();
        foreach (TraitStore.Entry entry in rebuilt.Traits.Entries) state.Traits.Put(entry);
        List<ScoreReading> scores = [.. everything.Graft(rebuilt, state, at)];
        foreach (CompiledScore score in shown.Where(s => s.ValueOf(state).Value == 0))
            scores.Add(new ScoreReading(state.Id, score.Source.Name, 0, state.Now, score.HalfLife, score.HasGrades ? score.GradeNames[score.GradeOf(0)] : null, true));
        return scores;
    }
}
