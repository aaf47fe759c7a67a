using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Engine.Tests.Oracle;

/// <summary>
/// The language by its definition, over the whole history of one contact, with no cleverness: every condition is worked out anew from the
/// list of inputs, at every instant at which anything could change. Reads the JSON itself and shares no code with the engine.
/// </summary>
internal sealed class Oracle(IReadOnlyList<JsonObject> definitions)
{
    /// <summary>One thing that happened, in order of arrival.</summary>
    public sealed record Input(string Name, long At, long Now, JsonObject Properties, JsonObject Traits, string? Source = null);

    readonly List<Input> inputs = [];
    readonly HashSet<string> seen = [];
    readonly Queue<string> raised = new();
    readonly Dictionary<string, bool> holds = [];
    readonly Dictionary<string, long> until = [];
    readonly Dictionary<string, string> grades = [];
    readonly HashSet<string> active = [];
    readonly List<JsonObject> ordered = Order(definitions);
    readonly long[] durations = [.. definitions.SelectMany(Durations).Distinct()];

    long last = long.MinValue;

    /// <summary>Lines as "at kind name effect outcome".</summary>
    public List<string> Lines { get; } = [];

    public long Now => last;

    public void Handle(string id, string name, long at, JsonObject properties, JsonObject traits)
    {
        if (!seen.Add(id)) return;
        long now = Math.Max(at, last);
        RunTimers(now);
        last = now;
        inputs.Add(new Input(name, at, now, properties, traits));
        Settle(now);
    }

    public void RunTimers(long to)
    {
        if (inputs.Count == 0) return;
        while (true)
        {
            long next = Candidates().Where(c => c > last && c <= to).DefaultIfEmpty(long.MaxValue).Min();
            if (next == long.MaxValue) return;
            last = next;
            Settle(next);
        }
    }

    /// <summary>All definitions in their order, then what they raised, each an input of its own.</summary>
    void Settle(long now)
    {
        Judge(now);
        while (raised.TryDequeue(out string? name))
        {
            inputs.Add(new Input(name, now, now, [], [], "engine"));
            Judge(now);
        }
    }

    void Judge(long now)
    {
        foreach (JsonObject definition in ordered)
        {
            string kind = (string)definition["kind"]!, name = (string)definition["name"]!;
            if (kind == "score")
            {
                if (definition["grades"] is not JsonArray list || list.Count == 0) continue;
                string grade = GradeOf(list, Score(name, now));
                if (grade == (grades.TryGetValue(name, out string? before) ? before : GradeOf(list, 0))) continue;
                grades[name] = grade;
                Lines.Add($"{now} score {name} graded {grade}");
                raised.Enqueue($"score:{name}:{grade}");
                continue;
            }
            bool was = holds.GetValueOrDefault(kind + name), holdsNow = Holds(definition["when"]!.AsObject(), now);
            holds[kind + name] = holdsNow;
            if (kind == "segment")
            {
                if (was == holdsNow) continue;
                Lines.Add($"{now} segment {name} {(holdsNow ? "entered" : "left")} ");
                raised.Enqueue($"segment_{(holdsNow ? "entered" : "left")}:{name}");
                continue;
            }
            if (holdsNow && !was)
            {
                if (definition["for"] is { } least) until[name] = now + Duration((string)least!);
                Lines.Add($"{now} signal {name} fired ");
                raised.Enqueue("signal:" + name);
            }
            if (holdsNow || now < until.GetValueOrDefault(name, long.MinValue)) active.Add(name);
            else if (active.Remove(name)) Lines.Add($"{now} signal {name} ended ");
        }
    }

    /// <summary>Instants at which time alone could change something: window ends, absences complete, least activities over, values at marks, local half hours.</summary>
    IEnumerable<long> Candidates()
    {
        foreach (Input input in inputs)
        {
            foreach (long duration in durations) yield return input.At + duration;
        }
        foreach (long end in until.Values) yield return end;
        foreach (JsonObject score in ordered.Where(d => (string)d["kind"]! == "score"))
        {
            foreach (long crossing in Crossings((string)score["name"]!, score)) yield return crossing;
        }
        if (!definitions.Any(d => d.ToJsonString().Contains("\"zone\""))) yield break;
        for (long half = last - last % 1_800_000; half < last + 3 * 86_400_000L; half += 1_800_000) yield return half;
    }

