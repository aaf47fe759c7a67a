using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Planted;

/// <summary>Where bugs are planted between pipeline and store; without one it changes nothing.</summary>
public sealed class Sabotage(Simulation simulation)
{
    readonly World world = simulation.World;
    readonly Dictionary<Guid, Profile?> copies = [];

    public async Task<IReadOnlySet<EventKey>> SeenAsync(IProfileBatch batch, IReadOnlyCollection<EventKey> keys) =>
        simulation.Has(Bug.NoDeduplication) ? new HashSet<EventKey>() : await batch.FindSeenAsync(keys, default);

    public async Task<IReadOnlyList<KeptEvent>> KeptAsync(IProfileBatch batch, IReadOnlyCollection<string> visitors)
    {
        IReadOnlyList<KeptEvent> kept = await batch.ReadKeptAsync(visitors, default);
        return simulation.Has(Bug.KeptNotJoined) ? [] : simulation.Has(Bug.KeptReversed) ? [.. kept.Reverse()] : kept;
    }

    public async Task<Profile?> FindAsync(Guid contact, MemoryStore store)
    {
        if (!simulation.Has(Bug.ConsentFromOldCopy)) return await store.FindAsync(contact, default);
        if (!copies.TryGetValue(contact, out Profile? copy) || copy == null) copies[contact] = copy = await store.FindAsync(contact, default);
        return copy;
    }

    public async Task<IReadOnlyList<LeasedEffect>> LeasedAsync(IReadOnlyList<LeasedEffect> leased, MemoryStore store)
    {
        if (simulation.Has(Bug.UncertainMailSentAgain)) return [.. leased.Select(l => l with { State = EffectState.Pending })];
        if (simulation.Has(Bug.ForgottenWhenLeased)) await store.CompleteAsync([.. leased], [], default);
        return leased;
    }

    /// <summary>Effects as they must be named to be completed.</summary>
    public IReadOnlyCollection<LeasedEffect> Fenced(IReadOnlyCollection<LeasedEffect> done, MemoryStore store) =>
        simulation.Has(Bug.NoFencing) ? [.. done.Select(d => Current(d, store))] : done;

    public Task<bool> MarkAsync(LeasedEffect effect, MemoryStore store)
    {
        if (simulation.Has(Bug.IntentNotRecorded) || simulation.Has(Bug.LapsedLeaseSends)) return MarkLooselyAsync(effect, store);
        return store.MarkUncertainAsync(effect, default);
    }

    public Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, MemoryStore store)
    {
        if (simulation.Has(Bug.RetryForgets)) return store.CompleteAsync(effects, [], default);
        if (simulation.Has(Bug.RetryParks)) return Task.WhenAll(effects.Select(e => store.ParkAsync(e, reason, [], default)));
        return store.RetryAsync(effects, after, reason, default);
    }

    public void Unlock(IProfileBatch batch)
    {
        lock (simulation.Database.Gate) simulation.Database.Locks.Release(batch.Profiles.Keys, batch.Claims.Keys);
    }

    public async Task CommitAsync(IProfileBatch batch, ProfileCommit commit)
    {
        Spoil(commit);
        Effect[] later = simulation.Has(Bug.OutboxOutsideTransaction) ? [.. commit.Effects] : [];
        if (later.Length > 0) commit.Effects.Clear();
        Dictionary<Guid, List<LoggedEvent>> logs = commit.Erased.Where(simulation.Database.Log.ContainsKey).ToDictionary(c => c, c => simulation.Database.Log[c]);
        await batch.CommitAsync(commit, default);
        if (simulation.Has(Bug.LogLeftAfterErasure)) foreach ((Guid contact, List<LoggedEvent> log) in logs) simulation.Database.Log[contact] = log;
        if (simulation.Has(Bug.ErasureForgotten)) simulation.Database.Erased.Clear();
        if (later.Length > 0 && !world.Happens(0.01)) lock (simulation.Database.Gate) simulation.Store.AddEffects(later);
    }

    void Spoil(ProfileCommit commit)
    {
        bool isNow = world.Happens(0.02);
        if (simulation.Has(Bug.NoDeduplication)) Replace(commit.Events, e => simulation.Database.Seen.ContainsKey(new EventKey(e.Contact, e.Id)) ? e with { Id = $"{e.Id}#{e.Sequence}" } : e);
        if (simulation.Has(Bug.TimersNotCommitted)) Replace(commit.Profiles, p => (p.Profile, null));
        if (simulation.Has(Bug.TimerStateNotCommitted) && commit.Events.Count == 0) commit.Profiles.Clear();
        if (simulation.Has(Bug.RandomEffectIds)) Replace(commit.Effects, e => e.Key.Length > 0 ? e : e with { Id = NewId() });
        if (simulation.Has(Bug.KeyedNotCoalesced)) Replace(commit.Effects, e => e.Key.Length > 0 ? e with { Id = NewId(), Key = "" } : e);
        if (simulation.Has(Bug.FirstOfKeyStands)) commit.Effects.RemoveAll(e => e.Key.Length > 0 && simulation.Database.Outbox.ContainsKey(e.Id));
        if (simulation.Has(Bug.HalfCommit) && isNow) commit.Profiles.Clear();
        if (simulation.Has(Bug.DecisionsDropped) && isNow) commit.Decisions.Clear();
        if (simulation.Has(Bug.LogOrderSwapped) && commit.Events.Count > 1 && commit.Events[0].Contact == commit.Events[1].Contact)
        {
            (LoggedEvent first, LoggedEvent second) = (commit.Events[0], commit.Events[1]);
            (commit.Events[0], commit.Events[1]) = (first with { Sequence = second.Sequence }, second with { Sequence = first.Sequence });
        }
    }

    async Task<bool> MarkLooselyAsync(LeasedEffect effect, MemoryStore store)
    {
        if (simulation.Has(Bug.IntentNotRecorded)) return true;
        await store.MarkUncertainAsync(Current(effect, store), default);
        return true;
    }

    LeasedEffect Current(LeasedEffect leased, MemoryStore store) =>
        store.Database.Outbox.TryGetValue(leased.Effect.Id, out MemoryEffect? row) ? leased with { Fence = row.Fence, Revision = row.Revision } : leased;

    static void Replace<T>(List<T> list, Func<T, T> change)
    {
        for (int i = 0; i < list.Count; i++) list[i] = change(list[i]);
    }

    Guid NewId()
    {
        byte[] bytes = new byte[16];
        world.Chance.NextBytes(bytes);
        return new Guid(bytes);
    }
}
