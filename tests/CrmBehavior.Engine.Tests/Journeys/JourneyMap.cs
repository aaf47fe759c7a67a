using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>A journey as authored, with its steps by what follows them.</summary>
internal sealed class JourneyMap
{
    readonly JsonObject source;

    public JourneyMap(string name, int version, JsonObject source)
    {
        this.source = source;
        (Name, Version) = (name, version);
        First = StepMap.Link(source["steps"]!.AsArray(), null);
    }

    public string Name { get; }

    public int Version { get; }

    public StepMap? First { get; }

    public string Trigger => (string)source["trigger"]!["event"]!;

    public bool IsPaused => (string?)source["state"] == "paused";

    public bool NeedsGold => source["entry"]?["if"] != null;

    public bool HasKey => source["entry"]?["key"] != null;

    public int Most => source["entry"]?["reentry"] is { } reentry ? (int?)reentry["max"] ?? int.MaxValue : 1;

    public long? After => Text.Duration(source["entry"]?["reentry"]?["after"]);

    public double? Rollout => (double?)source["entry"]?["rollout"];

    public bool HasGoal => source["goal"] != null;

    public long? GoalWithin => Text.Duration(source["goal"]?["within"]);

    public bool LeavesAtX => Exits.Any(e => e!["when"] != null);

    public long? ExitAfter => Text.Duration(Exits.FirstOrDefault(e => e!["after"] != null)?["after"]);

    JsonArray Exits => source["exit"] as JsonArray ?? [];
}

/// <summary>Reads what authors write.</summary>
internal static class Text
{
    public static long? Duration(JsonNode? text) => text == null ? null
        : long.Parse(((string)text!)[..^1], CultureInfo.InvariantCulture) * ((string)text!)[^1] switch { 'm' => 60_000, 'h' => 3_600_000, _ => 86_400_000 };

    public static DateTimeOffset Local(long instant, string zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(instant), TimeZoneInfo.FindSystemTimeZoneById(zone));
}
