using System;
using System.Text.Json;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>
/// Evidence as JSON: <c>{"says":…,"holds":…,"count":3,"number":…,"value":…,"last":…,"oldest":…,"since":…,"steps":…,"until":…,"parts":[…]}</c>; what was
/// not observed is left out. <c>says</c> is the condition in words, instants are RFC 3339. The outermost has <c>words</c> where it holds: what
/// was observed, in a sentence.
/// </summary>
public static class EvidenceJson
{
    /// <summary>Writes the evidence as one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="evidence">The evidence.</param>
    public static void Write(Utf8JsonWriter json, Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(evidence);
        Write(json, evidence, isOutermost: true);
    }

    static void Write(Utf8JsonWriter json, Evidence evidence, bool isOutermost)
    {
        json.WriteStartObject();
        json.WriteString("says", evidence.Condition switch { AllOf => "all of", AnyOf => "any of", Not => "not", _ => ConditionWords.Of(evidence.Condition) });
        json.WriteBoolean("holds", evidence.Holds);
        if (isOutermost && evidence.Holds) json.WriteString("words", EvidenceWords.Why(evidence));
        if (evidence.Count is { } count) json.WriteNumber("count", count);
        if (evidence.IsAtLeast) json.WriteBoolean("orMore", true);
        if (evidence.Number is { } number) json.WriteNumber("number", number);
        if (!evidence.Value.IsMissing)
        {
            json.WritePropertyName("value");
            evidence.Value.WriteTo(json);
        }
        WriteInstant(json, "last", evidence.Last);
        WriteInstant(json, "oldest", evidence.Oldest);
        WriteInstant(json, "since", evidence.Since);
        if (evidence.Steps is { } steps) json.WriteNumber("steps", steps);
        WriteInstant(json, "until", evidence.Until);
        if (evidence.Parts.Count > 0)
        {
            json.WriteStartArray("parts");
            foreach (Evidence part in evidence.Parts) Write(json, part, isOutermost: false);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void WriteInstant(Utf8JsonWriter json, string name, long? instant)
    {
        if (instant is { } at && at > Instant.Earliest) json.WriteString(name, Instant.ToText(at));
    }
}
