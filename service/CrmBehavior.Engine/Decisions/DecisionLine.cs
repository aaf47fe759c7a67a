using System;
using System.Text.Json;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Decisions;

/// <summary>Writes a decision as the JSON line that `replay` prints and the decision log keeps.</summary>
public static class DecisionLine
{
    static readonly JsonEncodedText At = JsonEncodedText.Encode("at"), Contact = JsonEncodedText.Encode("contactId"), Definition = JsonEncodedText.Encode("definition"),
        Kind = JsonEncodedText.Encode("kind"), Effect = JsonEncodedText.Encode("effect"), Outcome = JsonEncodedText.Encode("outcome");

    /// <summary>Writes the line's object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="evidence">Writes why, where the decision carries it; null to leave it out.</param>
    public static void Write(Utf8JsonWriter json, Decision decision, Action<Utf8JsonWriter, Evidence>? evidence = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(decision);
        json.WriteStartObject();
        WriteInstant(json, At, decision.At);
        json.WriteString(Contact, decision.ContactId);
        json.WriteString(Definition, decision.Definition);
        json.WriteString(Kind, decision.Kind);
        json.WriteString(Effect, decision.Effect);
        if (decision.Version > 0) json.WriteNumber("version", decision.Version);
        if (decision.Entry is { } entry) json.WriteNumber("entry", entry);
        if (decision.Key != null) json.WriteString("key", decision.Key);
        if (decision.Step != null) json.WriteString("step", decision.Step);
        if (decision.Outcome != null) json.WriteString(Outcome, decision.Outcome);
        if (decision.Until is { } until) json.WriteString("until", Instant.ToText(until));
        if (decision.Action != null) json.WriteString("action", decision.Action);
        if (decision.Args is { } args)
        {
            json.WritePropertyName("args");
            args.WriteTo(json);
        }
        if (decision.By != null) json.WriteString("by", decision.By);
        if (decision.Winner is { } winner)
        {
            json.WriteStartObject("winner");
            json.WriteString("definition", winner.Definition);
            json.WriteString("step", winner.Step);
            json.WriteString("at", Instant.ToText(winner.At));
            json.WriteEndObject();
        }
        if (evidence != null)
        {
            json.WriteString("id", decision.Id);
            if (decision.Why != null) json.WriteString("why", decision.Why);
            if (decision.Because is { } because)
            {
                json.WritePropertyName("because");
                evidence(json, because);
            }
        }
        json.WriteEndObject();
    }

    static void WriteInstant(Utf8JsonWriter json, JsonEncodedText name, long instant)
    {
        Span<byte> text = stackalloc byte[24];
        json.WriteString(name, text[..Instant.Write(instant, text)]);
    }
}
