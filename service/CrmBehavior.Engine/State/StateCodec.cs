using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.State;

/// <summary>
/// A contact's state as bytes, and back. The form is versioned; parts are named by the numbers of the plan's <see cref="StateLayout"/>
/// and carry their length, so that state written under one plan is read under another: what both have is kept, the rest is skipped.
/// </summary>
public sealed class StateCodec
{
    /// <summary>The form written by this version.</summary>
    const byte Form = 1;

    const byte Blocked = 1, HasJourneys = 2, HasTexts = 4, HasConsents = 8;

    readonly Plan plan;
    readonly HistoryNode?[] nodes;
    readonly CompiledDefinition?[] definitions;
    readonly Dictionary<int, int> traits;
    readonly int[] traitNumbers;
    readonly StateWriter writer = new();
    readonly StateWriter part = new();
    readonly JourneyCodec journeys;
    long[] order = new long[64];

    /// <summary>A codec for states of a plan; not for use by several threads at once.</summary>
    /// <param name="plan">The plan.</param>
    public StateCodec(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        traitNumbers = plan.TraitNumbers;
        traits = traitNumbers.Select((number, trait) => (number, trait)).ToDictionary(t => t.number, t => t.trait);
        nodes = new HistoryNode?[plan.Layout.Keys.Count];
        foreach (HistoryNode node in plan.Nodes) nodes[node.Number] = node;
        definitions = new CompiledDefinition?[plan.Layout.Keys.Count];
        foreach (CompiledDefinition definition in plan.Definitions) definitions[definition.Number] = definition;
        journeys = new JourneyCodec(plan, this);
    }

    /// <summary>The bytes of a state. Equal states give equal bytes.</summary>
    /// <param name="contact">A state of this plan.</param>
    /// <returns>The bytes.</returns>
    public byte[] Write(ContactState contact)
    {
        Fill(contact);
        return writer.Written.ToArray();
    }

    /// <summary>How many bytes <see cref="Write"/> would give.</summary>
    /// <param name="contact">A state of this plan.</param>
    /// <returns>Their number.</returns>
    public int Measure(ContactState contact)
    {
        Fill(contact);
        return writer.Length;
    }

    void Fill(ContactState contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        long now = contact.Now;
        writer.Clear();
        writer.Byte(Form);
        writer.Byte((byte)((contact.IsAddressBlocked ? Blocked : 0) | (contact.Journeys != null ? HasJourneys : 0)
            | (contact.History.NodesWithText.Count > 0 ? HasTexts : 0) | (contact.Consents.Entries.Count > 0 ? HasConsents : 0)));
        writer.Signed(now);
        writer.TimeOrNone(contact.First, now);
        writer.Count(contact.DecisionCount);
        WriteHistory(writer, contact.History, now);
        WriteDefinitions(in contact.Definitions, now);
        WriteTraits(contact.Traits, now);
        if (contact.Consents.Entries.Count > 0) WriteConsents(contact.Consents, now);
        if (contact.History.NodesWithText.Count > 0) WriteTexts(contact.History);
        if (contact.Journeys != null) journeys.Write(writer, contact.Journeys, now);
    }

    /// <summary>The state that bytes hold, as far as this plan has use for it.</summary>
    /// <param name="contactId">Id of the contact.</param>
    /// <param name="bytes">What <see cref="Write"/> wrote under this plan or an earlier one with the same layout.</param>
    /// <returns>The state.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged, or written by a later version of this program.</exception>
    public ContactState Read(string contactId, ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        byte form = reader.Byte();
        if (form != Form) throw new InvalidDataException($"The state of contact {contactId} has form {form}; this program reads form {Form}. Run the version that wrote it, or a later one.");
        byte flags = reader.Byte();
        long now = reader.Signed();
        var contact = new ContactState(contactId) { Now = now, First = reader.TimeOrNone(now), DecisionCount = reader.Long(), IsAddressBlocked = (flags & Blocked) != 0 };
        ReadHistory(ref reader, contact.History, now);
        ReadDefinitions(ref reader, ref contact.Definitions, now);
        ReadTraits(ref reader, ref contact.Traits, now);
        if ((flags & HasConsents) != 0) ReadConsents(ref reader, ref contact.Consents, now);
        if ((flags & HasTexts) != 0) ReadTexts(ref reader, contact.History);
        if ((flags & HasJourneys) != 0) contact.Journeys = journeys.Read(ref reader, now);
        return contact;
    }

    internal void WriteHistory(StateWriter to, NodeStore store, long now)
    {
        if (order.Length < store.Count) order = new long[store.Count * 2];
        int count = 0, last = 0;
        for (int i = 0; i < store.Count; i++)
        {
            HistoryNode node = plan.Nodes[store.NodeAt(i)];
            if (!node.IsSpent(store.RecordAt(i), now)) order[count++] = (long)node.Number << 32 | (uint)i;
        }
        Span<long> sorted = order.AsSpan(0, count);
        sorted.Sort();
        to.Count(count);
        foreach (long entry in sorted)
        {
            int place = (int)entry;
            HistoryNode node = plan.Nodes[store.NodeAt(place)];
            part.Clear();
            node.Write(part, store.RecordAt(place), now);
            to.Count(node.Number - last);
            last = node.Number;
            to.Bytes(part.Written);
        }
    }

