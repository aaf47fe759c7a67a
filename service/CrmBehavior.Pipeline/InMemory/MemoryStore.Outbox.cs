using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<LeasedEffect>> LeaseAsync(IReadOnlyCollection<string> kinds, int most, TimeSpan lease, bool flush, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        lock (Database.Gate)
        {
            long now = Now;
            MemoryEffect[] due = [.. Database.Outbox.Values
                .Where(e => kinds.Contains(e.Effect.Kind) && e.State != EffectState.Parked && e.LeasedUntil <= now && (flush ? e.Ready : e.Due) <= now)
                .OrderBy(e => e.Due).ThenBy(e => e.Effect.Contact).Take(most)];
            foreach (MemoryEffect effect in due)
            {
                effect.Fence = Database.NextNumber();
                effect.Attempts++;
                effect.LeasedUntil = now + (long)lease.TotalMilliseconds;
            }
            return Task.FromResult<IReadOnlyList<LeasedEffect>>([.. due.Select(e => new LeasedEffect(e.Effect with { Delay = default }, e.Attempts, e.Fence, e.Revision, e.State, e.State == EffectState.Uncertain ? TimeSpan.FromMilliseconds(now - e.Doubted) : default))]);
        }
    }

    /// <inheritdoc/>
    public Task RenewAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(effects);
        lock (Database.Gate)
        {
            foreach (LeasedEffect leased in effects)
            {
                if (Database.Outbox.TryGetValue(leased.Effect.Id, out MemoryEffect? row) && row.Fence == leased.Fence && row.LeasedUntil > Now) row.LeasedUntil = Now + (long)lease.TotalMilliseconds;
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CompleteAsync(IReadOnlyCollection<LeasedEffect> done, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(done);
        CheckFollowUps(followUps);
        lock (Database.Gate)
        {
            foreach (LeasedEffect leased in done)
            {
                if (Held(leased) != null) Database.Outbox.Remove(leased.Effect.Id);
                else PutBackNewer(leased);
            }
            Follow(followUps);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> MarkUncertainAsync(LeasedEffect effect, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            if (Held(effect) is { } held && held.State != EffectState.Parked && held.LeasedUntil > Now)
            {
                (held.State, held.Doubted) = (EffectState.Uncertain, Now);
                return Task.FromResult(true);
            }
            PutBackNewer(effect);
            return Task.FromResult(false);
        }
    }

    /// <inheritdoc/>
    public Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(effects);
        lock (Database.Gate)
        {
            foreach (LeasedEffect leased in effects)
            {
                if (!Database.Outbox.TryGetValue(leased.Effect.Id, out MemoryEffect? row) || row.Fence != leased.Fence || row.State == EffectState.Parked) continue;
                if (row.Revision == leased.Revision) row.State = leased.State == EffectState.Uncertain ? EffectState.Uncertain : EffectState.Pending;
                row.Due = row.Ready = Now + (long)after.TotalMilliseconds;
                row.Reason = MemoryText.Mend(reason);
                row.LeasedUntil = 0;
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ParkAsync(LeasedEffect effect, string reason, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        CheckFollowUps(followUps);
        lock (Database.Gate)
        {
            if (Held(effect) is { } held && held.State != EffectState.Parked)
            {
                (held.State, held.Since, held.Reason, held.LeasedUntil) = (EffectState.Parked, Now, MemoryText.Mend(reason), 0);
                Follow(followUps);
            }
            else PutBackNewer(effect);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> SettleAsync(Guid effect, Func<Effect, Effect> followUp, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(followUp);
        lock (Database.Gate)
        {
            if (!Database.Outbox.TryGetValue(effect, out MemoryEffect? row) || row.Effect.Kind != EffectKind.Mail) return Task.FromResult(false);
            Effect follows = followUp(row.Effect);
            CheckFollowUps([follows]);
            Database.Outbox.Remove(effect);
            Follow([follows]);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAsync(int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<ParkedEffect>>([.. Parked().Take(most)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAfterAsync((DateTimeOffset ParkedAt, Guid Id) after, int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<ParkedEffect>>([.. Parked().Where(p => (p.ParkedAt, p.Effect.Id).CompareTo(after) < 0).Take(most)]);
    }

    /// <inheritdoc/>
    public Task<ParkedEffect?> FindParkedAsync(Guid effect, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Parked().FirstOrDefault(p => p.Effect.Id == effect));
    }

    /// <inheritdoc/>
    public Task<bool> DropParkedAsync(Guid effect, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Database.Outbox.TryGetValue(effect, out MemoryEffect? row) && row.State == EffectState.Parked && Database.Outbox.Remove(effect));
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(Guid effect, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            if (!Database.Outbox.TryGetValue(effect, out MemoryEffect? row) || row.State != EffectState.Parked) return Task.FromResult(false);
            row.Due = row.Ready = row.Since = Now;
            (row.State, row.Attempts, row.Reason) = (EffectState.Pending, 0, "");
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<(long Waiting, long Parked, TimeSpan Oldest)> CountAsync(CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            MemoryEffect[] waiting = [.. Database.Outbox.Values.Where(e => e.State != EffectState.Parked)];
            long now = Now, oldest = waiting.Length == 0 ? now : waiting.Min(e => e.Since);
            return Task.FromResult(((long)waiting.Length, (long)Database.Outbox.Count - waiting.Length, TimeSpan.FromMilliseconds(Math.Max(0, now - oldest))));
        }
    }

    /// <summary>When the next effect of some kinds can be leased; null when none waits.</summary>
    internal long? NextEffect(IReadOnlyCollection<string> kinds)
    {
        lock (Database.Gate)
        {
            return Database.Outbox.Values.Where(e => e.State != EffectState.Parked && kinds.Contains(e.Effect.Kind)).Min(e => (long?)Math.Max(e.Due, e.LeasedUntil));
        }
    }

    /// <summary>Adds effects, under the gate: of a key the latest stands, what has none stays as it came first.</summary>
    internal void AddEffects(IEnumerable<Effect> effects)
    {
        long now = Now;
        var added = new Dictionary<Guid, MemoryEffect>();
        foreach (Effect effect in effects)
        {
            var row = new MemoryEffect(effect, now);
            if (added.TryGetValue(effect.Id, out MemoryEffect? earlier))
            {
                if (!row.IsKeyed) continue;
                row.Due = Math.Min(row.Due, earlier.Due);
            }
            added[effect.Id] = row;
        }
        foreach (MemoryEffect row in added.Values)
        {
            if (!Database.Outbox.TryGetValue(row.Effect.Id, out MemoryEffect? known))
            {
                row.Fence = Database.NextNumber();
                Database.Outbox.Add(row.Effect.Id, row);
                continue;
            }
            if (!row.IsKeyed) continue;
            bool wasParked = known.State == EffectState.Parked;
            known.Effect = known.Effect with { At = row.Effect.At, Body = row.Effect.Body };
            known.Revision++;
            (known.Attempts, known.Reason, known.State) = (0, "", EffectState.Pending);
            if (wasParked) known.Since = row.Since;
            known.Due = wasParked ? row.Due : Math.Min(known.Due, row.Due);
            known.Ready = wasParked ? row.Ready : Math.Min(known.Ready, row.Ready);
        }
    }

    IEnumerable<ParkedEffect> Parked() => Database.Outbox.Values.Where(e => e.State == EffectState.Parked)
        .Select(e => new ParkedEffect(e.Effect with { Delay = default }, e.Reason, DateTimeOffset.FromUnixTimeMilliseconds(e.Since)))
        .OrderByDescending(p => p.ParkedAt).ThenByDescending(p => p.Effect.Id);

    /// <summary>The effect, if it is held by this lease and has not been coalesced since.</summary>
    MemoryEffect? Held(LeasedEffect leased) =>
        Database.Outbox.TryGetValue(leased.Effect.Id, out MemoryEffect? row) && row.Fence == leased.Fence && row.Revision == leased.Revision ? row : null;

    /// <summary>Where only the revision is another, the newer one is free to be carried out at once.</summary>
    void PutBackNewer(LeasedEffect leased)
    {
        if (Database.Outbox.TryGetValue(leased.Effect.Id, out MemoryEffect? row) && row.Fence == leased.Fence && row.Revision != leased.Revision && row.State != EffectState.Parked) row.LeasedUntil = 0;
    }

    void Follow(IEnumerable<Effect> effects) => AddEffects(effects.Where(e => !IsErased(e.Contact)));

    static void CheckFollowUps(IReadOnlyCollection<Effect> effects)
    {
        int index = 0;
        foreach (Effect effect in effects) MemoryText.CheckFollowUp(effect, index++);
    }
}
