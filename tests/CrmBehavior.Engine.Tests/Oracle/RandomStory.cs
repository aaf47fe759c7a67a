using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Engine.Tests.Oracle;

/// <summary>A rulebook and a stream of events made by chance; the same seed makes the same story.</summary>
internal sealed class RandomStory
{
    static readonly string[] Names = ["a", "b", "c", "d"];
    static readonly string[] Windows = ["10m", "30m", "1h", "2h", "6h", "1d", "90m"];
    static readonly string[] Texts = ["red", "Red", "RED", "green", "blue", "7", "7.0", "Grün", "grÜn", ""];

    readonly Random random;
    readonly List<JsonObject> definitions = [];

    public RandomStory(int seed)
    {
        random = new Random(seed);
        bool local = Chance(15);
        int scores = random.Next(3), others = 1 + random.Next(6);
        for (int i = 0; i < scores; i++) definitions.Add(Score("s" + i));
        for (int i = 0; i < others; i++) definitions.Add(Conditional(i, local));
        Definitions = [.. definitions.Select(Read)];
        Events = [.. Stream(5 + random.Next(45), local).Select(Read)];
    }

    public IReadOnlyList<JsonObject> Definitions { get; }

    public IReadOnlyList<JsonObject> Events { get; }

    /// <summary>As read from a file, so that numbers convert as there.</summary>
    static JsonObject Read(JsonObject made) => JsonNode.Parse(made.ToJsonString())!.AsObject();

    bool Chance(int percent) => random.Next(100) < percent;

    T One<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    JsonObject Score(string name)
    {
        var score = new JsonObject { ["kind"] = "score", ["name"] = name };
        if (Chance(80)) score["halfLife"] = One(["1h", "3h", "1d"]);
        if (Chance(50)) (score["min"], score["max"]) = (-random.Next(2) * 20, 20 + random.Next(4) * 20);
        var points = new JsonArray();
        for (int i = 0, n = 1 + random.Next(3); i < n; i++)
        {
            JsonObject row = Pattern(false);
            row["add"] = One([1.0, 5, 10, 30, -8, 2.5]);
            if (Chance(35)) row["cap"] = new JsonObject { ["max"] = 1 + random.Next(3), ["per"] = One(Windows) };
            points.Add(row);
        }
        score["points"] = points;
        if (Chance(80)) score["grades"] = new JsonArray(new JsonObject { ["name"] = "low", ["from"] = Chance(50) ? 0 : -5 }, new JsonObject { ["name"] = "mid", ["from"] = 5 }, new JsonObject { ["name"] = "high", ["from"] = 20 });
        return score;
    }

    JsonObject Conditional(int number, bool local)
    {
        bool isSignal = Chance(50);
        var definition = new JsonObject { ["kind"] = isSignal ? "signal" : "segment", ["name"] = (isSignal ? "f" : "g") + number, ["when"] = Condition(0, number, local) };
        if (isSignal && Chance(40)) definition["for"] = One(Windows);
        return definition;
    }

    /// <summary>An event and filter; also what definitions made before raise.</summary>
    JsonObject Pattern(bool mayBeRaised)
    {
        string name = One(Names);
        if (mayBeRaised && Chance(15) && Raised().ToArray() is { Length: > 0 } raised)
        {
            var listens = new JsonObject { ["event"] = One(raised) };
            if (Chance(30)) listens["where"] = new JsonObject { ["source"] = Chance(70) ? "Engine" : new JsonObject { ["ne"] = "engine" } };
            return listens;
        }
        var pattern = new JsonObject { ["event"] = name };
        if (!Chance(45)) return pattern;
        var where = new JsonObject();
        for (int i = 0, n = 1 + random.Next(2); i < n; i++) where[One(["p", "q", "properties.p", "deep.x"])] = Test();
        pattern["where"] = where;
        return pattern;
    }

    IEnumerable<string> Raised()
    {
        foreach (JsonObject definition in definitions)
        {
            string name = (string)definition["name"]!;
            switch ((string)definition["kind"]!)
            {
                case "signal": yield return "signal:" + name; break;
                case "segment":
                    yield return "segment_entered:" + name;
                    yield return "segment_left:" + name;
                    break;
                case "score" when definition["grades"] != null: yield return $"score:{name}:mid"; break;
            }
        }
    }

    JsonNode Test() => random.Next(9) switch
    {
        0 => JsonValue.Create(One(Texts))!,
        1 => JsonValue.Create(random.Next(4) * 3)!,
        2 => new JsonObject { [One(["gt", "gte", "lt", "lte"])] = random.Next(10) },
        3 => new JsonObject { ["in"] = new JsonArray(One(Texts), random.Next(9), true) },
        4 => new JsonObject { ["ne"] = One(Texts) },
        5 => new JsonObject { [One(["startsWith", "endsWith", "contains"])] = One(["r", "RE", "n", "ü", "7"]) },
        6 => new JsonObject { ["exists"] = Chance(50) },
        7 => new JsonObject { ["gte"] = random.Next(5), ["lt"] = 5 + random.Next(5) },
        _ => new JsonObject { ["nin"] = new JsonArray(One(Texts), random.Next(9)) },
    };

    JsonNode Count() => random.Next(7) switch
    {
        0 or 1 => JsonValue.Create(1 + random.Next(4))!,
        2 => new JsonObject { ["eq"] = random.Next(3) },
        3 => new JsonObject { ["lt"] = 1 + random.Next(3) },
        4 => new JsonObject { ["gte"] = 1, ["lte"] = 2 + random.Next(2) },
        5 => new JsonObject { ["in"] = new JsonArray(1, 3) },
        _ => new JsonObject { [One(["gt", "ne", "lte"])] = random.Next(3) },
    };

