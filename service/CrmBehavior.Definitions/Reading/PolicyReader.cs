using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads policies.</summary>
internal static class PolicyReader
{
    static readonly string[] Channels = ["email", "task", "webhook", "any"];

    public static PolicyDefinition Read(Place place, string name)
    {
        place.IsObjectOf("a policy", "kind", "name", "zone", "deferAtMost", "consent", "holdout", "review", "quietHours", "sendTime", "cooldown", "caps");
        double? holdout = place.Share("holdout", "a holdout", "0.05");
        long? sendTime = null;
        if (place.Find("sendTime") is { } at && at.IsObjectOf("\"sendTime\"", "within")) sendTime = at.Duration("within", "how far off the best hour may be", required: true);
        return new PolicyDefinition(name)
        {
            Zone = LocalTimes.Zone(place, allowContact: false),
            DeferAtMost = place.Duration("deferAtMost", "how long a message may be put off"),
            EmailOptIn = Consent(place),
            Holdout = holdout,
            Review = [.. Rules(place, "review").Select(Review).OfType<ReviewRule>()],
            QuietHours = [.. Rules(place, "quietHours").Select(QuietHours).OfType<QuietHoursRule>()],
            SendTimeWithin = sendTime,
            Cooldowns = [.. Rules(place, "cooldown").Select(Cooldown).OfType<CooldownRule>()],
            Caps = [.. Rules(place, "caps").Select(Cap).OfType<CapRule>()],
        };
    }

    static IEnumerable<Place> Rules(Place place, string key) => place.Find(key) is { } list ? list.Items($"\"{key}\"") : [];

    static bool? Consent(Place place)
    {
        if (place.Find("consent") is not { } consent || !consent.IsObjectOf("\"consent\"", "email")) return null;
        return consent.Word("email", "\"email\"", ["optIn", "optOut"]) switch { "optIn" => true, "optOut" => false, _ => null };
    }

    static ReviewRule? Review(Place place)
    {
        if (!place.IsObjectOf("a review rule", "name", "if", "actions", "category", "deadline", "default")) return null;
        string[] actions = ["sendEmail", "notifySales", "webhook"];
        var held = new List<string>();
        if (place.Find("actions") is { } list)
        {
            foreach (Place item in list.Items("\"actions\""))
            {
                string? action = item.IsText ? item.Element.GetString() : null;
                if (action != null && actions.Contains(action)) held.Add(action);
                else item.Error($"a person can look at {string.Join(", ", actions.Select(a => $"\"{a}\""))} only");
            }
        }
        else place.Missing("actions", "what is held, as in [\"sendEmail\"]");
        Condition? condition = place.Find("if") is { } at ? ConditionReader.Read(at) : null;
        long? deadline = place.Duration("deadline", "when the default holds", required: true);
        string? otherwise = place.Word("default", "\"default\"", ["drop", "send"], "drop");
        return deadline == null || (place.Has("if") && condition == null) ? null
            : new ReviewRule(Name(place), condition, held, Categories(place), deadline.Value, otherwise == "send");
    }

    static QuietHoursRule? QuietHours(Place place)
    {
        if (!place.IsObjectOf("quiet hours", "name", "from", "to", "weekday", "zone", "then", "channel", "category")) return null;
        if (!place.Has("from") || !place.Has("to"))
        {
            place.Error("quiet hours have \"from\" and \"to\", as in \"21:00\" and \"08:00\"");
            return null;
        }
        long? from = LocalTimes.Time(place.At("from"), "the beginning", false), to = LocalTimes.Time(place.At("to"), "the end", true);
        Weekdays days = LocalTimes.Weekdays(place);
        string? zone = LocalTimes.Zone(place);
        bool defer = Then(place, "defer");
        RuleScope scope = Scope(place);
        if (from == null || to == null) return null;
        if (from == to) place.Error("quiet hours begin and end at the same time; they would never end");
        else if (from == 0 && to == Duration.Day && days == Weekdays.All) place.Error("these quiet hours never end; leave out an hour or a weekday");
        return new QuietHoursRule(Name(place), scope, from.Value, to.Value, days, zone, defer);
    }

    static CooldownRule? Cooldown(Place place)
    {
        if (!place.IsObjectOf("a cooldown", "name", "for", "same", "after", "then", "channel", "category")) return null;
        long? length = place.Duration("for", "how long", required: true);
        if (place.Has("same") == place.Has("after"))
        {
            place.Error("a cooldown has either \"same\" (\"journey\", \"template\", \"category\" or \"channel\") or \"after\", an event");
            return null;
        }
        string? same = place.Word("same", "\"same\"", ["journey", "template", "category", "channel"]);
        EventPattern? after = place.Find("after") is { } at && at.IsEventOf("\"after\"", "event", "where") ? TestReader.Pattern(at) : null;
        return length == null || (same == null && after == null) ? null : new CooldownRule(Name(place), Scope(place), length.Value, same, after, Then(place, "drop"));
    }

    static CapRule? Cap(Place place)
    {
        if (!place.IsObjectOf("a cap", "name", "max", "per", "channel", "category", "then")) return null;
        int? max = place.Whole("max", "how many messages at most", 1, 1000, required: true);
        long? per = place.Duration("per", "within how long", required: true);
        RuleScope scope = Scope(place);
        bool defer = Then(place, "drop");
        return max == null || per == null ? null : new CapRule(Name(place), scope, max.Value, per.Value, defer);
    }

    static string? Name(Place place) => place.Text("name", "the name of the rule", required: false);

    static bool Then(Place place, string otherwise) => place.Word("then", "\"then\"", ["drop", "defer"], otherwise) == "defer";

    static RuleScope Scope(Place place) => new(place.Word("channel", "\"channel\"", Channels, "email") ?? "email", Categories(place));

    /// <summary>The categories that a rule is about; null for all.</summary>
    static List<string>? Categories(Place place)
    {
        if (place.Find("category") is not { } category) return null;
        if (category.IsText) return category.Text("a category") is { } one ? [one] : null;
        if (category.Element.ValueKind != JsonValueKind.Array)
        {
            category.Error("a category is text, or a list of texts");
            return null;
        }
        return [.. category.Items("\"category\"").Select(c => c.Text("a category")).OfType<string>()];
    }
}
