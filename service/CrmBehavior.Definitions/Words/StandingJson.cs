using System.Text.Json;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>How definitions stand for a contact, as JSON; instants are RFC 3339, what is not known is left out.</summary>
public static class StandingJson
{
    /// <summary>Writes the standing as one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="standing">The standing.</param>
    public static void Write(Utf8JsonWriter json, DefinitionStanding standing)
    {
        json.WriteStartObject();
        switch (standing)
        {
            case SignalStanding signal:
                json.WriteBoolean("active", signal.IsActive);
                At(json, "activeUntil", signal.ActiveUntil);
                Condition(json, "when", signal.When);
                break;
            case SegmentStanding segment:
                json.WriteBoolean("in", segment.IsIn);
                Condition(json, "when", segment.When);
                break;
            case ScoreStanding score:
                json.WriteNumber("value", score.Value);
                Text(json, "grade", score.Grade);
                if (score.Next is { } next)
                {
                    json.WriteStartObject("next");
                    json.WriteString("grade", next.Grade);
                    json.WriteNumber("points", next.Points);
                    json.WriteEndObject();
                }
                if (score.Falls is { } falls)
                {
                    json.WriteStartObject("falls");
                    json.WriteString("grade", falls.Grade);
                    At(json, "at", falls.At);
                    json.WriteEndObject();
                }
                break;
            case JourneyStanding journey: Journey(json, journey); break;
            case PolicyStanding policy: Policy(json, policy); break;
        }
        json.WriteEndObject();
    }

    static void Journey(Utf8JsonWriter json, JourneyStanding journey)
    {
        json.WriteNumber("entries", journey.Entries);
        json.WriteBoolean("completed", journey.HasCompleted);
        json.WriteBoolean("converted", journey.HasConverted);
        At(json, "pausedUntil", journey.PausedUntil);
        Condition(json, "trigger", journey.Trigger);
        json.WriteStartArray("obstacles");
        foreach (EntryObstacle obstacle in journey.Obstacles)
        {
            json.WriteStartObject();
            json.WriteString("reason", obstacle.Reason);
            Text(json, "key", obstacle.Key);
            if (obstacle.Count is { } count) json.WriteNumber("count", count);
            if (obstacle.Draw is { } draw) json.WriteNumber("draw", draw);
            At(json, "until", obstacle.Until);
            Condition(json, "because", obstacle.Evidence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("enrollments");
        foreach (EnrollmentStanding enrollment in journey.Enrollments) Enrollment(json, enrollment);
        json.WriteEndArray();
    }

    static void Enrollment(Utf8JsonWriter json, EnrollmentStanding enrollment)
    {
        json.WriteStartObject();
        json.WriteNumber("entry", enrollment.Entry);
        Text(json, "key", enrollment.Key);
        if (enrollment.Version > 0) json.WriteNumber("version", enrollment.Version);
        At(json, "start", enrollment.Start);
        Text(json, "why", enrollment.Why);
        json.WriteString("rest", enrollment.Rest);
        Text(json, "step", enrollment.Step);
        At(json, "until", enrollment.Until);
        Text(json, "next", enrollment.Next);
        Text(json, "otherwise", enrollment.Otherwise);
        Text(json, "heldBy", enrollment.HeldBy);
        Condition(json, "waitsFor", enrollment.WaitsFor);
        Condition(json, "goal", enrollment.Goal);
        At(json, "goalUntil", enrollment.GoalUntil);
        json.WriteStartArray("exits");
        foreach (ExitStanding exit in enrollment.Exits)
        {
            json.WriteStartObject();
            json.WriteString("reason", exit.Reason);
            At(json, "due", exit.Due);
            Condition(json, "when", exit.Evidence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Policy(Utf8JsonWriter json, PolicyStanding policy)
    {
        json.WriteStartArray("rules");
        foreach (RuleStanding rule in policy.Rules)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Rule);
            Text(json, "by", rule.By);
            json.WriteBoolean("blocks", rule.Blocks);
            At(json, "until", rule.Until);
            if (rule.Used is { } used) json.WriteNumber("used", used);
            if (rule.Consent is { } consent) json.WriteBoolean("consent", consent);
            Condition(json, "if", rule.Evidence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Condition(Utf8JsonWriter json, string name, Evidence? evidence)
    {
        if (evidence == null) return;
        json.WritePropertyName(name);
        EvidenceJson.Write(json, evidence);
        if (evidence.Holds || EvidenceWords.Missing(evidence) is not { Count: > 0 } missing) return;
        json.WriteStartArray(name + "Missing");
        foreach (string one in missing) json.WriteStringValue(one);
        json.WriteEndArray();
    }

    static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text != null) json.WriteString(name, text);
    }

    static void At(Utf8JsonWriter json, string name, long? instant)
    {
        if (instant is { } at) json.WriteString(name, Instant.ToText(at));
    }
}
