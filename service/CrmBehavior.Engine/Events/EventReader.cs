using System;
using System.Text.Json;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Events;

/// <summary>
/// Reads the JSON of one event into a frame, taking only what the plan asks for. The form is that of `replay` and of the event log:
/// <c>{"id":…,"name":…,"at":…,"contactId":…,"properties":{…},"traits":{…},"context":{…},"source":…}</c>, keys in any order.
/// </summary>
public sealed class EventReader
{
    static readonly Value FromEngine = Value.Of("engine"), FromMail = Value.Of("mail");

    readonly Plan plan;
    readonly PlainEventReader? plain;
    byte[] unescaped = new byte[1024];
    int unescapedLength;

    /// <summary>A reader for a plan; not for use by several threads at once.</summary>
    /// <param name="plan">The plan.</param>
    public EventReader(Plan plan) : this(plan, withShortWay: true)
    {
    }

    /// <summary>A reader that may be kept from the short way, to be compared with one that goes it.</summary>
    internal EventReader(Plan plan, bool withShortWay)
    {
        this.plan = plan;
        if (withShortWay) plain = new PlainEventReader(plan);
    }

    /// <summary>Reads an event.</summary>
    /// <param name="buffer">The bytes; the frame looks into them until it is filled again.</param>
    /// <param name="start">Where the JSON begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="frame">Is filled.</param>
    /// <param name="problem">What is wrong and what to write instead, or null.</param>
    /// <returns>False when the text is no event.</returns>
    public bool TryRead(byte[] buffer, int start, int length, EventFrame frame, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Clear(buffer);
        unescapedLength = 0;
        problem = null;
        if (plain != null)
        {
            if (plain.TryRead(buffer, start, length, frame)) return true;
            frame.Clear(buffer);
        }
        try
        {
            problem = Read(buffer, start, length, frame);
        }
        catch (JsonException e)
        {
            problem = $"this is no JSON (byte {e.BytePositionInLine}): {Sentence(e.Message)}";
        }
        catch (InvalidOperationException)
        {
            problem = "a text holds bytes that are no valid UTF-8 or half of a surrogate pair";
        }
        return problem == null;
    }

