using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>Journeys, a policy and a stream of events made by chance; the same seed makes the same story.</summary>
internal sealed class JourneyStory
{
    static readonly string[] Spans = ["10m", "30m", "1h", "2h", "6h", "1d"];

    readonly Random random;
    int steps;

    public JourneyStory(int seed)
    {
        random = new Random(seed);
        JsonObject[] journeys = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Journey("j" + i))];
        JsonObject[] others = [Template("t0", "promo"), Template("t1", "news"), Template("t2", "service", "transactional"), .. Chance(80) ? [Policy()] : Array.Empty<JsonObject>()];
        First = [.. journeys.Concat(others).Select(Read)];
        // A new version of one journey, with other steps; the others stay.
        int changed = random.Next(journeys.Length);
        Second = [.. journeys.Select((j, i) => i == changed ? Journey("j" + i) : j).Concat(others).Select(Read)];
        Changed = "j" + changed;
        Events = [.. Stream(5 + random.Next(40)).Select(Read)];
    }

    public IReadOnlyList<JsonObject> First { get; }

    public IReadOnlyList<JsonObject> Second { get; }

    /// <summary>The journey that has another version in <see cref="Second"/>.</summary>
    public string Changed { get; }

    public IReadOnlyList<JsonObject> Events { get; }

    static JsonObject Read(JsonObject made) => JsonNode.Parse(made.ToJsonString())!.AsObject();

    bool Chance(int percent) => random.Next(100) < percent;

    T One<T>(params T[] list) => list[random.Next(list.Length)];

    JsonObject Journey(string name)
    {
        steps = 0;
        var journey = new JsonObject { ["kind"] = "journey", ["name"] = name, ["priority"] = One(40, 50, 60), ["trigger"] = new JsonObject { ["event"] = One("a", "b") } };
        if (Chance(4)) journey["state"] = "paused";
        var entry = new JsonObject();
        if (Chance(20)) entry["if"] = new JsonObject { ["trait"] = "tier", ["eq"] = "gold" };
        if (Chance(25)) entry["key"] = "order";
        if (Chance(80)) entry["reentry"] = Reentry();
        if (Chance(20)) entry["rollout"] = One(0.3, 0.8);
        if (entry.Count > 0) journey["entry"] = entry;
        if (Chance(50))
        {
            journey["goal"] = new JsonObject { ["when"] = new JsonObject { ["event"] = "g" } };
            if (Chance(60)) journey["goal"]!["within"] = One("1h", "6h", "2d");
        }
        var exits = new JsonArray();
        if (Chance(40)) exits.Add(new JsonObject { ["when"] = new JsonObject { ["event"] = "x" }, ["reason"] = "left" });
        if (Chance(30)) exits.Add(new JsonObject { ["after"] = One("2h", "1d"), ["reason"] = "late" });
        if (exits.Count > 0) journey["exit"] = exits;
        journey["steps"] = Steps(0);
        return journey;
    }

    JsonObject Reentry()
    {
        var reentry = new JsonObject();
        if (Chance(40)) reentry["max"] = 1 + random.Next(3);
        if (Chance(40)) reentry["after"] = One(Spans);
        return reentry;
    }

    JsonArray Steps(int depth)
    {
        var list = new JsonArray();
        for (int i = 0, n = 1 + random.Next(depth == 0 ? 4 : 2); i < n; i++) list.Add(Step(depth));
        return list;
    }

    JsonObject Step(int depth)
    {
        var step = new JsonObject { ["id"] = "s" + steps++ };
        switch (random.Next(depth < 2 ? 11 : 7))
        {
            case 0 or 1: step["wait"] = One(Spans); break;
            case 2:
                var wait = new JsonObject { ["until"] = One("09:00", "17:30"), ["zone"] = One("Europe/Berlin", "America/New_York") };
                if (Chance(50)) wait["for"] = One(Spans);
                if (Chance(40)) wait["weekday"] = new JsonArray("tue", "thu");
                step["wait"] = wait;
                break;
            case 3 or 4: step["sendEmail"] = new JsonObject { ["template"] = One("t0", "t1", "t2") }; break;
            case 5: step[One("addTag", "removeTag")] = "Seen"; break;
            case 6 when Chance(60): step["pause"] = new JsonObject { ["journeys"] = new JsonArray("j0"), ["for"] = One("1h", "1d") }; break;
            case 6: step["sendEmail"] = new JsonObject { ["template"] = "t0" }; break;
            case 7 or 8:
                step["waitFor"] = new JsonObject { ["event"] = "c" };
                step["atMost"] = One(Spans);
                Arm(step, "then", depth);
                Arm(step, "else", depth);
                break;
            case 9:
                var arms = new JsonArray(new JsonObject { ["name"] = "gold", ["if"] = new JsonObject { ["trait"] = "tier", ["eq"] = "gold" }, ["then"] = Steps(depth + 1) });
                if (Chance(50)) arms.Add(new JsonObject { ["else"] = Steps(depth + 1) });
                step["branch"] = arms;
                break;
            default:
                step["split"] = new JsonArray(
                    new JsonObject { ["name"] = "a", ["weight"] = 1, ["then"] = Steps(depth + 1) },
                    new JsonObject { ["name"] = "b", ["weight"] = 1 + random.Next(3), ["then"] = Steps(depth + 1) });
                break;
        }
        return step;
    }

    void Arm(JsonObject step, string name, int depth)
    {
        if (Chance(70)) step[name] = Steps(depth + 1);
    }

    static JsonObject Template(string name, string category, string? purpose = null)
    {
        var template = new JsonObject { ["kind"] = "template", ["name"] = name, ["category"] = category, ["subject"] = name, ["html"] = $"<p>{name}</p>" };
        if (purpose != null) template["purpose"] = purpose;
        return template;
    }

    JsonObject Policy()
    {
        var policy = new JsonObject { ["kind"] = "policy", ["name"] = "courtesy" };
        if (Chance(50)) policy["deferAtMost"] = One("6h", "1d");
        if (Chance(60)) policy["quietHours"] = new JsonArray(new JsonObject { ["from"] = "21:00", ["to"] = "08:00", ["zone"] = "Europe/Berlin" });
        var caps = new JsonArray();
        for (int i = random.Next(3); i > 0; i--)
        {
            var cap = new JsonObject { ["name"] = "cap" + i, ["max"] = 1 + random.Next(2), ["per"] = One("1h", "6h", "1d") };
            if (Chance(40)) cap["category"] = One("promo", "news");
            if (Chance(60)) cap["then"] = "defer";
            caps.Add(cap);
        }
        if (caps.Count > 0) policy["caps"] = caps;
        return policy;
    }

    /// <summary>Events on a coarse grid, so that waits end at inputs; late, repeated and simultaneous ones among them.</summary>
    IEnumerable<JsonObject> Stream(int count)
    {
        long now = 1767600000000;
        for (int i = 0; i < count; i++)
        {
            now += random.Next(5) switch { 0 => 0, 1 => 600_000, 2 => random.Next(24) * 600_000L, 3 => random.Next(7_200_000), _ => random.Next(8) * 3_600_000L };
            var line = new JsonObject
            {
                ["id"] = Chance(5) && i > 0 ? "e" + random.Next(i) : "e" + i,
                ["name"] = One("a", "a", "b", "c", "c", "g", "x", "other"),
                ["at"] = Chance(15) ? now - random.Next(18) * 600_000L : now,
            };
            if (Chance(50)) line["properties"] = new JsonObject { ["order"] = One("o1", "o2") };
            if (Chance(20)) line["traits"] = new JsonObject { ["tier"] = One("gold", "basic") };
            yield return line;
        }
    }
}
