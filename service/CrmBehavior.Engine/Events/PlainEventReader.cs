using System;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Events;

/// <summary>
/// The short way of <see cref="EventReader"/>, for events written as programs write them, with the name before what it decides on. Gives up
/// on everything else, mistakes included; what it accepts it reads as the long way does.
/// </summary>
internal sealed class PlainEventReader(Plan plan)
{
    /// <summary>Reads an event.</summary>
    /// <returns>False when the long way must be gone; the frame is then half filled.</returns>
    public bool TryRead(byte[] buffer, int start, int length, EventFrame frame)
    {
        var json = new PlainJson(buffer, start, start + length);
        bool isNamed = false, isTimed = false;
        if (!json.TryTake((byte)'{')) return false;
        do
        {
            if (!json.TryName(out ReadOnlySpan<byte> key)) return false;
            if (key.SequenceEqual("id"u8))
            {
                if (!TryText(ref json, buffer, out frame.IdText)) return false;
            }
            else if (key.SequenceEqual("name"u8))
            {
                if (!TryText(ref json, buffer, out Value name) || name.Utf8.IsEmpty) return false;
                EventShape shape = plan.Events.Find(name.Utf8);
                frame.Begin(shape);
                if (shape == plan.Events.Other) frame.NameLater(name);
                isNamed = true;
            }
            else if (key.SequenceEqual("at"u8))
            {
                if (!TryText(ref json, buffer, out Value at) || !Instant.TryParse(at.Utf8, out long instant)) return false;
                frame.At = instant;
                isTimed = true;
            }
            else if (key.SequenceEqual("contactId"u8))
            {
                if (!TryText(ref json, buffer, out frame.Contact)) return false;
            }
            else if (key.SequenceEqual("anonymousId"u8))
            {
                if (!TryText(ref json, buffer, out frame.Anonymous)) return false;
            }
            else if (key.SequenceEqual("properties"u8))
            {
                frame.PropertiesStart = json.At;
                if (!isNamed || json.Next != '{' || !TryTake(ref json, buffer, frame.Shape.Paths.Find(key), frame)) return false;
                frame.PropertiesLength = json.At - frame.PropertiesStart;
            }
            else if (key.SequenceEqual("traits"u8))
            {
                if (!TryTraits(ref json, buffer, frame)) return false;
            }
            else if (key.SequenceEqual("context"u8) || key.SequenceEqual("source"u8))
            {
                if (!isNamed || (plan.ToldZone >= 0 && json.Next == '{') || !TryTake(ref json, buffer, frame.Shape.Paths.Find(key), frame)) return false;
            }
            else if (key.SequenceEqual("order"u8) || !json.TrySkip())
            {
                return false;
            }
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)'}') && json.IsAtEnd && isNamed && isTimed;
    }

    /// <summary>Takes the values below a node of the tree; with none, steps over them.</summary>
    static bool TryTake(ref PlainJson json, byte[] buffer, PathTree? tree, EventFrame frame)
    {
        if (tree == null) return json.TrySkip();
        if (tree.Slot >= 0)
        {
            PlainJson here = json;
            if (!TryValue(ref json, buffer, out frame.Slots[tree.Slot])) return false;
            if (!tree.HasChildren) return true;
            json = here;
        }
        if (!json.TryTake((byte)'{')) return json.TrySkip();
        if (json.TryTake((byte)'}')) return true;
        do
        {
            if (!json.TryName(out ReadOnlySpan<byte> name)) return false;
            if (!TryTake(ref json, buffer, tree.Find(name), frame)) return false;
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)'}');
    }

    bool TryTraits(ref PlainJson json, byte[] buffer, EventFrame frame)
    {
        if (!json.TryTake((byte)'{')) return false;
        if (json.TryTake((byte)'}')) return true;
        do
        {
            if (!json.TryName(out ReadOnlySpan<byte> name)) return false;
            int trait = plan.Traits.Find(name);
            if (trait < 0)
            {
                if (!json.TrySkip()) return false;
                continue;
            }
            if (!TryValue(ref json, buffer, out Value value)) return false;
            frame.AddTrait(trait, value);
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)'}');
    }

    static bool TryText(ref PlainJson json, byte[] buffer, out Value value)
    {
        bool isText = json.TryText(out int start, out int length);
        value = Value.Slice(ValueKind.Text, buffer, start, length);
        return isText;
    }

    static bool TryValue(ref PlainJson json, byte[] buffer, out Value value)
    {
        value = default;
        switch (json.Next)
        {
            case (byte)'"': return TryText(ref json, buffer, out value);
            case (byte)'t':
                value = Value.True;
                return json.TryWord("true"u8);
            case (byte)'f':
                value = Value.False;
                return json.TryWord("false"u8);
            case (byte)'n': return json.TryWord("null"u8);
            case (byte)'{' or (byte)'[':
                ValueKind kind = json.Next == '[' ? ValueKind.List : ValueKind.Object;
                int from = json.At;
                if (!json.TrySkip()) return false;
                value = Value.Slice(kind, buffer, from, json.At - from);
                return true;
            default:
                if (!json.TryNumber(out double number)) return false;
                value = Value.Of(number);
                return true;
        }
    }
}
