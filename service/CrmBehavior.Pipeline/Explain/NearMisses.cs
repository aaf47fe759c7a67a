using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Events that a definition names, but whose filter they do not pass.</summary>
/// <param name="Event">The event with its filter.</param>
/// <param name="Heard">How many events of that name there were.</param>
/// <param name="Missed">How many of them do not pass.</param>
/// <param name="At">When the latest of these happened.</param>
/// <param name="Failed">The tests that it fails, with what it has there.</param>
public sealed record NearMiss(EventPattern Event, int Heard, int Missed, long At, IReadOnlyList<(PathTest Test, Value Value)> Failed);

/// <summary>Looks through a contact's events for those that nearly counted.</summary>
internal static class NearMisses
{
    public static IReadOnlyList<NearMiss> Of(Definition definition, IReadOnlyList<byte[]> events)
    {
        EventPattern[] patterns = [.. Patterns(definition).Where(p => p.Where.Count > 0).DistinctBy(p => (p.Name, string.Join('|', p.Where.Select(w => w.Path.Text))))];
        if (patterns.Length == 0) return [];
        var found = new NearMiss?[patterns.Length];
        int[] heard = new int[patterns.Length];
        foreach (byte[] body in events)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("name", out JsonElement name) || !root.TryGetProperty("at", out JsonElement time) || !Instant.TryParse(time.GetString() ?? "", out long at)) continue;
            for (int i = 0; i < patterns.Length; i++)
            {
                if (!name.ValueEquals(patterns[i].Name)) continue;
                heard[i]++;
                (PathTest, Value)[] failed = [.. patterns[i].Where.Select(t => (Test: t, Value: At(root, t.Path).Copy())).Where(t => !t.Test.Test.Passes(t.Value))];
                if (failed.Length > 0) found[i] = new NearMiss(patterns[i], 0, (found[i]?.Missed ?? 0) + 1, Math.Max(at, found[i]?.At ?? at), failed);
            }
        }
        return [.. found.Select((miss, i) => miss == null ? null : miss with { Heard = heard[i] }).OfType<NearMiss>()];
    }

    static IEnumerable<EventPattern> Patterns(Definition definition) => definition switch
    {
        SignalDefinition signal => References.Events(signal.When),
        SegmentDefinition segment => References.Events(segment.When),
        ScoreDefinition score => score.Points.Select(p => p.Event),
        JourneyDefinition { Trigger.Event: { } pattern } => [pattern],
        JourneyDefinition { Trigger.When: { } when } => References.Events(when),
        _ => [],
    };

    static Value At(JsonElement element, EventPath path)
    {
        foreach (string part in path.Parts)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element)) return default;
        }
        return Value.Of(element);
    }
}