    JsonObject Condition(int depth, int number, bool local)
    {
        int pick = random.Next(depth < 2 ? 16 : 13);
        switch (pick)
        {
            case 0 or 1 or 2:
                JsonObject count = Pattern(true);
                if (Chance(75)) count["within"] = One(Windows);
                if (Chance(70)) count["count"] = Count();
                return count;
            case 3 or 4:
                JsonObject aggregate = Pattern(true);
                string of = One(["sum", "avg", "min", "max", "distinct"]);
                aggregate[of] = One(["p", "q", "properties.q"]);
                if (Chance(75)) aggregate["within"] = One(Windows);
                aggregate["is"] = of is "sum" or "avg" ? new JsonObject { [One(["gt", "gte", "lt", "lte"])] = random.Next(15) } : Count();
                return aggregate;
            case 5 or 6:
                var steps = new JsonArray();
                for (int i = 0, n = 1 + random.Next(3); i < n; i++) steps.Add(Pattern(true));
                var sequence = new JsonObject { ["sequence"] = steps };
                if (Chance(75)) sequence["within"] = One(Windows);
                if (Chance(50)) sequence["unless"] = Pattern(true);
                return sequence;
            case 7: return new JsonObject { ["absent"] = Pattern(true), ["for"] = One(Windows) };
            case 8 or 9: return new JsonObject { ["absent"] = Pattern(true), ["for"] = One(Windows), ["since"] = Pattern(true) };
            case 10:
                var trait = new JsonObject { ["trait"] = One(["t", "u"]) };
                foreach ((string op, JsonNode? operand) in Test() is JsonObject tests ? tests : new JsonObject { ["eq"] = 7 }) trait[op] = operand!.DeepClone();
                return trait;
            case 11 when definitions.Any(d => (string)d["kind"]! == "score"):
                return new JsonObject { ["score"] = (string)One([.. definitions.Where(d => (string)d["kind"]! == "score")])["name"]!, [One(["gt", "gte", "lt", "lte"])] = One([1.0, 5, 12.5, 20, 0]) };
            case 12 when definitions.Any(d => (string)d["kind"]! != "score"):
                JsonObject other = One([.. definitions.Where(d => (string)d["kind"]! != "score")]);
                return new JsonObject { [(string)other["kind"]!] = (string)other["name"]! };
            case 11: return new JsonObject { ["consent"] = "email", ["purpose"] = One(["marketing", "news"]) };
            case 12 when local:
                var time = new JsonObject { ["zone"] = One(["contact", "Europe/Berlin", "Australia/Lord_Howe"]) };
                if (Chance(60)) time["weekday"] = new JsonArray("sat", "sun", "mon");
                if (time.Count == 1 || Chance(60)) time["between"] = Chance(50) ? new JsonArray("01:00", "02:30") : new JsonArray("22:00", "03:00");
                return time;
            case 13: return new JsonObject { ["not"] = Condition(depth + 1, number, local) };
            default:
                var parts = new JsonArray();
                for (int i = 0, n = 1 + random.Next(3); i < n; i++) parts.Add(Condition(depth + 1, number, local));
                return new JsonObject { [One(["all", "any"])] = parts };
        }
    }

    /// <summary>Events on a coarse grid, so that windows end at inputs; late, repeated and simultaneous ones among them.</summary>
    IEnumerable<JsonObject> Stream(int count, bool local)
    {
        // The night in which the clocks of Berlin change, for stories that read the clock.
        long now = local ? 1774731600000 : 1767571200000;
        for (int i = 0; i < count; i++)
        {
            now += random.Next(4) switch { 0 => 0, 1 => 600_000, 2 => random.Next(12) * 600_000L, _ => random.Next(7_200_000) };
            long at = Chance(20) ? now - random.Next(18) * 600_000L : now;
            var line = new JsonObject { ["id"] = Chance(6) && i > 0 ? "e" + random.Next(i) : "e" + i, ["name"] = One(Names), ["at"] = at };
            if (Chance(80)) line["properties"] = Properties();
            if (Chance(20)) line["traits"] = new JsonObject { [One(["t", "u"])] = Value() };
            if (local && Chance(15)) line["traits"] = new JsonObject { ["timeZone"] = One(["Europe/Berlin", "America/New_York", "Nowhere/At_All"]) };
            if (Chance(6))
            {
                line["name"] = One(["consent_changed", "email_unsubscribed", "email_complained"]);
                line["properties"] = Chance(50) ? new JsonObject { ["granted"] = Chance(70) } : new JsonObject { ["granted"] = Chance(70), ["purpose"] = One(["marketing", "news"]) };
            }
            yield return line;
        }
    }

    JsonObject Properties()
    {
        var properties = new JsonObject();
        if (Chance(70)) properties["p"] = Value();
        if (Chance(70)) properties["q"] = Value();
        if (Chance(15)) properties["deep"] = new JsonObject { ["x"] = Value() };
        return properties;
    }

    JsonNode? Value() => random.Next(10) switch
    {
        0 or 1 or 2 => JsonValue.Create(random.Next(10)),
        3 or 4 => JsonValue.Create(One(Texts)),
        5 => JsonValue.Create(random.Next(40) / 4.0),
        6 => JsonValue.Create(Chance(50)),
        7 => null,
        8 => new JsonArray(One(Texts), random.Next(9)),
        _ => JsonValue.Create(One(["3", "3.0", "03", "1e1", "-2", ""])),
    };
}
