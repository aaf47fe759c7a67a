using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Explains how definitions in force stand for a contact: from the stored state as of now, from the event log for an earlier instant.</summary>
/// <param name="store">Profiles, event log and decisions.</param>
/// <param name="plans">The definitions in force.</param>
/// <param name="clock">The product's clock.</param>
public sealed class LiveExplainer(IProfileStore store, PlanHolder plans, TimeProvider clock)
{
    const int MostDecisions = 2000;

    /// <summary>Explains how a definition stands for a contact.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="definition">Name of a definition in force, or kind and name as <c>journey:welcome</c>.</param>
    /// <param name="at">As of when, milliseconds since 1970; null for now. Before the latest input it is worked out anew from the event log.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ExplainException">Nothing is known of the contact, or there is no such definition.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<Explanation> ExplainAsync(Guid contact, string definition, long? at, CancellationToken cancellation)
    {
        ActivePlan active = plans.Current;
        DefinitionName.Find(active.Definitions, definition);
        if (await store.FindAsync(contact, cancellation) is not { IsErased: false } profile) throw new ExplainException($"nothing is known of contact {contact:D}: no event of it has arrived yet");
        if (profile.Master is { } master) throw new ExplainException($"contact {contact:D} was merged into {master:D} and counts for it; ask for that one");
        IReadOnlyList<LoggedEvent> events = await PersonBatch.ReadLogAsync(store, contact, cancellation);
        long asked = at ?? Instant.From(clock.GetUtcNow());
        ContactState state = StateAt(active, profile, events, asked)
            ?? throw new ExplainException($"contact {contact:D} has no event by {Instant.ToText(asked)}");
        IReadOnlyList<StoredDecision> decisions = await store.ReadDecisionsAsync(contact, MostDecisions, cancellation);
        var facts = new ContactFacts(
            state, asked, [.. decisions.Where(d => d.At <= Math.Max(asked, state.Now)).Reverse().Select(d => d.Line)], [.. events.Where(e => e.Now <= Math.Max(asked, state.Now)).Select(e => e.Body)]);
        return ContactExplainer.Explain(active.Definitions, active.Plan, facts, definition);
    }

    /// <summary>The contact's state at an instant, on a copy: what is stored is never changed.</summary>
    static ContactState? StateAt(ActivePlan active, Profile profile, IReadOnlyList<LoggedEvent> events, long at)
    {
        var evaluator = new Evaluator(active.Plan);
        var nobody = new DecisionList();
        string id = profile.Contact.ToString("D");
        if (profile.State.Length > 0 && profile.Generation == active.Generation)
        {
            ContactState stored = new StateCodec(active.Plan).Read(id, profile.State);
            if (stored.Now <= at)
            {
                evaluator.RunTimers(stored, at, nobody);
                return stored;
            }
        }
        ContactState rebuilt = LogRebuild.Of(id, events.TakeWhile(e => e.Now <= at), evaluator, new EventReader(active.Plan), new EventFrame());
        if (rebuilt.Now == Instant.None) return null;
        evaluator.RunTimers(rebuilt, at, nobody);
        return rebuilt;
    }
}
