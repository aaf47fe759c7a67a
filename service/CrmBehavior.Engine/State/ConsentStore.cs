using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Consent per channel and purpose: the record with the greatest time, equal ones the later to arrive. A withdrawal of all purposes
/// stands for every purpose that has no record of its own.
/// </summary>
internal struct ConsentStore()
{
    /// <summary>Purpose of the record that withdraws all.</summary>
    public const string Every = "*";

    internal struct Entry
    {
        public string Channel;
        public string Purpose;
        public long At;
        public bool Granted;
    }

    List<Entry>? entries;

    public readonly IReadOnlyList<Entry> Entries => entries ?? (IReadOnlyList<Entry>)[];

    public void Load(string channel, string purpose, long at, bool granted) =>
        (entries ??= []).Add(new Entry { Channel = channel, Purpose = purpose, At = at, Granted = granted });

    /// <summary>Granted, withdrawn, or null when nothing was ever said.</summary>
    public readonly bool? Find(string channel, string purpose)
    {
        if (entries == null) return null;
        bool? every = null;
        foreach (Entry entry in entries)
        {
            if (entry.Channel != channel) continue;
            if (entry.Purpose == purpose) return entry.Granted;
            if (entry.Purpose == Every) every = entry.Granted;
        }
        return every;
    }

    /// <summary>Takes a record of one purpose in.</summary>
    public void Set(string channel, string purpose, bool granted, long at)
    {
        int every = IndexOf(channel, Every);
        if (every >= 0 && entries![every].At > at) (granted, at) = (false, entries![every].At);
        Put(channel, purpose, granted, at);
    }

    /// <summary>Takes a withdrawal of all purposes in.</summary>
    public void WithdrawAll(string channel, long at)
    {
        for (int i = 0; i < entries?.Count; i++)
        {
            if (entries[i].Channel == channel && entries[i].At <= at) entries[i] = entries[i] with { Granted = false, At = at };
        }
        Put(channel, Every, false, at);
    }

    /// <summary>Takes over what another contact said who is the same person: the later record stands.</summary>
    public void Join(in ConsentStore other)
    {
        foreach (Entry entry in other.Entries)
        {
            if (entry.Purpose == Every) WithdrawAll(entry.Channel, entry.At);
            else Set(entry.Channel, entry.Purpose, entry.Granted, entry.At);
        }
    }

    /// <summary>Keeps of what was granted only what another store grants too; withdrawals stay.</summary>
    public readonly void KeepGrantsOf(in ConsentStore other)
    {
        for (int i = entries == null ? -1 : entries.Count - 1; i >= 0; i--)
        {
            if (entries![i].Granted && other.Find(entries[i].Channel, entries[i].Purpose) != true) entries.RemoveAt(i);
        }
    }

    public void Clear() => entries = null;

    void Put(string channel, string purpose, bool granted, long at)
    {
        int index = IndexOf(channel, purpose);
        if (index < 0) Load(channel, purpose, at, granted);
        else if (at >= entries![index].At) entries[index] = entries[index] with { Granted = granted, At = at };
    }

    readonly int IndexOf(string channel, string purpose) =>
        entries == null ? -1 : entries.FindIndex(e => string.Equals(e.Channel, channel, StringComparison.Ordinal) && string.Equals(e.Purpose, purpose, StringComparison.Ordinal));

    /// <summary>When consent last changed, or <see cref="Instant.None"/>.</summary>
    public readonly long AtOf(string channel, string purpose)
    {
        int own = IndexOf(channel, purpose), every = IndexOf(channel, Every);
        return own >= 0 ? entries![own].At : every >= 0 ? entries![every].At : Instant.None;
    }
}
