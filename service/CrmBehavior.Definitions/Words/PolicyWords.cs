using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Policies in plain English.</summary>
internal static class PolicyWords
{
    public static List<string> Of(PolicyDefinition policy)
    {
        List<string> lines = [$"The policy \"{policy.Name}\" holds for all journeys; transactional mails pass it."];
        if (policy.EmailOptIn is { } optIn) lines.Add(Consent(optIn));
        if (policy.Holdout is { } share) lines.Add(Holdout(share));
        lines.AddRange(policy.Review.Select(Review));
        lines.AddRange(policy.QuietHours.Select(QuietHours));
        if (policy.SendTimeWithin is { } best) lines.Add(SendTime(best));
        lines.AddRange(policy.Cooldowns.Select(Cooldown));
        lines.AddRange(policy.Caps.Select(Cap));
        if (policy.DeferAtMost is { } longest) lines.Add($"A message waits {Duration.ToWords(longest)} at most, then it is dropped.");
        if (policy.Zone != null) lines.Add($"Contacts without a time zone count as being in {policy.Zone}.");
        if (lines.Count == 1) lines.Add("It has no rules.");
        return lines;
    }

    /// <summary>The rule that decision lines call policy/rule, in a sentence; null where there is none.</summary>
    public static string? Rule(IEnumerable<Definition> definitions, string by)
    {
        int slash = by.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || definitions.OfType<PolicyDefinition>().FirstOrDefault(p => p.Name == by[..slash]) is not { } policy) return null;
        string rule = by[(slash + 1)..];
        return Named(policy.Review, r => r.Name, "review", rule) is { } review ? Review(review)
            : Named(policy.QuietHours, r => r.Name, "quietHours", rule) is { } quiet ? QuietHours(quiet)
            : Named(policy.Cooldowns, r => r.Name, "cooldown", rule) is { } cooldown ? Cooldown(cooldown)
            : Named(policy.Caps, r => r.Name, "cap", rule) is { } cap ? Cap(cap)
            : rule switch
            {
                "consent" when policy.EmailOptIn is { } optIn => Consent(optIn),
                "holdout" when policy.Holdout is { } share => Holdout(share),
                "sendTime" when policy.SendTimeWithin is { } best => SendTime(best),
                _ => null,
            };
    }

    static T? Named<T>(IReadOnlyList<T> rules, Func<T, string?> name, string kind, string rule) where T : class =>
        rules.Where((r, i) => (name(r) ?? kind + (i + 1)) == rule).FirstOrDefault();

    static string Consent(bool optIn) => optIn ? "Mail goes only to contacts who have agreed to its purpose." : "Mail goes to all contacts who have not objected to its purpose.";

    static string Holdout(double share) => $"{EventPhrases.Text(share * 100)} % of contacts, always the same ones, get no message, to compare with.";

    static string SendTime(long best) => $"A mail waits for the contact's best hour, if that is at most {Duration.ToWords(best)} away.";

    static string Review(ReviewRule rule)
    {
        string whom = rule.If is { } condition ? $", if {ConditionWords.Of(condition)}" : "";
        return $"A person looks at {Sentences.And(rule.Actions.Select(Action))}{Of(rule.Categories)} first{whom}; without an answer within {Duration.ToWords(rule.Deadline)} they are {(rule.SendByDefault ? "sent" : "dropped")}.";
    }

    static string QuietHours(QuietHoursRule rule)
    {
        string days = rule.Days == Weekdays.All ? "" : " on " + TimeWords.Days(rule.Days);
        return $"No {Messages(rule.Scope)}{(rule is { From: 0, To: Duration.Day } ? "" : $" between {TimeWords.Hour(rule.From)} and {TimeWords.Hour(rule.To)}")}{days} {TimeWords.Zone(rule.Zone)}: {(rule.Defer ? "they wait until it is over" : "they are dropped")}.";
    }

    static string Cooldown(CooldownRule rule)
    {
        string then = rule.Defer ? "the next waits until then" : "the next is dropped";
        if (rule.After is { } after) return $"No {Messages(rule.Scope)} for {Duration.ToWords(rule.For)} after each {EventPhrases.One(after)}: {then}.";
        string like = rule.Same switch
        {
            "template" => "from the same template",
            "journey" => "from the same journey",
            "category" => "of the same category",
            _ => rule.Scope.Channel == "any" ? "on the same channel" : "",
        };
        return $"No two {Messages(rule.Scope)}{(like.Length > 0 ? " " + like : "")} within {Duration.ToWords(rule.For)}: {then}.";
    }

    static string Cap(CapRule rule) =>
        $"At most {EventPhrases.Text(rule.Max)} {Messages(rule.Scope, rule.Max == 1)} in any {Duration.ToWords(rule.Per)}: the next {(rule.Defer ? "waits for a place" : "is dropped")}.";

    static string Action(string action) => action switch { "sendEmail" => "mails", "notifySales" => "tasks", _ => "webhook calls" };

    static string Messages(RuleScope scope, bool one = false)
    {
        string what = scope.Channel switch { "email" => "mail", "task" => "task", "webhook" => "webhook call", _ => "message" } + (one ? "" : "s");
        return what + Of(scope.Categories);
    }

    static string Of(IReadOnlyList<string>? categories) =>
        categories == null ? "" : $" of the {(categories.Count == 1 ? "category" : "categories")} {Sentences.Or(categories.Select(c => $"\"{c}\""))}";
}