    internal void ReadHistory(ref StateReader reader, NodeStore store, long now)
    {
        int count = reader.Count();
        int number = 0;
        for (int i = 0; i < count; i++)
        {
            number += reader.Count();
            var record = new StateReader(reader.Bytes());
            if (number < nodes.Length && nodes[number] is { } node) node.Read(ref record, store, now);
        }
    }

    void WriteDefinitions(in DefinitionStates states, long now)
    {
        part.Clear();
        if (order.Length < states.Count) order = new long[states.Count * 2];
        for (int i = 0; i < states.Count; i++) order[i] = (long)plan.Definitions[states.DefinitionAt(i)].Number << 32 | (uint)i;
        Span<long> sorted = order.AsSpan(0, states.Count);
        sorted.Sort();
        int count = 0, last = 0;
        foreach (long entry in sorted)
        {
            int place = (int)entry;
            int value = states.Value(place);
            long due = states.Due(place), until = states.Until(place);
            if (until <= now) until = Instant.None;
            if (value == 0 && due == Instant.Never && until == Instant.None) continue;
            int number = plan.Definitions[states.DefinitionAt(place)].Number;
            part.Count(number - last);
            last = number;
            part.Count(value << 2 | (due != Instant.Never ? 2 : 0) | (until != Instant.None ? 1 : 0));
            if (due != Instant.Never) part.Count(due - now);
            if (until != Instant.None) part.TimeOrNone(until, now);
            count++;
        }
        writer.Count(count);
        writer.Bytes(part.Written);
    }

    void ReadDefinitions(ref StateReader reader, ref DefinitionStates states, long now)
    {
        int count = reader.Count(), number = 0;
        var record = new StateReader(reader.Bytes());
        for (int i = 0; i < count; i++)
        {
            number += record.Count();
            long value = record.Long();
            long due = (value & 2) != 0 ? now + record.Long() : Instant.Never, until = (value & 1) != 0 ? record.TimeOrNone(now) : Instant.None;
            if (number >= definitions.Length || definitions[number] is not { } definition) continue;
            int place = states.Ensure(definition.Index);
            states.Value(place) = (int)(value >> 2);
            states.SetUntil(place, until);
            states.SetDue(place, due);
        }
    }

    void WriteTraits(in TraitStore store, long now)
    {
        writer.Count(store.Entries.Length);
        if (store.Entries.IsEmpty) return;
        foreach (TraitStore.Entry entry in store.Entries.ToArray().OrderBy(e => traitNumbers[e.Trait]))
        {
            writer.Count(traitNumbers[entry.Trait]);
            writer.Time(entry.At, now);
            writer.Signed(entry.Order);
            writer.Byte((byte)entry.Value.Kind);
            if (entry.Value.Kind == ValueKind.Number) writer.Number(entry.Value.Number);
            else if (entry.Value.Kind is ValueKind.Text or ValueKind.List or ValueKind.Object) writer.Bytes(entry.Value.Utf8);
        }
    }

    void ReadTraits(ref StateReader reader, ref TraitStore store, long now)
    {
        int count = reader.Count();
        for (int i = 0; i < count; i++)
        {
            int number = reader.Count();
            long at = reader.Time(now), order = reader.Signed();
            var kind = (ValueKind)reader.Byte();
            Value value = kind switch
            {
                ValueKind.Number => Value.Of(reader.Number()),
                ValueKind.True => Value.True,
                ValueKind.False => Value.False,
                ValueKind.Missing => default,
                _ => Kept(kind, reader.Bytes()),
            };
            if (traits.TryGetValue(number, out int trait)) store.Set(trait, value, at, order);
        }
    }

    static Value Kept(ValueKind kind, ReadOnlySpan<byte> bytes) => Value.Slice(kind, bytes.ToArray(), 0, bytes.Length);

    void WriteConsents(in ConsentStore store, long now)
    {
        writer.Count(store.Entries.Count);
        foreach (ConsentStore.Entry entry in store.Entries)
        {
            writer.Text(entry.Channel);
            writer.Text(entry.Purpose);
            writer.Time(entry.At, now);
            writer.Byte(entry.Granted ? (byte)1 : (byte)0);
        }
    }

    static void ReadConsents(ref StateReader reader, ref ConsentStore store, long now)
    {
        int count = reader.Count();
        for (int i = 0; i < count; i++) store.Load(reader.Text(), reader.Text(), reader.Time(now), reader.Byte() != 0);
    }

    void WriteTexts(NodeStore store)
    {
        int[] withText = [.. store.NodesWithText.Order()];
        writer.Count(withText.Length);
        foreach (int node in withText)
        {
            writer.Count(plan.Nodes[node].Number);
            writer.Bytes(store.TextOf(node));
        }
    }

    void ReadTexts(ref StateReader reader, NodeStore store)
    {
        int count = reader.Count();
        for (int i = 0; i < count; i++)
        {
            int number = reader.Count();
            ReadOnlySpan<byte> text = reader.Bytes();
            if (number < nodes.Length && nodes[number] is { } node) store.SetText(node.Index, text.ToArray());
        }
    }
}
