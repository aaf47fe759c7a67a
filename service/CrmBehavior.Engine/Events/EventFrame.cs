using System;
using System.Text;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Events;

/// <summary>
/// One event as the plan sees it: its times, its subject, the values that patterns ask for. Filled by <see cref="EventReader"/> and used
/// again for the next event, so nothing is allocated per event; what is kept beyond it must be copied.
/// </summary>
public sealed class EventFrame
{
    internal Value[] Slots = new Value[16];
    internal TraitChange[] Traits = new TraitChange[8];
    internal int TraitCount;
    int[] matches = new int[16];
    int matchCount;
    Value otherName;
    internal byte[] Buffer = [];
    internal int PropertiesStart;
    internal int PropertiesLength;
    internal Value Contact;
    internal Value Anonymous;
    internal Value IdText;

    /// <summary>A trait that the event sets, or clears with a missing value.</summary>
    internal struct TraitChange
    {
        public int Trait;
        public Value Value;
    }

    /// <summary>What the plan wants of events of this name.</summary>
    internal EventShape Shape { get; private set; } = new("");

    /// <summary>When it happened, milliseconds since 1970.</summary>
    public long At { get; internal set; }

    /// <summary>Orders values of equal <see cref="At"/>: the row version of a CRM change, else 0.</summary>
    public long Order { get; internal set; }

    /// <summary>The name of the event.</summary>
    public string Name => otherName.IsMissing ? Shape.Name : otherName.ToString();

    /// <summary>Id of the contact it is about; empty when the line names none.</summary>
    public ReadOnlySpan<byte> ContactId => Contact.Utf8;

    /// <summary>Id of the visitor; empty when the line names none.</summary>
    public ReadOnlySpan<byte> AnonymousId => Anonymous.Utf8;

    /// <summary>Id of the event, the key against repeated delivery.</summary>
    public ReadOnlySpan<byte> Id => IdText.Utf8;

    /// <summary>The JSON of the event's properties as it was written; empty when there are none.</summary>
    internal ReadOnlySpan<byte> Properties => Buffer.AsSpan(PropertiesStart, PropertiesLength);

    internal ReadOnlySpan<int> Matches => matches.AsSpan(0, matchCount);

    internal bool IsMatch(int pattern)
    {
        foreach (int match in Matches)
        {
            if (match == pattern) return true;
        }
        return false;
    }

    internal void AddMatch(int pattern)
    {
        if (matchCount == matches.Length) Array.Resize(ref matches, matchCount * 2);
        matches[matchCount++] = pattern;
    }

    /// <summary>Makes room for an event of a shape, with every value missing.</summary>
    internal void Begin(EventShape shape)
    {
        Shape = shape;
        otherName = default;
        if (Slots.Length < shape.SlotCount) Slots = new Value[shape.SlotCount * 2];
        else Array.Clear(Slots, 0, shape.SlotCount);
        matchCount = 0;
    }

    /// <summary>Keeps the name of an event that nobody listens to; it is made a string only when asked for.</summary>
    internal void NameLater(in Value name) => otherName = name;

    /// <summary>Forgets the event before.</summary>
    internal void Clear(byte[] buffer)
    {
        Buffer = buffer;
        TraitCount = 0;
        matchCount = 0;
        PropertiesStart = PropertiesLength = 0;
        At = 0;
        Order = 0;
        Contact = Anonymous = IdText = default;
    }

    /// <summary>Says whose event it is, where the line names only a visitor.</summary>
    /// <param name="contactId">Id of the contact.</param>
    public void Rename(string contactId) => Contact = Value.Of(contactId);

    internal void AddTrait(int trait, in Value value)
    {
        if (TraitCount == Traits.Length) Array.Resize(ref Traits, TraitCount * 2);
        Traits[TraitCount++] = new TraitChange { Trait = trait, Value = value };
    }

    /// <summary>Value at a path of the shape, missing where nobody asks for it.</summary>
    internal Value ValueAt(string path)
    {
        int slot = Shape.FindSlot(path);
        return slot < 0 ? default : Slots[slot];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} of {Encoding.UTF8.GetString(ContactId)} at {Time.Instant.ToText(At)}";
}
