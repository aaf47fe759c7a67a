using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads conditions: one form an object, told by its key.</summary>
internal static class ConditionReader
{
    /// <summary>Deeper ones are nobody's meaning, and would exhaust the stack.</summary>
    const int Deepest = 40;

    static readonly string[] Forms =
        ["all", "any", "not", "event", "sequence", "absent", "trait", "score", "segment", "signal", "journey", "consent", "weekday", "between"];

    static readonly string[] Aggregates = ["sum", "avg", "min", "max", "distinct"];

    /// <summary>The condition under a key; a problem where it is missing.</summary>
    public static Condition? Read(Place place, string key, string what)
    {
        if (place.Has(key)) return Read(place.At(key));
        place.Missing(key, what);
        return null;
    }

    public static Condition? Read(Place place, int depth = 0)
    {
        if (!place.IsObject)
        {
            place.Error("a condition is an object, as in {\"event\":\"page_viewed\",\"within\":\"24h\",\"count\":3}");
            return null;
        }
        if (depth > Deepest)
        {
            place.Error($"conditions are nested more than {Deepest} deep; make the inner one a signal or segment and name it here");
            return null;
        }
        string[] forms = [.. Forms.Where(place.Has)];
        if (forms is ["weekday", "between"]) return Local(place);
        if (forms.Length != 1)
        {
            place.Error(forms.Length == 0
                ? $"this says no condition.{HintOf(place)}"
                : $"this says {string.Join(" and ", forms.Select(f => $"\"{f}\""))} at once; put them into {{\"all\":[…]}} or {{\"any\":[…]}}");
            return null;
        }
        return forms[0] switch
        {
            "all" => Combine(place, "all", depth) is { } parts ? new AllOf(parts) : null,
            "any" => Combine(place, "any", depth) is { } parts ? new AnyOf(parts) : null,
            "not" => place.IsObjectOf("this condition", "not") && Read(place.At("not"), depth + 1) is { } inner ? new Not(inner) : null,
            "event" => Event(place),
            "sequence" => Sequence(place),
            "absent" => Absent(place),
            "trait" => Trait(place),
            "score" => Score(place),
            "segment" => Named(place, "segment") is { } name ? new InSegment(name) : null,
            "signal" => Named(place, "signal") is { } name ? new SignalActive(name) : null,
            "journey" => Journey(place),
            "consent" => Consent(place),
            _ => Local(place),
        };
    }

    /// <summary>Whether an object says a condition.</summary>
    public static bool IsForm(Place place) => Forms.Any(place.Has);

    static string HintOf(Place place)
    {
        string[] keys = [.. place.Members().Select(m => m.Key)];
        // The key that is nearly a form is the one misspelt, wherever it stands.
        return keys.Length == 0 ? " Write a form, as in {\"event\":\"page_viewed\"}." : Nearest.Hint(keys.FirstOrDefault(k => Nearest.To(k, Forms) != null) ?? keys[0], Forms);
    }

    static List<Condition>? Combine(Place place, string key, int depth)
    {
        place.IsObjectOf("this condition", key);
        Place[] items = [.. place.At(key).Items($"\"{key}\"")];
        Condition?[] parts = [.. items.Select(i => Read(i, depth + 1))];
        if (parts.Length == 0 && place.At(key).Element.ValueKind == System.Text.Json.JsonValueKind.Array) place.At(key).Error($"\"{key}\" needs one condition at least");
        return parts.Length > 0 && parts.All(p => p != null) ? [.. parts.Select(p => p!)] : null;
    }

    static Condition? Event(Place place)
    {
        string[] aggregates = [.. Aggregates.Where(place.Has)];
        place.IsObjectOf("a condition on events", ["event", "where", "within", "count", "is", .. Aggregates]);
        EventPattern? pattern = TestReader.Pattern(place);
        long? within = place.Duration("within", "the window");
        bool isWithinWrong = place.Has("within") && within == null;
        if (aggregates.Length > 1 || (aggregates.Length == 1 && place.Has("count")))
        {
            place.Error($"{string.Join(", ", aggregates.Append(place.Has("count") ? "count" : "").Where(a => a.Length > 0).Select(a => $"\"{a}\""))} cannot be in one condition; put one condition each into {{\"all\":[…]}}");
            return null;
        }
        if (aggregates.Length == 0)
        {
            if (place.Has("is")) place.At("is").Error("\"is\" tests a sum, avg, min, max or distinct; for a number of events write \"count\"");
            NumberTest? count = place.Find("count") is { } test ? TestReader.Number(test, "the count", boundsOnly: false) : NumberTest.AtLeast(1);
            return pattern == null || count == null || isWithinWrong ? null : new EventCount(pattern, within, count);
        }
        Aggregate of = aggregates[0] switch { "sum" => Aggregate.Sum, "avg" => Aggregate.Average, "min" => Aggregate.Least, "max" => Aggregate.Greatest, _ => Aggregate.Distinct };
        string? path = place.At(aggregates[0]).Text("the path of the value, as in \"properties.amount\"");
        NumberTest? isTest = null;
        if (place.Find("is") is { } at) isTest = TestReader.Number(at, $"the {aggregates[0]}", of is Aggregate.Sum or Aggregate.Average);
        else place.Missing("is", $"what the {aggregates[0]} must be, as in {{\"gte\":100}}");
        return pattern == null || path == null || isTest == null || isWithinWrong ? null : new EventAggregate(pattern, within, of, new EventPath(path), isTest);
    }

    static EventSequence? Sequence(Place place)
    {
        place.IsObjectOf("a sequence", "sequence", "within", "unless");
        Place[] items = [.. place.At("sequence").Items("\"sequence\"")];
        EventPattern?[] events = [.. items.Select(i => i.IsEventOf("an event of a sequence", "event", "where") ? TestReader.Pattern(i) : null)];
        if (items.Length == 0 && place.At("sequence").Element.ValueKind == System.Text.Json.JsonValueKind.Array) place.At("sequence").Error("a sequence needs events, as in [{\"event\":\"product_viewed\"},{\"event\":\"product_added\"}]");
        long? within = place.Duration("within", "the window");
        EventPattern? unless = Inner(place, "unless");
        bool wrong = items.Length == 0 || events.Any(e => e == null) || (place.Has("within") && within == null) || (place.Has("unless") && unless == null);
        return wrong ? null : new EventSequence([.. events.Select(e => e!)], within, unless);
    }

    static EventPattern? Inner(Place place, string key) =>
        place.Find(key) is { } at && at.IsEventOf($"\"{key}\"", "event", "where") ? TestReader.Pattern(at) : null;

    static Condition? Absent(Place place)
    {
        place.IsObjectOf("an absence", "absent", "for", "since");
        EventPattern? missed = Inner(place, "absent"), since = Inner(place, "since");
        long? length = place.Duration("for", "for how long the event must be absent", required: true);
        if (missed == null || length == null || (place.Has("since") && since == null)) return null;
        return since == null ? new Absence(missed, length.Value) : new AbsenceSince(missed, length.Value, since);
    }

    static TraitIs? Trait(Place place)
    {
        string? name = place.Text("trait", "the name of the trait");
        ValueTest? test = TestReader.Tests(place, ["trait"]);
        return name == null || test == null ? null : new TraitIs(name, test);
    }

    static ScoreIs? Score(Place place)
    {
        string? name = place.Text("score", "the name of the score");
        NumberTest? test = TestReader.Numbers(place, ["score"], "a score", boundsOnly: true);
        return name == null || test == null ? null : new ScoreIs(name, test);
    }

    static string? Named(Place place, string kind)
    {
        place.IsObjectOf("this condition", kind);
        return place.Text(kind, $"the name of the {kind}");
    }

    static InJourney? Journey(Place place)
    {
        place.IsObjectOf("a condition on a journey", "journey", "state");
        string? name = place.Text("journey", "the name of the journey");
        string[] states = ["active", "completed", "converted", "never"];
        if (!place.Has("state")) place.Missing("state", "one of \"active\", \"completed\", \"converted\", \"never\"");
        string? state = place.Word("state", "\"state\"", states);
        return name == null || state == null ? null : new InJourney(name, (Enrolled)Array.IndexOf(states, state));
    }

    static HasConsent? Consent(Place place)
    {
        place.IsObjectOf("a condition on consent", "consent", "purpose");
        string? channel = place.Text("consent", "the channel, as in \"email\"");
        string? purpose = place.Has("purpose") ? place.At("purpose").Text("the purpose, as in \"marketing\"") : "marketing";
        return channel == null || purpose == null ? null : new HasConsent(channel, purpose);
    }

    static LocalTime? Local(Place place)
    {
        place.IsObjectOf("a condition on local time", "weekday", "between", "zone");
        Weekdays days = LocalTimes.Weekdays(place);
        string? zone = LocalTimes.Zone(place);
        long? from = 0, to = Duration.Day;
        if (place.Find("between") is { } between)
        {
            Place[] ends = [.. between.Items("\"between\"")];
            if (ends.Length != 2)
            {
                if (between.Element.ValueKind == System.Text.Json.JsonValueKind.Array) between.Error("\"between\" takes two times, as in [\"09:00\",\"17:00\"]");
                return null;
            }
            (from, to) = (LocalTimes.Time(ends[0], "the beginning", false), LocalTimes.Time(ends[1], "the end", true));
            if (from != null && from == to)
            {
                between.Error("beginning and end are the same; for the whole day leave \"between\" out");
                return null;
            }
        }
        return from == null || to == null ? null : new LocalTime(days, from.Value, to.Value, zone);
    }
}
