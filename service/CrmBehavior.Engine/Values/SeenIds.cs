using System;

namespace CrmBehavior.Engine.Values;

/// <summary>
/// Remembers pairs of contact and event id by a 64-bit hash, in a table of open addressing: 8 to 16 bytes an event. Two of a hundred
/// million pairs collide once in four thousand runs.
/// </summary>
public sealed class SeenIds
{
    ulong[] slots = new ulong[1024];
    int count;

    /// <summary>Notes a pair; true when it was noted before. An empty id is never a repetition.</summary>
    /// <param name="contact">Id of the contact.</param>
    /// <param name="id">Id of the event.</param>
    /// <returns>Whether it is repeated.</returns>
    public bool IsRepeated(ReadOnlySpan<byte> contact, ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty) return false;
        ulong hash = StableHash.Of(id, StableHash.Of(contact));
        // 0 marks a free slot.
        if (hash == 0) hash = 1;
        if (count * 2 >= slots.Length) Grow();
        for (int i = (int)(hash & (uint)(slots.Length - 1)); ; i = (i + 1) & (slots.Length - 1))
        {
            if (slots[i] == hash) return true;
            if (slots[i] != 0) continue;
            slots[i] = hash;
            count++;
            return false;
        }
    }

    void Grow()
    {
        ulong[] old = slots;
        slots = new ulong[old.Length * 2];
        foreach (ulong hash in old)
        {
            if (hash == 0) continue;
            int i = (int)(hash & (uint)(slots.Length - 1));
            while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
            slots[i] = hash;
        }
    }
}
