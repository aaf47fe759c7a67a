using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Pipeline.Replay;

/// <summary>The contacts of a replay, found by the bytes of their ids as they stand in the line.</summary>
internal sealed class ContactTable
{
    struct Place
    {
        public ulong Hash;
        public ContactState? Contact;
    }

    readonly List<ContactState> contacts = [];
    readonly StateRoom room = new();
    // In open addressing; a place without contact is free.
    Place[] places = new Place[1024];

    /// <summary>All, in the order in which they were met.</summary>
    public IReadOnlyCollection<ContactState> All => contacts;

    /// <summary>The same, one after the other in memory; until the next is met.</summary>
    public ReadOnlySpan<ContactState> Span => CollectionsMarshal.AsSpan(contacts);

    /// <summary>Has the processor fetch the place at which a contact will be looked for.</summary>
    public void Fetch(ulong hash) => CacheLine.Fetch(ref places[IndexOf(hash)]);

    /// <summary>The contact that will very likely be found for a hash, or null.</summary>
    public ContactState? Guess(ulong hash)
    {
        ref Place place = ref places[IndexOf(hash)];
        return place.Hash == hash ? place.Contact : null;
    }

    /// <summary>The contact with an id, made when it is met for the first time.</summary>
    /// <param name="id">The id.</param>
    /// <param name="hash">Its hash.</param>
    public ContactState Of(ReadOnlySpan<byte> id, ulong hash)
    {
        for (int i = IndexOf(hash); ; i = (i + 1) & (places.Length - 1))
        {
            ref Place place = ref places[i];
            if (place.Contact == null) return Add(ref place, hash, Encoding.UTF8.GetString(id));
            if (place.Hash == hash && IsSame(id, place.Contact.Id)) return place.Contact;
        }
    }

    int IndexOf(ulong hash) => (int)(hash & (uint)(places.Length - 1));

    ContactState Add(ref Place place, ulong hash, string id)
    {
        var contact = new ContactState(id, room);
        contacts.Add(contact);
        place = new Place { Hash = hash, Contact = contact };
        if (contacts.Count * 2 > places.Length) Grow();
        return contact;
    }

    void Grow()
    {
        Place[] old = places;
        places = new Place[old.Length * 2];
        foreach (Place place in old)
        {
            if (place.Contact == null) continue;
            int i = IndexOf(place.Hash);
            while (places[i].Contact != null) i = (i + 1) & (places.Length - 1);
            places[i] = place;
        }
    }

    /// <summary>Ids of ASCII are compared without making a string.</summary>
    static bool IsSame(ReadOnlySpan<byte> utf8, string id) =>
        Ascii.IsValid(utf8) ? Ascii.Equals(utf8, id) : Encoding.UTF8.GetString(utf8) == id;
}
