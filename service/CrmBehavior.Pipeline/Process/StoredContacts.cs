using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Contacts between the store and the engine, within a batch: loaded under the plan in force, and laid into the commit with what was decided.</summary>
internal sealed class StoredContacts(IProfileStore store, IServiceStore service, EffectFactory effects, EffectNews news)
{
    /// <summary>Batches that hold those too for whom the contacts count.</summary>
    public PersonBatch People { get; } = new(store);

    /// <summary>What is stored of a contact of whom nothing is stored.</summary>
    public static Profile New(System.Guid contact, PlanWorkspace work) => new(contact, [], work.Active.Generation, 0, false);

    /// <summary>A contact's state under the plan in force.</summary>
    public Task<ContactState> LoadAsync(PlanWorkspace work, IProfileBatch batch, Profile profile, BatchSink sink, CancellationToken cancellation) =>
        new PlanChange(work, service, People).LoadAsync(profile, batch, sink, cancellation);

    /// <summary>Lays a contact's state and what was decided into the commit.</summary>
    public void Store(PlanWorkspace work, Profile profile, ContactState state, BatchSink sink, long? seenAt, ProfileCommit commit)
    {
        commit.Profiles.Add((profile with { State = work.Codec.Write(state), Generation = work.Active.Generation }, state.NextDue == Instant.Never ? null : state.NextDue));
        effects.Add(work.Active, state, profile.Contact, sink, seenAt, commit);
    }

    /// <summary>Lays what was decided into the commit, and leaves the state as it is stored.</summary>
    public void Tell(PlanWorkspace work, Profile profile, ContactState state, BatchSink sink, ProfileCommit commit) =>
        effects.Add(work.Active, state, profile.Contact, sink, null, commit);

    /// <summary>Commits, and wakes whoever carries effects out.</summary>
    public async Task CommitAsync(IProfileBatch batch, ProfileCommit commit, CancellationToken cancellation)
    {
        await batch.CommitAsync(commit, cancellation);
        if (commit.Effects.Count > 0) news.Announce();
    }
}
