using System;
using System.Collections.Generic;
using System.Text;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Pipeline.Replay;

/// <summary>The contacts of a replay, found by the bytes of their ids as they stand in the line.</summary>
internal sealed class ContactTable
{
    readonly List<ContactState> contacts = [];
    // By hash, in open addressing: the number of a contact plus one, 0 for a free place.
    int[] places = new int[1024];
    ulong[] hashes = new ulong[1024];

    /// <summary>All, in the order in which they were met.</summary>
    public IReadOnlyCollection<ContactState> All => contacts;

    /// <summary>The contact with an id, made when it is met for the first time.</summary>
    public ContactState Of(ReadOnlySpan<byte> id)
    {
        ulong hash = StableHash.Of(id);
        for (int place = Place(hash); ; place = (place + 1) & (places.Length - 1))
        {
            if (places[place] == 0) return Add(place, hash, Encoding.UTF8.GetString(id));
            if (hashes[place] != hash) continue;
            ContactState contact = contacts[places[place] - 1];
            if (IsSame(id, contact.Id)) return contact;
        }
    }

    int Place(ulong hash) => (int)(hash & (uint)(places.Length - 1));

    ContactState Add(int place, ulong hash, string id)
    {
        var contact = new ContactState(id);
        contacts.Add(contact);
        (places[place], hashes[place]) = (contacts.Count, hash);
        if (contacts.Count * 2 > places.Length) Grow();
        return contact;
    }

    void Grow()
    {
        (int[] oldPlaces, ulong[] oldHashes) = (places, hashes);
        (places, hashes) = (new int[oldPlaces.Length * 2], new ulong[oldPlaces.Length * 2]);
        for (int i = 0; i < oldPlaces.Length; i++)
        {
            if (oldPlaces[i] == 0) continue;
            int place = Place(oldHashes[i]);
            while (places[place] != 0) place = (place + 1) & (places.Length - 1);
            (places[place], hashes[place]) = (oldPlaces[i], oldHashes[i]);
        }
    }

    /// <summary>Ids of ASCII are compared without making a string.</summary>
    static bool IsSame(ReadOnlySpan<byte> utf8, string id) =>
        Ascii.IsValid(utf8) ? Ascii.Equals(utf8, id) : Encoding.UTF8.GetString(utf8) == id;
}
