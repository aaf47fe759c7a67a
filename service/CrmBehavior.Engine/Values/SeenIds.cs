using System;
using CrmBehavior.Engine.State;

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
        return !id.IsEmpty && IsRepeated(KeyOf(StableHash.Of(contact), id));
    }

    /// <summary>The key of a pair.</summary>
    /// <param name="contactHash">Hash of the id of the contact.</param>
    /// <param name="id">Id of the event; not empty.</param>
    /// <returns>The key.</returns>
    public static ulong KeyOf(ulong contactHash, ReadOnlySpan<byte> id)
    {
        ulong hash = StableHash.Of(id, contactHash);
        // 0 marks a free slot.
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Has the processor fetch the place at which a key will be looked for.</summary>
    /// <param name="key">The key.</param>
    public void Fetch(ulong key) => CacheLine.Fetch(ref slots[IndexOf(key)]);

    /// <summary>Notes a pair by its key; true when it was noted before.</summary>
    /// <param name="hash">What <see cref="KeyOf"/> gives for it.</param>
    /// <returns>Whether it is repeated.</returns>
    public bool IsRepeated(ulong hash)
    {
        if (count * 2 >= slots.Length) Grow();
        for (int i = IndexOf(hash); ; i = (i + 1) & (slots.Length - 1))
        {
            if (slots[i] == hash) return true;
            if (slots[i] != 0) continue;
            slots[i] = hash;
            count++;
            return false;
        }
    }

    int IndexOf(ulong key) => (int)(key & (uint)(slots.Length - 1));

    void Grow()
    {
        ulong[] old = slots;
        slots = new ulong[old.Length * 2];
        foreach (ulong hash in old)
        {
            if (hash == 0) continue;
            int i = IndexOf(hash);
            while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
            slots[i] = hash;
        }
    }
}
