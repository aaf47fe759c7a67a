using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public async Task<IProfileBatch> OpenAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        ArgumentNullException.ThrowIfNull(visitors);
        foreach (string visitor in visitors) MemoryText.Check(visitor, "A visitor of the batch", "name");
        cancellation.ThrowIfCancellationRequested();
        var asking = new MemoryLocks.Asking(
            () => contacts.Concat(visitors.Where(Database.Claims.ContainsKey).Select(v => Database.Claims[v])).ToHashSet(), visitors.ToHashSet(StringComparer.Ordinal),
            wanted => new MemoryBatch(this, wanted, visitors.ToHashSet(StringComparer.Ordinal)));
        lock (Database.Gate)
        {
            if (!Database.Locks.TryTake(asking)) Database.Locks.Wait(asking);
        }
        if (asking.Answer.Task.IsCompleted) return await asking.Answer.Task;
        await using ITimer patience = time.CreateTimer(
            _ => GiveUp(asking, new StoreUnavailableException("Another batch has had one of the contacts in hand for too long.", isTransient: true)), null,
            limit ?? TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration stop = cancellation.Register(() => GiveUp(asking, new OperationCanceledException(cancellation)));
        return await asking.Answer.Task;
    }

    /// <inheritdoc/>
    public Task<IProfileBatch?> OpenDueAsync(long now, int most, CancellationToken cancellation) =>
        OpenSomeAsync(rows => rows.Where(r => r.Due <= now).OrderBy(r => r.Due).ThenBy(r => r.Profile.Contact).Take(most));

    /// <inheritdoc/>
    public Task<IProfileBatch?> OpenOutdatedAsync(int generation, int most, CancellationToken cancellation) =>
        OpenSomeAsync(rows => rows.Where(r => r.Profile.Generation < generation).OrderBy(r => r.Profile.Generation).Take(most));

    /// <inheritdoc/>
    public Task<Profile?> FindAsync(Guid contact, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Find(contact));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadLogAsync(Guid contact, [EnumeratorCancellation] CancellationToken cancellation)
    {
        LoggedEvent[] events;
        lock (Database.Gate) events = [.. Database.Log.GetValueOrDefault(contact, [])];
        await Task.CompletedTask;
        foreach (LoggedEvent logged in events) yield return logged;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadMergedAsync(Guid contact, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            var merged = new List<Guid>();
            for (var next = new List<Guid> { contact }; next.Count > 0; merged.AddRange(next))
                next = [.. Database.Profiles.Values.Where(p => p.Profile.Master is { } master && next.Contains(master)).Select(p => p.Profile.Contact).Where(c => c != contact && !merged.Contains(c))];
            return Task.FromResult<IReadOnlyList<Guid>>([.. merged.Order()]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredDecision>> ReadDecisionsAsync(Guid contact, int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<StoredDecision>>([.. Database.Decisions.GetValueOrDefault(contact, []).OrderByDescending(d => d.Ordinal).Take(most)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadContactsAsync(Guid? after, int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<Guid>>([.. Database.Profiles.Keys.Where(c => after == null || c.CompareTo(after.Value) > 0).Order().Take(most)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DecisionCount>> CountDecisionsAsync(long from, long before, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            return Task.FromResult<IReadOnlyList<DecisionCount>>([.. Database.Decisions.Values.SelectMany(d => d).Where(d => d.At >= from && d.At < before)
                .GroupBy(d => (Day: d.At / 86_400_000, d.Kind, d.Definition, d.Effect)).Select(g => new DecisionCount(g.Key.Day, g.Key.Kind, g.Key.Definition, g.Key.Effect, g.LongCount()))
                .OrderBy(c => c.Day).ThenBy(c => c.Kind, StringComparer.Ordinal).ThenBy(c => c.Definition, StringComparer.Ordinal).ThenBy(c => c.Effect, StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc/>
    public Task<long> DropOldAsync(long eventsBefore, long keysBefore, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            long dropped = Database.Log.Values.Sum(l => l.RemoveAll(e => e.ReceivedAt < eventsBefore)) + Database.Decisions.Values.Sum(l => l.RemoveAll(d => d.At < eventsBefore))
                + Database.Kept.Values.Sum(l => l.RemoveAll(k => k.ReceivedAt < eventsBefore)) + Database.ParkedInputs.RemoveAll(p => p.Input.At < eventsBefore);
            HashSet<EventKey> logged = [.. Database.Log.Values.SelectMany(l => l.Select(e => new EventKey(e.Contact, e.Id)))];
            foreach (EventKey key in Database.Seen.Where(s => s.Value < keysBefore && !logged.Contains(s.Key)).Select(s => s.Key).ToArray())
            {
                Database.Seen.Remove(key);
                dropped++;
            }
            return Task.FromResult(dropped);
        }
    }

    /// <inheritdoc/>
    public Task<(long Due, long Outdated)> CountWorkAsync(long now, int generation, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult((Database.Profiles.Values.LongCount(p => p.Due <= now), Database.Profiles.Values.LongCount(p => p.Profile.Generation < generation)));
    }

    /// <summary>When the next timer of anybody is due; null for never.</summary>
    internal long? NextTimer
    {
        get
        {
            lock (Database.Gate) return Database.Profiles.Values.Min(p => p.Due);
        }
    }

    Task<IProfileBatch?> OpenSomeAsync(Func<IEnumerable<(Profile Profile, long? Due)>, IEnumerable<(Profile Profile, long? Due)>> choose)
    {
        lock (Database.Gate)
        {
            Guid[] free = [.. choose(Database.Profiles.Values.Where(p => Database.Locks.IsFree(p.Profile.Contact))).Select(p => p.Profile.Contact)];
            if (free.Length == 0) return Task.FromResult<IProfileBatch?>(null);
            var asking = new MemoryLocks.Asking(() => free, [], wanted => new MemoryBatch(this, wanted, []));
            Database.Locks.TryTake(asking);
            return Task.FromResult<IProfileBatch?>(asking.Answer.Task.Result);
        }
    }

    void GiveUp(MemoryLocks.Asking asking, Exception why)
    {
        lock (Database.Gate)
        {
            if (!Database.Locks.GiveUp(asking)) return;
        }
        asking.Answer.TrySetException(why);
    }
}