    string? Read(byte[] buffer, int start, int length, EventFrame frame)
    {
        var reader = new Utf8JsonReader(new ReadOnlySpan<byte>(buffer, start, length));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "an event is a JSON object";
        bool named = false, timed = false;
        int later = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                if (!TryText(ref reader, buffer, start, out frame.IdText)) return "\"id\" must be text";
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                if (!TryText(ref reader, buffer, start, out Value name) || name.Utf8.IsEmpty) return "\"name\" must be text";
                EventShape shape = plan.Events.Find(name.Utf8);
                frame.Begin(shape);
                if (shape == plan.Events.Other) frame.NameLater(name);
                named = true;
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                reader.Read();
                if (!TryText(ref reader, buffer, start, out Value at) || !Instant.TryParse(at.Utf8, out long instant)) return "\"at\" must be an RFC 3339 instant, as in \"2026-01-05T10:00:00Z\"";
                frame.At = instant;
                timed = true;
            }
            else if (reader.ValueTextEquals("contactId"u8))
            {
                reader.Read();
                if (!TryText(ref reader, buffer, start, out frame.Contact)) return "\"contactId\" must be text";
            }
            else if (reader.ValueTextEquals("anonymousId"u8))
            {
                reader.Read();
                if (!TryText(ref reader, buffer, start, out frame.Anonymous)) return "\"anonymousId\" must be text";
            }
            else if (reader.ValueTextEquals("order"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long order)) return "\"order\" must be a whole number";
                frame.Order = order;
            }
            else if (reader.ValueTextEquals("traits"u8))
            {
                reader.Read();
                if (ReadTraits(ref reader, buffer, start, frame) is { } wrong) return wrong;
            }
            else if (reader.ValueTextEquals("properties"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null)) return "\"properties\" must be an object";
                int from = (int)reader.TokenStartIndex;
                if (named)
                {
                    PathTree? tree = frame.Shape.Paths.Find("properties"u8);
                    if (tree != null && Take(ref reader, buffer, start, tree, frame) is { } wrong) return wrong;
                    if (tree == null) reader.Skip();
                }
                else
                {
                    // The name decides what is wanted; when it comes later, the values are taken in a second pass.
                    later = from;
                    reader.Skip();
                }
                frame.PropertiesStart = start + from;
                frame.PropertiesLength = (int)reader.BytesConsumed - from;
            }
            else if (reader.ValueTextEquals("context"u8) || reader.ValueTextEquals("source"u8))
            {
                PathTree? tree = named ? frame.Shape.Paths.Find(reader.ValueSpan) : null;
                if (!named) later = later < 0 ? (int)reader.TokenStartIndex : later;
                reader.Read();
                if (plan.ToldZone >= 0 && reader.TokenType == JsonTokenType.StartObject) ReadZone(reader, buffer, start, frame);
                if (tree == null) reader.Skip();
                else if (Take(ref reader, buffer, start, tree, frame) is { } wrong) return wrong;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (reader.TokenType != JsonTokenType.EndObject) return "an event is a JSON object";
        if (reader.Read()) return "there is more after the event; one event a line";
        if (!named) return "\"name\" is missing";
        if (!timed) return "\"at\" is missing; when did it happen?";
        return later >= 0 ? ReadAgain(buffer, start, length, frame) : null;
    }

    /// <summary>Takes values of an event whose name came after them.</summary>
    string? ReadAgain(byte[] buffer, int start, int length, EventFrame frame)
    {
        var reader = new Utf8JsonReader(new ReadOnlySpan<byte>(buffer, start, length));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            PathTree? tree = frame.Shape.Paths.Find(reader.ValueSpan);
            reader.Read();
            if (tree == null) reader.Skip();
            else if (Take(ref reader, buffer, start, tree, frame) is { } wrong) return wrong;
        }
        return null;
    }

    /// <summary>Takes the values below a node of the tree; the reader stands on the first token of the value and ends on its last.</summary>
    internal string? Take(ref Utf8JsonReader reader, byte[] buffer, int start, PathTree tree, EventFrame frame)
    {
        if (tree.Slot >= 0)
        {
            Utf8JsonReader here = reader;
            if (!TryValue(ref reader, buffer, start, out Value value)) return "a number is too large; numbers lie within ±1.8e308";
            frame.Slots[tree.Slot] = value;
            if (!tree.HasChildren) return null;
            reader = here;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            PathTree? child = null;
            foreach ((byte[] name, PathTree node) in tree.Children)
            {
                if (reader.ValueTextEquals(name))
                {
                    child = node;
                    break;
                }
            }
            reader.Read();
            if (child == null) reader.Skip();
            else if (Take(ref reader, buffer, start, child, frame) is { } wrong) return wrong;
        }
        return null;
    }

    /// <summary>Takes the zone that a browser or app tells in its context.</summary>
    void ReadZone(Utf8JsonReader reader, byte[] buffer, int start, EventFrame frame)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isZone = reader.ValueTextEquals("timezone"u8);
            reader.Read();
            if (isZone && TryText(ref reader, buffer, start, out Value zone)) frame.AddTrait(plan.ToldZone, zone);
            reader.Skip();
        }
    }

    string? ReadTraits(ref Utf8JsonReader reader, byte[] buffer, int start, EventFrame frame)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) return "\"traits\" must be an object";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int trait = plan.Traits.Find(ref reader);
            reader.Read();
            if (trait < 0) reader.Skip();
            else if (TryValue(ref reader, buffer, start, out Value value)) frame.AddTrait(trait, value);
            else return "a number is too large; numbers lie within ±1.8e308";
        }
        return null;
    }

    bool TryValue(ref Utf8JsonReader reader, byte[] buffer, int start, out Value value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                double number = reader.GetDouble();
                value = Value.Of(number);
                return double.IsFinite(number);
            case JsonTokenType.String:
                TryText(ref reader, buffer, start, out value);
                return true;
            case JsonTokenType.True:
                value = Value.True;
                return true;
            case JsonTokenType.False:
                value = Value.False;
                return true;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                ValueKind kind = reader.TokenType == JsonTokenType.StartArray ? ValueKind.List : ValueKind.Object;
                int from = (int)reader.TokenStartIndex;
                reader.Skip();
                value = Value.Slice(kind, buffer, start + from, (int)reader.BytesConsumed - from);
                return true;
            default:
                return true;
        }
    }

    bool TryText(ref Utf8JsonReader reader, byte[] buffer, int start, out Value value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String) return false;
        if (!reader.ValueIsEscaped)
        {
            value = Value.Slice(ValueKind.Text, buffer, start + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            return true;
        }
        int most = reader.ValueSpan.Length;
        // Values taken before look into the old array, which lives as long as they do.
        if (unescapedLength + most > unescaped.Length) (unescaped, unescapedLength) = (new byte[Math.Max(most, unescaped.Length * 2)], 0);
        int n = reader.CopyString(unescaped.AsSpan(unescapedLength));
        value = Value.Slice(ValueKind.Text, unescaped, unescapedLength, n);
        unescapedLength += n;
        return true;
    }

    static string Sentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    /// <summary>Fills a frame with an event that the engine itself raises, of a shape and with properties written as JSON.</summary>
    internal void ReadRaised(EventShape shape, byte[] properties, EventFrame frame)
    {
        frame.Begin(shape);
        frame.Buffer = properties;
        frame.PropertiesLength = properties.Length;
        unescapedLength = 0;
        // A mail that comes back is told by the mail system; all else that is raised, the engine tells.
        if (shape.Paths.Find("source"u8) is { Slot: >= 0 } source) frame.Slots[source.Slot] = shape == plan.EmailDelivered ? FromMail : FromEngine;
        if (properties.Length == 0 || shape.Paths.Find("properties"u8) is not { } tree) return;
        var reader = new Utf8JsonReader(properties);
        reader.Read();
        Take(ref reader, properties, 0, tree, frame);
    }
}
