using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>
/// Brings a contact's state up to the plan in force: what did not change keeps its state; what is new is worked out from the event log, as
/// of the plan's publication. What is true then makes segments enter and signals active, but raises no event and enrolls nobody.
/// </summary>
internal sealed class PlanChange(PlanWorkspace work, IServiceStore service, PersonBatch people)
{
    /// <summary>The state of a contact under the plan in force.</summary>
    public async Task<ContactState> LoadAsync(Profile profile, IProfileBatch batch, BatchSink sink, CancellationToken cancellation)
    {
        string id = profile.Contact.ToString("D");
        if (profile.State.Length == 0) return new ContactState(id);
        ContactState state = work.Codec.Read(id, profile.State);
        if (profile.Generation != work.Active.Generation) await BringUpAsync(state, profile, batch, sink, cancellation);
        return state;
    }

    async Task BringUpAsync(ContactState state, Profile profile, IProfileBatch batch, BatchSink sink, CancellationToken cancellation)
    {
        StoredPlan? stored = await service.FindPlanAsync(profile.Generation, cancellation);
        // Without knowledge of the plan before, everything counts as new; the log then says how things stand.
        ActivePlan? before = stored == null ? null : work.Earlier(stored);
        var newcomers = new Newcomers(work.Active.Plan, before?.Plan);
        long at = Math.Max(work.Active.At, state.Now);
        if (newcomers.Any)
        {
            ContactState rebuilt = LogRebuild.Of(state.Id, await people.ReadLogAsync(batch, profile.Contact, [], cancellation), newcomers.Evaluator, work.Reader, work.Frame);
            newcomers.Evaluator.RunTimers(rebuilt, at, new DecisionList());
            foreach (ScoreReading reading in newcomers.Graft(rebuilt, state, at)) sink.Note(reading);
        }
        if (before != null) TellMembership(before, profile, state, at, sink);
        work.Evaluator.ChangeVersions(state, at, sink);
    }

    /// <summary>Segments that the contact is in under one plan only: their tags follow.</summary>
    void TellMembership(ActivePlan before, Profile profile, ContactState state, long at, BatchSink sink)
    {
        ContactState old = new StateCodec(before.Plan).Read(state.Id, profile.State);
        foreach (string segment in before.Segments.Union(work.Active.Segments))
        {
            bool was = Standing.IsIn(before.Plan, old, segment), isNow = Standing.IsIn(work.Active.Plan, state, segment);
            if (was != isNow) sink.Add(work.Evaluator.Announce(state, segment, isNow, at));
        }
    }
}
