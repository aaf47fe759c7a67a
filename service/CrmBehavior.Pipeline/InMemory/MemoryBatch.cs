using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>A batch under way: it has its contacts and visitors in hand, and sees them as they were when it got them.</summary>
internal sealed class MemoryBatch(MemoryStore store, IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors) : IProfileBatch
{
    readonly MemoryDatabase database = store.Database;
    bool isOver;

    public HashSet<Guid> Contacts { get; } = [.. contacts];

    public HashSet<string> Visitors { get; } = new(visitors, StringComparer.Ordinal);

    public IReadOnlyDictionary<Guid, Profile> Profiles { get; } =
        contacts.Select(store.Find).OfType<Profile>().ToDictionary(p => p.Contact);

    public IReadOnlyDictionary<string, Guid> Claims { get; } =
        visitors.Where(store.Database.Claims.ContainsKey).ToDictionary(v => v, v => store.Database.Claims[v], StringComparer.Ordinal);

    public Task<IReadOnlySet<EventKey>> FindSeenAsync(IReadOnlyCollection<EventKey> keys, CancellationToken cancellation)
    {
        lock (database.Gate) return Task.FromResult<IReadOnlySet<EventKey>>(keys.Where(database.Seen.ContainsKey).ToHashSet());
    }

    public Task<IReadOnlyList<KeptEvent>> ReadKeptAsync(IReadOnlyCollection<string> visitors, CancellationToken cancellation)
    {
        // By time of receipt, but never two of one visitor against the order in which they came.
        var arrived = new List<(long At, KeptEvent Event)>();
        lock (database.Gate)
        {
            foreach (string visitor in visitors.Distinct(StringComparer.Ordinal))
            {
                long at = long.MinValue;
                foreach (KeptEvent kept in database.Kept.GetValueOrDefault(visitor, [])) arrived.Add((at = Math.Max(at, kept.ReceivedAt), kept));
            }
        }
        return Task.FromResult<IReadOnlyList<KeptEvent>>([.. arrived.OrderBy(a => a.At).ThenBy(a => a.Event.Visitor, StringComparer.Ordinal).Select(a => a.Event)]);
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(Guid contact, CancellationToken cancellation)
    {
        lock (database.Gate) return Task.FromResult<IReadOnlyList<LoggedEvent>>([.. database.Log.GetValueOrDefault(contact, [])]);
    }

    public Task CommitAsync(ProfileCommit commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(commit);
        cancellation.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            ObjectDisposedException.ThrowIf(isOver, this);
            MemoryCheck.Check(commit, this, database);
            // Nothing below can fail, so all of it is written.
            Write(commit);
            Release();
        }
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (database.Gate) Release();
        return ValueTask.CompletedTask;
    }

    void Release()
    {
        if (isOver) return;
        isOver = true;
        database.Locks.Release(Contacts, Visitors);
    }

    void Write(ProfileCommit commit)
    {
        // What still comes of people who are gone must not bring them back, not even as the contact of a visitor.
        HashSet<Guid> gone = [.. commit.Erased, .. Profiles.Values.Where(p => p.IsErased).Select(p => p.Contact)];
        foreach ((Profile profile, long? due) in commit.Profiles.Where(p => !gone.Contains(p.Profile.Contact))) database.Profiles[profile.Contact] = (profile, due);
        foreach (LoggedEvent logged in commit.Events.Where(e => !gone.Contains(e.Contact)).OrderBy(e => e.Sequence))
        {
            ListOf(database.Log, logged.Contact).Add(logged);
            database.Seen.Add(new EventKey(logged.Contact, logged.Id), Math.Max(logged.Now, logged.ReceivedAt));
        }
        foreach ((string visitor, Guid contact) in commit.Claims)
        {
            if (!gone.Contains(contact)) database.Claims[visitor] = contact;
            database.Kept.Remove(visitor);
        }
        foreach (KeptEvent kept in commit.Kept)
        {
            List<KeptEvent> own = ListOf(database.Kept, kept.Visitor);
            if (!own.Exists(k => k.Id == kept.Id)) own.Add(kept);
        }
        foreach (StoredDecision decision in commit.Decisions.Where(d => !gone.Contains(d.Contact)).OrderBy(d => d.Ordinal)) ListOf(database.Decisions, decision.Contact).Add(decision);
        foreach ((string door, string reason, LoggedEvent poison) in commit.Parked.Where(p => !gone.Contains(p.Event.Contact))) database.ParkedInputs.Add((poison.Contact, new ParkedInput(database.NextNumber(), door, MemoryText.Mend(reason), poison.ReceivedAt, poison.Body, poison.Contact)));
        foreach (RejudgedEvent one in commit.Rejudged.Where(r => !gone.Contains(r.Event.Contact)))
        {
            database.ParkedInputs.RemoveAll(p => p.Input.Number == one.Number);
            List<LoggedEvent> log = ListOf(database.Log, one.Event.Contact);
            if (log.RemoveAll(l => l.Sequence == one.Event.Sequence) == 1) log.Add(one.Event with { Sequence = one.Sequence, Now = one.Now });
        }
        store.AddEffects(commit.Effects.Where(e => !gone.Contains(e.Contact)));
        foreach (Guid contact in commit.Erased) store.Erase(contact);
    }

    static List<TItem> ListOf<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<TItem>? list)) lists.Add(key, list = []);
        return list;
    }
}
