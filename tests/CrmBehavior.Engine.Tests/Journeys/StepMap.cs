using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>A step as authored, with what follows it.</summary>
internal sealed class StepMap(JsonObject source, StepMap? next)
{
    static readonly string[] Kinds = ["wait", "waitFor", "branch", "split", "sendEmail", "addTag", "removeTag", "pause"];

    public string Id => (string)source["id"]!;

    public string Kind { get; } = Kinds.Single(k => source[k] != null);

    public StepMap? Next => next;

    /// <summary>First steps by outcome; what follows the whole step where an arm is empty.</summary>
    public Dictionary<string, StepMap?> Arms { get; } = [];

    public long AtMost => Text.Duration(source["atMost"])!.Value;

    public string Template => (string)source["sendEmail"]!["template"]!;

    public long PauseFor => Text.Duration(source["pause"]!["for"])!.Value;

    public static StepMap? Link(JsonArray? steps, StepMap? after)
    {
        StepMap? first = after;
        foreach (JsonNode? step in (steps ?? []).Reverse())
        {
            first = new StepMap(step!.AsObject(), first);
            first.LinkArms();
        }
        return first;
    }

    void LinkArms()
    {
        if (Kind == "waitFor")
        {
            Arms["then"] = Link(source["then"] as JsonArray, next);
            Arms["else"] = Link(source["else"] as JsonArray, next);
        }
        foreach (JsonNode? arm in source[Kind] as JsonArray ?? [])
        {
            if (arm!["else"] is JsonArray otherwise) Arms["else"] = Link(otherwise, next);
            else Arms[(string)arm["name"]!] = Link(arm["then"]!.AsArray(), next);
        }
    }

    /// <summary>When a wait that begins now ends: local times minute by minute.</summary>
    public long WaitEnd(long now)
    {
        if (source["wait"] is not JsonObject wait) return now + Text.Duration(source["wait"])!.Value;
        long after = now + (Text.Duration(wait["for"]) ?? 0);
        TimeSpan time = TimeSpan.Parse((string)wait["until"]!, System.Globalization.CultureInfo.InvariantCulture);
        for (long minute = (after + 59_999) / 60_000 * 60_000; ; minute += 60_000)
        {
            DateTimeOffset local = Text.Local(minute, (string)wait["zone"]!);
            bool isDay = wait["weekday"] is not JsonArray days || days.Any(d => string.Equals((string)d!, local.DayOfWeek.ToString()[..3], StringComparison.OrdinalIgnoreCase));
            if (isDay && local.TimeOfDay == time) return minute;
        }
    }

    public string ArmOf(string journey, int entry)
    {
        var arms = source["split"]!.AsArray().Select(a => (Name: (string)a!["name"]!, Weight: (double)a["weight"]!)).ToList();
        double left = Chance.Of("split", journey, Id, "c", entry.ToString(System.Globalization.CultureInfo.InvariantCulture)) * arms.Sum(a => a.Weight);
        foreach ((string name, double weight) in arms)
        {
            left -= weight;
            if (left < 0) return name;
        }
        return arms[^1].Name;
    }
}
