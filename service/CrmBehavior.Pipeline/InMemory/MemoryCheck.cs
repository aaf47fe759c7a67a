using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>Refuses a commit that breaks a promise, before anything is written, and names the row.</summary>
internal static class MemoryCheck
{
    const long Latest = 253402300799999;

    /// <exception cref="StoreUnavailableException">A row is wrong.</exception>
    public static void Check(ProfileCommit commit, MemoryBatch batch, MemoryDatabase database)
    {
        var profiles = new HashSet<Guid>();
        Each("profile", commit.Profiles, p => p.Profile.Contact, (p, row) =>
        {
            if (!profiles.Add(p.Profile.Contact)) throw MemoryText.Refusal(row, "there are two of this contact");
            if (p.Profile.Master == p.Profile.Contact) throw MemoryText.Refusal(row, "it is said to be merged into itself");
            if (p.Profile.IsErased) throw MemoryText.Refusal(row, "it is marked as erased; name the contact among the erased ones instead");
        });
        var ids = new HashSet<EventKey>();
        Each("event", commit.Events, e => e.Contact, (e, row) =>
        {
            MemoryText.Check(e.Id, row, "id");
            MemoryText.Check(e.Name, row, "name");
            Instant(e.ReceivedAt, row, "time of receipt");
            Instant(e.Now, row, "now");
            if (e.Sequence < 1) throw MemoryText.Refusal(row, $"its sequence {e.Sequence} is less than 1");
            if (!ids.Add(new EventKey(e.Contact, e.Id))) throw MemoryText.Refusal(row, $"the id '{e.Id}' is there twice for this contact");
            if (database.Seen.ContainsKey(new EventKey(e.Contact, e.Id))) throw MemoryText.Refusal(row, $"the id '{e.Id}' is in the log already");
        });
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        Each("claim", commit.Claims, c => c.Contact, (c, row) =>
        {
            HasVisitor(c.Visitor, row);
            if (!claimed.Add(c.Visitor)) throw MemoryText.Refusal(row, $"visitor '{c.Visitor}' is claimed twice");
        });
        Each("kept event", commit.Kept, _ => null, (k, row) =>
        {
            HasVisitor(k.Visitor, row);
            MemoryText.Check(k.Id, row, "id");
            MemoryText.Check(k.Name, row, "name");
            Instant(k.ReceivedAt, row, "time of receipt");
            if (claimed.Contains(k.Visitor) || batch.Claims.ContainsKey(k.Visitor)) throw MemoryText.Refusal(row, $"visitor '{k.Visitor}' is known, so nobody would ever take it up; log it for the contact");
        });
        Each("decision", commit.Decisions, d => d.Contact, (d, row) =>
        {
            Instant(d.At, row, "instant");
            MemoryText.Check(d.Definition, row, "definition");
            MemoryText.Check(d.Kind, row, "kind");
            MemoryText.Check(d.Effect, row, "effect");
        });
        Each("judged event", commit.Rejudged, r => r.Event.Contact, (r, row) => Instant(r.Now, row, "now"));
        Each("effect", commit.Effects, e => e.Contact, MemoryText.CheckEffect);
        Each("erased contact", commit.Erased, e => e, (_, _) => { });

        void Each<T>(string kind, IReadOnlyList<T> rows, Func<T, Guid?> contactOf, Action<T, string> check)
        {
            for (int i = 0; i < rows.Count; i++)
            {
                Guid? contact = contactOf(rows[i]);
                string row = contact == null ? $"Commit, {kind} {i}" : $"Commit, {kind} {i} (contact {contact})";
                if (contact is { } id && !batch.Contacts.Contains(id)) throw MemoryText.Refusal(row, $"contact {id} is not locked by this batch; name it when the batch is opened");
                check(rows[i], row);
            }
        }

        void HasVisitor(string visitor, string row)
        {
            if (!batch.Visitors.Contains(visitor)) throw MemoryText.Refusal(row, $"visitor '{visitor}' is not locked by this batch; name it when the batch is opened");
        }
    }

    static void Instant(long at, string row, string what)
    {
        if (at is < 0 or > Latest) throw MemoryText.Refusal(row, $"its {what} {at} is not between the years 1970 and 9999 in milliseconds");
    }
}