    IEnumerable<long> Crossings(string name, JsonObject score)
    {
        double value = Score(name, last);
        if (value == 0 || score["halfLife"] is not { } halfLife) yield break;
        long end = last + (long)(Duration((string)halfLife!) * Math.Log2(Math.Abs(value) / 1e-9)) + 2;
        foreach (double mark in Marks(name, score))
        {
            foreach (Func<double, bool> test in new Func<double, bool>[] { v => v >= mark, v => v > mark })
            {
                if (test(value) == test(0)) continue;
                long low = last, high = end;
                while (high - low > 1)
                {
                    long middle = low + (high - low) / 2;
                    if (test(Score(name, middle)) == test(value)) low = middle;
                    else high = middle;
                }
                yield return high;
            }
        }
    }

    IEnumerable<double> Marks(string name, JsonObject score)
    {
        foreach (JsonNode? grade in score["grades"] as JsonArray ?? []) yield return (double)grade!["from"]!;
        foreach (JsonObject test in definitions.SelectMany(Objects).Where(o => o["score"] is JsonValue v && v.TryGetValue(out string? s) && s == name))
        {
            foreach ((string _, JsonNode? number) in test.Where(p => p.Key != "score")) yield return (double)number!;
        }
    }

    /// <summary>The value of a score, worked out from the first input on.</summary>
    double Score(string name, long t)
    {
        JsonObject score = definitions.First(d => (string)d["kind"]! == "score" && (string)d["name"]! == name);
        double halfLife = score["halfLife"] is { } h ? Duration((string)h!) : 0, v = 0;
        double min = (double?)score["min"] ?? 0, max = (double?)score["max"] ?? 100;
        long since = 0;
        var scored = new Dictionary<int, List<long>>();
        double Decayed(double value, long time) => halfLife == 0 || time == 0 ? value : value * Math.Pow(2, -(double)time / halfLife);
        double At(long instant) => halfLife == 0 || v == 0 ? v : Math.Abs(Decayed(v, instant - since)) < 1e-9 ? 0 : Decayed(v, instant - since);
        foreach (Input input in inputs)
        {
            JsonArray rows = score["points"]!.AsArray();
            for (int r = 0; r < rows.Count; r++)
            {
                JsonObject row = rows[r]!.AsObject();
                if (!Matches(row, input)) continue;
                if (row["cap"] is JsonObject cap)
                {
                    if (!scored.TryGetValue(r, out List<long>? times)) scored.Add(r, times = []);
                    if (times.Count(n => n > input.Now - Duration((string)cap["per"]!)) >= (int)cap["max"]!) continue;
                    times.Add(input.Now);
                }
                v = Math.Clamp(At(input.Now) + Decayed((double)row["add"]!, input.Now - input.At), min, max);
                since = input.Now;
            }
        }
        return At(t);
    }

    static string GradeOf(JsonArray grades, double value)
    {
        var sorted = grades.Select(g => (Name: (string)g!["name"]!, From: (double)g["from"]!)).OrderBy(g => g.From).ToList();
        return sorted.LastOrDefault(g => g.From <= value, sorted[0]).Name;
    }

