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
        if (policy.EmailOptIn is { } optIn) lines.Add(optIn ? "Mail goes only to contacts who have agreed to its purpose." : "Mail goes to all contacts who have not objected to its purpose.");
        if (policy.Holdout is { } share) lines.Add($"{EventPhrases.Text(share * 100)} % of contacts, always the same ones, get no message, to compare with.");
        foreach (ReviewRule rule in policy.Review)
        {
            string whom = rule.If is { } condition ? $" where {ConditionWords.Of(condition)}" : "";
            lines.Add($"A person looks at {Sentences.And(rule.Actions.Select(Action))} first{whom}; without an answer within {Duration.ToWords(rule.Deadline)} it is {(rule.SendByDefault ? "sent" : "dropped")}.");
        }
        foreach (QuietHoursRule rule in policy.QuietHours)
        {
            string days = rule.Days == Weekdays.All ? "" : " on " + TimeWords.Days(rule.Days);
            lines.Add($"No {Messages(rule.Scope)} between {TimeWords.Hour(rule.From)} and {TimeWords.Hour(rule.To)}{days} {TimeWords.Zone(rule.Zone)}: {(rule.Defer ? "they wait until it is over" : "they are dropped")}.");
        }
        if (policy.SendTimeWithin is { } best) lines.Add($"A mail waits for the contact's best hour, if that is at most {Duration.ToWords(best)} away.");
        foreach (CooldownRule rule in policy.Cooldowns)
        {
            string since = rule.After is { } after ? $"after each {EventPhrases.One(after)}" : rule.Same switch
            {
                "template" => "after the same mail",
                "journey" => "after another of the same journey",
                "category" => "after another of the same category",
                _ => "after another on the same channel",
            };
            lines.Add($"No {Messages(rule.Scope)} for {Duration.ToWords(rule.For)} {since}: {Then(rule.Defer)}.");
        }
        foreach (CapRule rule in policy.Caps) lines.Add($"At most {rule.Max} {Messages(rule.Scope)} in any {Duration.ToWords(rule.Per)}: the next {(rule.Defer ? "waits for a place" : "is dropped")}.");
        if (policy.DeferAtMost is { } longest) lines.Add($"A message waits {Duration.ToWords(longest)} at most, then it is dropped.");
        if (policy.Zone != null) lines.Add($"Contacts without a time zone count as being in {policy.Zone}.");
        return lines;
    }

    static string Then(bool defer) => defer ? "it waits until then" : "it is dropped";

    static string Action(string action) => action switch { "sendEmail" => "mails", "notifySales" => "tasks", _ => "webhook calls" };

    static string Messages(RuleScope scope)
    {
        string what = scope.Channel switch { "email" => "mails", "task" => "tasks", "webhook" => "webhook calls", _ => "messages" };
        return scope.Categories == null ? what : $"{what} of the {(scope.Categories.Count == 1 ? "category" : "categories")} {Sentences.Or(scope.Categories.Select(c => $"\"{c}\""))}";
    }
}
