using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads journeys.</summary>
internal static class JourneyReader
{
    public static JourneyDefinition Read(Place place, string name)
    {
        place.IsObjectOf("a journey", "kind", "name", "category", "priority", "maxAge", "state", "onNewVersion", "trigger", "entry", "goal", "exit", "steps");
        if (!place.Has("steps")) place.Missing("steps", "what happens, a list");
        return new JourneyDefinition(name)
        {
            Category = place.Text("category", "what caps count its messages as", required: false),
            Priority = place.Whole("priority", "the priority", 0, 100) ?? 50,
            MaxAge = place.Duration("maxAge", "how old a cause may be"),
            Run = place.Word("state", "\"state\"", ["live", "paused", "draft"], "live") switch { "paused" => JourneyRun.Paused, "draft" => JourneyRun.Draft, _ => JourneyRun.Live },
            OnNewVersion = place.Word("onNewVersion", "\"onNewVersion\"", ["drain", "migrate", "restart"], "drain") switch
            {
                "migrate" => VersionChange.Migrate,
                "restart" => VersionChange.Restart,
                _ => VersionChange.Drain,
            },
            Trigger = place.Find("trigger") is { } trigger ? Trigger(trigger) : null,
            Entry = place.Find("entry") is { } entry ? Entry(entry) : new EntryRule(),
            Goal = place.Find("goal") is { } goal ? Goal(goal) : null,
            Exits = place.Find("exit") is { } exits ? Exits(exits) : [],
            Steps = place.Find("steps") is { } steps ? new StepReader().List(steps) : [],
        };
    }

    static Trigger? Trigger(Place place)
    {
        if (!place.IsEventOf("a trigger", "event", "where", "when")) return null;
        if (place.Has("event") == place.Has("when"))
        {
            if (!place.IsMisspelt("event", "when")) place.Error("a trigger has either \"event\", for every such event, or \"when\", for when a condition becomes true");
            return null;
        }
        if (place.Has("event")) return TestReader.Pattern(place) is { } pattern ? new Trigger(pattern, null) : null;
        if (place.Has("where")) place.At("where").Error("\"where\" belongs to \"event\"; in \"when\" it stands inside the condition");
        return ConditionReader.Read(place.At("when")) is { } when ? new Trigger(null, when) : null;
    }

    static EntryRule Entry(Place place)
    {
        if (!place.IsObjectOf("\"entry\"", "if", "key", "reentry", "rollout", "existing")) return new EntryRule();
        Reentry? reentry = null;
        if (place.Find("reentry") is { } at && at.IsObjectOf("\"reentry\"", "after", "max"))
        {
            reentry = new Reentry(at.Duration("after", "how soon again"), at.Whole("max", "how often in all", 1, 1_000_000));
        }
        double? rollout = place.Share("rollout", "a rollout", "0.25");
        bool existing = false;
        if (place.Find("existing") is { } flag)
        {
            existing = flag.Element.ValueKind == System.Text.Json.JsonValueKind.True;
            if (!existing && flag.Element.ValueKind != System.Text.Json.JsonValueKind.False) flag.Error("\"existing\" is true or false");
        }
        return new EntryRule
        {
            If = place.Find("if") is { } condition ? ConditionReader.Read(condition) : null,
            Key = place.Text("key", "the path of the key", required: false) is { } key ? new EventPath(key) : null,
            Reentry = reentry,
            Rollout = rollout,
            Existing = existing,
        };
    }

    static Goal? Goal(Place place)
    {
        if (!place.Has("when") && ConditionReader.IsForm(place))
        {
            place.Error("a goal has its condition under \"when\", as in {\"when\":{\"event\":\"order_completed\"},\"within\":\"7d\"}");
            return null;
        }
        if (!place.IsObjectOf("a goal", "when", "within")) return null;
        Condition? when = ConditionReader.Read(place, "when", "what the journey is for");
        long? within = place.Duration("within", "how long it counts as a conversion");
        return when == null ? null : new Goal(when, within);
    }

    static List<Exit> Exits(Place place)
    {
        var exits = new List<Exit>();
        foreach (Place item in place.Items("\"exit\""))
        {
            if (!item.Has("when") && ConditionReader.IsForm(item))
            {
                item.Error("an exit has its condition under \"when\", as in {\"when\":{\"segment\":\"customers\"},\"reason\":\"bought\"}");
                continue;
            }
            if (!item.IsObjectOf("an exit", "when", "after", "reason")) continue;
            if (item.Has("when") == item.Has("after"))
            {
                item.Error("an exit has either \"when\", a condition, or \"after\", a time from the start");
                continue;
            }
            string reason = item.Text("reason", "why", required: false) ?? "exit";
            Condition? when = item.Find("when") is { } condition ? ConditionReader.Read(condition) : null;
            long? after = item.Duration("after", "how long after the start");
            if (when != null || after != null) exits.Add(new Exit(when, after, reason));
        }
        return exits;
    }
}