    bool Holds(JsonObject c, long t)
    {
        if (c["all"] is JsonArray all) return all.All(x => Holds(x!.AsObject(), t));
        if (c["any"] is JsonArray any) return any.Any(x => Holds(x!.AsObject(), t));
        if (c["not"] is JsonObject not) return !Holds(not, t);
        if (c["event"] != null) return OfEvents(c, t);
        if (c["sequence"] is JsonArray steps) return Sequence(steps, c, t);
        if (c["absent"] is JsonObject absent) return c["since"] is JsonObject since ? AbsentSince(absent, since, Duration((string)c["for"]!), t) : AbsentFor(absent, Duration((string)c["for"]!), t);
        if (c["trait"] is { } trait) return Tests.Pass(c.Where(p => p.Key != "trait"), Trait((string)trait!));
        if (c["score"] is { } score) return Tests.Pass(c.Where(p => p.Key != "score"), JsonValue.Create(Score((string)score!, t)));
        if (c["segment"] is { } segment) return holds.GetValueOrDefault("segment" + (string)segment!);
        if (c["signal"] is { } signal) return active.Contains((string)signal!);
        if (c["consent"] is { } channel) return Consent((string)channel!, (string?)c["purpose"] ?? "marketing");
        return LocalTime(c, t);
    }

    bool OfEvents(JsonObject c, long t)
    {
        IEnumerable<(Input Input, int Arrival)> matching = inputs.Select((i, n) => (i, n)).Where(i => Matches(c, i.i));
        if (c["within"] is { } within) matching = matching.Where(i => i.Input.At > t - Duration((string)within!) && i.Input.At <= t);
        string? aggregate = new[] { "sum", "avg", "min", "max", "distinct" }.FirstOrDefault(a => c[a] != null);
        if (aggregate == null) return Tests.Number(c["count"] ?? 1.0, matching.Count());
        string path = (string)c[aggregate]!;
        var values = matching.Select(i => (i.Input, i.Arrival, Value: At(i.Input, path)))
            .Where(i => aggregate == "distinct" ? i.Value != null : Tests.TryNumber(i.Value, out _));
        if (c["within"] != null) values = values.OrderByDescending(i => i.Input.At).ThenByDescending(i => i.Arrival).Take(1000);
        if (aggregate == "distinct") return Tests.Number(c["is"]!, values.Select(i => Tests.TextOf(i.Value!)).Distinct().Count());
        double[] numbers = [.. values.Select(i => Tests.TryNumber(i.Value, out double n) ? n : 0)];
        if (numbers.Length == 0 && aggregate != "sum") return false;
        return Tests.Number(c["is"]!, aggregate switch
        {
            "sum" => Math.Round(numbers.Sum(), 9),
            "avg" => Math.Round(numbers.Average(), 9),
            "min" => numbers.Min(),
            _ => numbers.Max(),
        });
    }

    bool Sequence(JsonArray steps, JsonObject c, long t)
    {
        bool Fits(Input input) => c["within"] is not { } within || (input.At > t - Duration((string)within!) && input.At <= t);
        bool From(int step, int arrival)
        {
            if (step == steps.Count) return true;
            for (int i = arrival; i < inputs.Count; i++)
            {
                if (Matches(steps[step]!.AsObject(), inputs[i]) && Fits(inputs[i]) && From(step + 1, i + 1)) return true;
            }
            return false;
        }
        for (int first = 0; first < inputs.Count; first++)
        {
            if (!Matches(steps[0]!.AsObject(), inputs[first]) || !Fits(inputs[first])) continue;
            if (c["unless"] is JsonObject unless && inputs.Skip(first + 1).Any(i => Matches(unless, i))) continue;
            if (From(1, first + 1)) return true;
        }
        return false;
    }

    bool AbsentFor(JsonObject missed, long length, long t) =>
        inputs[0].At <= t - length && !inputs.Any(i => Matches(missed, i) && i.At > t - length && i.At <= t);

