using System;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.State;

/// <summary>
/// The traits of a contact that the plan reads: of each the value with the greatest time, equal ones the last to arrive. Part of the
/// contact's state, not an object of its own; reached by reference.
/// </summary>
internal struct TraitStore()
{
    internal struct Entry
    {
        public int Trait;
        public long At;
        public long Order;
        public Value Value;
    }

    Entry[] entries = [];
    int count;

    public readonly ReadOnlySpan<Entry> Entries => entries.AsSpan(0, count);

    /// <summary>The value that stands; missing when there is none, or it was removed.</summary>
    public readonly Value this[int trait]
    {
        get
        {
            for (int i = 0; i < count; i++)
            {
                if (entries[i].Trait == trait) return entries[i].Value;
            }
            return default;
        }
    }

    /// <summary>The time of the value that stands, or <see cref="Instant.None"/>.</summary>
    public readonly long AtOf(int trait)
    {
        for (int i = 0; i < count; i++)
        {
            if (entries[i].Trait == trait) return entries[i].At;
        }
        return Instant.None;
    }

    /// <summary>Takes a value in, if it stands against the one there.</summary>
    /// <returns>Whether the value that stands is another one now.</returns>
    public bool Set(int trait, in Value value, long at, long order)
    {
        for (int i = 0; i < count; i++)
        {
            ref Entry entry = ref entries[i];
            if (entry.Trait != trait) continue;
            if (at < entry.At || (at == entry.At && order < entry.Order)) return false;
            bool same = entry.Value == value;
            entry.At = at;
            entry.Order = order;
            if (same) return false;
            entry.Value = value.Copy();
            return true;
        }
        if (count == entries.Length) Array.Resize(ref entries, count == 0 ? 2 : count * 2);
        entries[count++] = new Entry { Trait = trait, At = at, Order = order, Value = value.Copy() };
        return !value.IsMissing;
    }

    /// <summary>Puts a value in place of the one there, whatever its time.</summary>
    public void Put(in Entry entry)
    {
        for (int i = 0; i < count; i++)
        {
            if (entries[i].Trait != entry.Trait) continue;
            entries[i] = entry;
            return;
        }
        Set(entry.Trait, entry.Value, entry.At, entry.Order);
    }

    public void Clear() => count = 0;
}
