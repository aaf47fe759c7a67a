using System;
using System.Text.Json;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Whose an event is, and when it happened; the rest is left unread.</summary>
/// <param name="Contact">The contact, or null.</param>
/// <param name="Visitor">The visitor, or null.</param>
/// <param name="At">When, milliseconds since 1970.</param>
public readonly record struct EventHead(string? Contact, string? Visitor, long At)
{
    /// <summary>Reads the head of an event.</summary>
    /// <param name="line">One event as JSON in UTF-8.</param>
    /// <returns>The head; null when this is no event.</returns>
    public static EventHead? Read(ReadOnlySpan<byte> line)
    {
        string? contact = null, visitor = null;
        long? at = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                int key = reader.ValueTextEquals("contactId"u8) ? 1 : reader.ValueTextEquals("anonymousId"u8) ? 2 : reader.ValueTextEquals("at"u8) ? 3 : 0;
                reader.Read();
                if (key > 0 && reader.TokenType == JsonTokenType.String)
                {
                    if (key == 1) contact = reader.GetString();
                    else if (key == 2) visitor = reader.GetString();
                    else if (Instant.TryParse(reader.ValueSpan, out long instant)) at = instant;
                }
                else reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        return at == null ? null : new EventHead(contact, visitor, at.Value);
    }
}