    bool AbsentSince(JsonObject missed, JsonObject since, long length, long t)
    {
        int latest = -1;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (Matches(since, inputs[i]) && (latest < 0 || inputs[i].At >= inputs[latest].At)) latest = i;
        }
        if (latest < 0 || inputs[latest].At > t - length) return false;
        for (int i = 0; i < inputs.Count; i++)
        {
            bool isLater = inputs[i].At > inputs[latest].At || (inputs[i].At == inputs[latest].At && i > latest);
            if (isLater && Matches(missed, inputs[i])) return false;
        }
        return true;
    }

    JsonNode? Trait(string name)
    {
        Input? best = null;
        foreach (Input input in inputs)
        {
            if (input.Traits.ContainsKey(name) && (best == null || input.At >= best.At)) best = input;
        }
        return best?.Traits[name];
    }

    bool Consent(string channel, string purpose)
    {
        (long At, bool Granted)? best = null;
        foreach (Input input in inputs)
        {
            bool? says = input.Name switch
            {
                "consent_changed" when ((string?)input.Properties["channel"] ?? "email") == channel && ((string?)input.Properties["purpose"] ?? "marketing") == purpose => (bool?)input.Properties["granted"],
                "email_unsubscribed" when channel == "email" && ((string?)input.Properties["purpose"] ?? purpose) == purpose => false,
                "email_complained" when channel == "email" => false,
                _ => null,
            };
            if (says is { } granted && (best == null || input.At >= best.Value.At)) best = (input.At, granted);
        }
        return best?.Granted == true;
    }

    bool LocalTime(JsonObject c, long t)
    {
        string? zone = (string?)c["zone"] is { } z and not "contact" ? z : null;
        if (zone == null && Trait("timeZone") is JsonValue own && own.TryGetValue(out string? named) && TimeZoneInfo.TryFindSystemTimeZoneById(named, out _)) zone = named;
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(t), TimeZoneInfo.FindSystemTimeZoneById(zone ?? "UTC"));
        if (c["weekday"] is JsonArray days && !days.Any(d => string.Equals((string)d!, local.DayOfWeek.ToString()[..3], StringComparison.OrdinalIgnoreCase))) return false;
        if (c["between"] is not JsonArray between) return true;
        double from = Hours((string)between[0]!), to = Hours((string)between[1]!), hour = local.TimeOfDay.TotalHours;
        return from < to ? hour >= from && hour < to : hour >= from || hour < to;
    }

    static double Hours(string text) => int.Parse(text[..2], CultureInfo.InvariantCulture) + int.Parse(text[3..], CultureInfo.InvariantCulture) / 60.0;

    static bool Matches(JsonObject pattern, Input input) =>
        (string)pattern["event"]! == input.Name && (pattern["where"] as JsonObject ?? []).All(w => Tests.Passes(w.Value!, At(input, w.Key)));

    static JsonNode? At(Input input, string path)
    {
        if (path == "source") return input.Source;
        string[] parts = path.Split('.');
        JsonNode? at = input.Properties;
        foreach (string part in parts[0] == "properties" ? parts[1..] : parts) at = (at as JsonObject)?[part];
        return at;
    }

    static long Duration(string text) => long.Parse(text[..^1], CultureInfo.InvariantCulture) * text[^1] switch { 's' => 1000, 'm' => 60_000, 'h' => 3_600_000, _ => 86_400_000 };

    static IEnumerable<long> Durations(JsonObject definition) =>
        Objects(definition).SelectMany(o => o.Where(p => p.Key is "within" or "for").Select(p => Duration((string)p.Value!)));

    static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => o.Where(p => p.Key != "where").SelectMany(p => Objects(p.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Objects),
        _ => [],
    };

    /// <summary>Scores by name, then segments and signals: those that refer to none, then those that refer to these, and so on; by kind, then name.</summary>
    static List<JsonObject> Order(IReadOnlyList<JsonObject> definitions)
    {
        int Level(JsonObject definition)
        {
            int level = 0;
            foreach (JsonObject o in Objects(definition["when"]))
            {
                foreach (string kind in new[] { "segment", "signal" })
                {
                    if (o[kind] is JsonValue v && v.TryGetValue(out string? name) && definitions.FirstOrDefault(d => (string)d["kind"]! == kind && (string)d["name"]! == name) is { } other) level = Math.Max(level, Level(other) + 1);
                }
            }
            return level;
        }
        return [.. definitions.OrderBy(d => (string)d["kind"]! == "score" ? -1 : Level(d)).ThenBy(d => (string)d["kind"]!, StringComparer.Ordinal).ThenBy(d => (string)d["name"]!, StringComparer.Ordinal)];
    }
}
