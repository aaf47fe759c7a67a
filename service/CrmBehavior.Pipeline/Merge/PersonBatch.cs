using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Merge;

/// <summary>
/// Opens batches that hold, beside the contacts asked for, those that they count for; and reads the log of a contact with those of all who
/// were merged into it.
/// </summary>
internal sealed class PersonBatch(IProfileStore store)
{
    /// <summary>Longer chains of merges are not followed.</summary>
    const int Longest = 16;

    /// <summary>Opens a batch.</summary>
    /// <param name="contacts">The contacts.</param>
    /// <param name="visitors">The visitors.</param>
    /// <param name="whole">Those of the contacts of whom all are wanted that were merged into them.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IProfileBatch> OpenAsync(IEnumerable<Guid> contacts, IReadOnlyCollection<string> visitors, IReadOnlyCollection<Guid> whole, CancellationToken cancellation)
    {
        HashSet<Guid> wanted = [.. contacts];
        for (int attempt = 0; attempt < Longest; attempt++)
        {
            IProfileBatch batch = await store.OpenAsync(wanted, visitors, cancellation);
            var more = new HashSet<Guid>();
            try
            {
                foreach (Profile profile in batch.Profiles.Values)
                {
                    if (profile.Master is { } master) more.Add(master);
                }
                foreach (Guid contact in whole) more.UnionWith(await store.ReadMergedAsync(contact, cancellation));
                more.RemoveWhere(c => wanted.Contains(c) || batch.Profiles.ContainsKey(c));
            }
            catch
            {
                await batch.DisposeAsync();
                throw;
            }
            if (more.Count == 0) return batch;
            // Locks are taken in one order only, so whoever needs more begins again.
            await batch.DisposeAsync();
            wanted.UnionWith(more);
        }
        throw new StoreUnavailableException("Contacts were merged again and again while their batch was being opened.", isTransient: true);
    }

    /// <summary>The contact for which one counts: the last of the chain.</summary>
    public static Guid MasterOf(IProfileBatch batch, Guid contact)
    {
        for (int depth = 0; depth < Longest && batch.Profiles.TryGetValue(contact, out Profile? profile) && profile.Master is { } master; depth++) contact = master;
        return contact;
    }

    /// <summary>
    /// The events that make up a contact, in order of arrival: its own, and of those merged into it all but what tells of their rows. An event
    /// that named several of them counts once.
    /// </summary>
    public async Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(IProfileBatch batch, Guid contact, IEnumerable<Guid> without, CancellationToken cancellation)
    {
        IReadOnlyList<LoggedEvent> own = await batch.ReadLogAsync(contact, cancellation);
        Guid[] merged = [.. (await store.ReadMergedAsync(contact, cancellation)).Except(without)];
        if (merged.Length == 0) return own;
        var logs = new List<IReadOnlyList<LoggedEvent>> { own };
        foreach (Guid other in merged) logs.Add(await batch.ReadLogAsync(other, cancellation));
        return Join(logs);
    }

    /// <summary>The same without a batch: what comes meanwhile may be missing.</summary>
    public static async Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(IProfileStore store, Guid contact, CancellationToken cancellation)
    {
        var logs = new List<IReadOnlyList<LoggedEvent>>();
        foreach (Guid one in (IEnumerable<Guid>)[contact, .. await store.ReadMergedAsync(contact, cancellation)])
        {
            var log = new List<LoggedEvent>();
            await foreach (LoggedEvent logged in store.ReadLogAsync(one, cancellation)) log.Add(logged);
            logs.Add(log);
        }
        return logs.Count == 1 ? logs[0] : Join(logs);
    }

    /// <summary>Logs as one, the first of which is that of the contact itself.</summary>
    public static IReadOnlyList<LoggedEvent> Join(IReadOnlyList<IReadOnlyList<LoggedEvent>> logs)
    {
        var arrived = new List<(long At, LoggedEvent Event)>();
        for (int i = 0; i < logs.Count; i++)
        {
            // By time of receipt, but never two of one contact against the order in which they came.
            long at = long.MinValue;
            foreach (LoggedEvent logged in logs[i])
            {
                at = Math.Max(at, logged.ReceivedAt);
                if (i == 0 || !TellsOfRow(logged.Name)) arrived.Add((at, logged));
            }
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. arrived.OrderBy(a => a.At).Select(a => a.Event).Where(e => seen.Add(e.Id))];
    }

    /// <summary>Whether an event tells of a contact's row: that of one merged into another says nothing of the other.</summary>
    public static bool TellsOfRow(string name) => name is EventNames.ContactCreated or EventNames.ContactUpdated or EventNames.ContactDeleted;
}
