using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>
/// The store ports over a <see cref="MemoryDatabase"/>: for tests and simulations, where nothing has to outlive the process. It makes the
/// promises of the other stores but durability, and passes their suites.
/// </summary>
/// <param name="database">What it holds.</param>
/// <param name="time">The wall clock for leases and delays.</param>
/// <param name="erasureKey">The secret under which erased contacts are remembered.</param>
/// <param name="limit">The most that a contact is waited for; null for 30 seconds.</param>
public sealed partial class MemoryStore(MemoryDatabase database, TimeProvider time, byte[] erasureKey, TimeSpan? limit = null) : IProfileStore, IOutbox, IServiceStore
{
    internal MemoryDatabase Database { get; } = database;

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What is known of a contact, under the gate.</summary>
    internal Profile? Find(Guid contact) =>
        Database.Profiles.TryGetValue(contact, out (Profile Profile, long? Due) row) ? row.Profile : IsErased(contact) ? new Profile(contact, [], 0, 0, IsErased: true) : null;

    /// <summary>Removes all that is about a contact but the mark, under the gate.</summary>
    internal void Erase(Guid contact)
    {
        EraseTraces(new PersonTraces([contact], Database.Emails.Where(e => e.Value == contact).Select(e => e.Key)));
        foreach (string visitor in Database.Claims.Where(c => c.Value == contact).Select(c => c.Key).ToArray())
        {
            Database.Claims.Remove(visitor);
            Database.Kept.Remove(visitor);
        }
        Database.Profiles.Remove(contact);
        Database.Log.Remove(contact);
        Database.Decisions.Remove(contact);
        foreach (EventKey key in Database.Seen.Keys.Where(k => k.Contact == contact).ToArray()) Database.Seen.Remove(key);
        foreach (Guid effect in Database.Outbox.Values.Where(e => e.Effect.Contact == contact).Select(e => e.Effect.Id).ToArray()) Database.Outbox.Remove(effect);
        foreach (string email in Database.Emails.Where(e => e.Value == contact).Select(e => e.Key).ToArray()) Database.Emails.Remove(email);
        Database.ParkedInputs.RemoveAll(p => p.Contact == contact);
        Database.LastingTags.RemoveWhere(t => t.Contact == contact);
        Database.GivenTags.RemoveWhere(t => t.Contact == contact);
        Database.Erased.Add(MarkOf(contact));
    }

    /// <summary>Removes what names no contact but was of these people.</summary>
    void EraseTraces(PersonTraces traces)
    {
        foreach ((string visitor, List<KeptEvent> kept) in Database.Kept.ToArray())
        {
            kept.RemoveAll(k => traces.AreIn(visitor) || traces.AreIn(k.Body));
            if (kept.Count == 0) Database.Kept.Remove(visitor);
        }
        Database.ParkedInputs.RemoveAll(p => p.Contact == null && traces.AreIn(p.Input.Content));
        Database.Unresolved.RemoveAll(u => traces.AreIn(u.Call));
    }

    /// <summary>The last of the chain of those that a contact was merged into; itself where there is none. Under the gate.</summary>
    Guid MasterOf(Guid contact)
    {
        for (int depth = 0; depth < 16 && Database.Profiles.TryGetValue(contact, out (Profile Profile, long? Due) row) && row.Profile.Master is { } master; depth++) contact = master;
        return contact;
    }

    bool IsErased(Guid contact) => Database.Erased.Count > 0 && Database.Erased.Contains(MarkOf(contact));

    string MarkOf(Guid contact) => Convert.ToHexString(HMACSHA256.HashData(erasureKey, contact.ToByteArray()));
}
