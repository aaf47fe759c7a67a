using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Definitions.Words;

/// <summary>Events and filters as people speak of them.</summary>
internal static class EventPhrases
{
    /// <summary>One, several, and that it happened.</summary>
    static readonly Dictionary<string, (string One, string Many, string Happened)> Known = new(StringComparer.Ordinal)
    {
        ["page_viewed"] = ("page view", "page views", "viewed a page"),
        ["screen_viewed"] = ("screen view", "screen views", "viewed a screen"),
        ["product_viewed"] = ("product view", "product views", "viewed a product"),
        ["product_added"] = ("product added to the cart", "products added to the cart", "added a product to the cart"),
        ["cart_viewed"] = ("view of the cart", "views of the cart", "viewed the cart"),
        ["checkout_started"] = ("checkout started", "checkouts started", "started a checkout"),
        ["order_completed"] = ("completed order", "completed orders", "completed an order"),
        ["form_submitted"] = ("submitted form", "submitted forms", "submitted a form"),
        ["file_downloaded"] = ("download", "downloads", "downloaded a file"),
        ["video_completed"] = ("watched video", "watched videos", "watched a video"),
        ["feature_used"] = ("use of a feature", "uses of a feature", "used a feature"),
        ["search_performed"] = ("search", "searches", "searched"),
        ["email_delivered"] = ("delivered mail", "delivered mails", "was delivered a mail"),
        ["email_opened"] = ("opened mail", "opened mails", "opened a mail"),
        ["email_clicked"] = ("click in a mail", "clicks in mails", "clicked in a mail"),
        ["email_bounced"] = ("bounced mail", "bounced mails", "had a mail bounce"),
        ["email_complained"] = ("spam complaint", "spam complaints", "complained of spam"),
        ["email_unsubscribed"] = ("unsubscription", "unsubscriptions", "unsubscribed"),
        ["consent_changed"] = ("change of consent", "changes of consent", "changed consent"),
        ["contact_created"] = ("creation of the contact", "creations of the contact", "was created"),
        ["contact_updated"] = ("change of the contact", "changes of the contact", "was changed"),
        ["activity_created"] = ("activity created", "activities created", "had an activity created"),
        ["activity_completed"] = ("completed activity", "completed activities", "had an activity completed"),
    };

    /// <summary>"completed order" with its filter.</summary>
    public static string One(EventPattern pattern) => Noun(pattern.Name).One + Where(pattern);

    /// <summary>"a completed order" with its filter.</summary>
    public static string A(EventPattern pattern) => One(pattern) is var one && one.StartsWith("use", StringComparison.Ordinal) ? "a " + one : $"{Article(one.TrimStart('"'))} {one}";

    static string Article(string word) => word.Length > 0 && "aeiou".Contains(char.ToLowerInvariant(word[0]), StringComparison.Ordinal) ? "an" : "a";

    /// <summary>"completed orders" with their filter.</summary>
    public static string Many(EventPattern pattern) => Noun(pattern.Name).Many + Where(pattern);

    /// <summary>"completed an order" with its filter; goes with "the contact".</summary>
    public static string Happened(EventPattern pattern) => Noun(pattern.Name).Happened + Where(pattern);

    /// <summary>"3 completed orders".</summary>
    public static string Number(double count, EventPattern pattern) => $"{Text(count)} {(count == 1 ? One(pattern) : Many(pattern))}";

    static (string One, string Many, string Happened) Noun(string name)
    {
        if (Known.TryGetValue(name, out (string, string, string) phrase)) return phrase;
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string rest = colon < 0 ? "" : name[(colon + 1)..];
        switch (colon < 0 ? "" : name[..colon])
        {
            case "signal": return ($"firing of the signal \"{rest}\"", $"firings of the signal \"{rest}\"", $"fired the signal \"{rest}\"");
            case "segment_entered": return ($"entry into the segment \"{rest}\"", $"entries into the segment \"{rest}\"", $"entered the segment \"{rest}\"");
            case "segment_left": return ($"departure from the segment \"{rest}\"", $"departures from the segment \"{rest}\"", $"left the segment \"{rest}\"");
            case "journey_entered": return ($"entry into the journey \"{rest}\"", $"entries into the journey \"{rest}\"", $"entered the journey \"{rest}\"");
            case "journey_exited": return ($"exit from the journey \"{rest}\"", $"exits from the journey \"{rest}\"", $"left the journey \"{rest}\"");
            case "journey_goal": return ($"conversion in the journey \"{rest}\"", $"conversions in the journey \"{rest}\"", $"reached the goal of the journey \"{rest}\"");
            case "enroll_requested": return ($"request to enroll in the journey \"{rest}\"", $"requests to enroll in the journey \"{rest}\"", $"was sent into the journey \"{rest}\" by another");
            case "score":
                int last = rest.LastIndexOf(':');
                if (last > 0) return ($"change of the score \"{rest[..last]}\" to \"{rest[(last + 1)..]}\"", $"changes of the score \"{rest[..last]}\" to \"{rest[(last + 1)..]}\"", $"changed in the score \"{rest[..last]}\" to \"{rest[(last + 1)..]}\"");
                break;
        }
        return ($"\"{name}\" event", $"\"{name}\" events", $"had {Article(name)} \"{name}\" event");
    }

    /// <summary>" (path begins with "/pricing", seconds more than 30)", or nothing.</summary>
    public static string Where(EventPattern pattern) =>
        pattern.Where.Count == 0 ? "" : $" ({string.Join(", ", pattern.Where.Select(w => $"{w.Path.Short} {Test(w.Test)}"))})";

    /// <summary>"is at least 3 and is less than 5"; what is missing passes "is not" too, which is told.</summary>
    public static string Test(ValueTest test, string orMissing = " (or missing)") => string.Join(" and ", test.Comparisons.Select(Comparison))
        + (test.Comparisons.All(c => c.Operator is Operator.Ne or Operator.Nin) ? orMissing : "");

    static string Comparison(Comparison comparison) => comparison.Operator switch
    {
        Operator.Eq => "is " + Shown(comparison.Operand),
        Operator.Ne => "is not " + Shown(comparison.Operand),
        Operator.Gt => "is more than " + Shown(comparison.Operand),
        Operator.Gte => "is at least " + Shown(comparison.Operand),
        Operator.Lt => "is less than " + Shown(comparison.Operand),
        Operator.Lte => "is at most " + Shown(comparison.Operand),
        Operator.In => "is " + Sentences.Or(comparison.Operands.Select(o => Shown(o))),
        Operator.Nin => "is not " + Sentences.Or(comparison.Operands.Select(o => Shown(o))),
        Operator.StartsWith => "begins with " + Shown(comparison.Operand),
        Operator.EndsWith => "ends with " + Shown(comparison.Operand),
        Operator.Contains => "contains " + Shown(comparison.Operand),
        _ => comparison.Operand.IsTrue ? "is given" : "is not given",
    };

    public static string Shown(in Value value) => value.Kind switch
    {
        ValueKind.Text => $"\"{Encoding.UTF8.GetString(value.Utf8)}\"",
        ValueKind.Missing => "nothing",
        _ => value.ToString(),
    };

    /// <summary>"at least 3", "more than 100", "exactly 1", "at least 2 and less than 5".</summary>
    public static string Number(NumberTest test) => string.Join(" and ", test.Comparisons.Select(c => c.Operator switch
    {
        Operator.Eq => "exactly " + Text(c.Numbers[0]),
        Operator.Ne => "not " + Text(c.Numbers[0]),
        Operator.Gt => "more than " + Text(c.Numbers[0]),
        Operator.Gte => "at least " + Text(c.Numbers[0]),
        Operator.Lt => "less than " + Text(c.Numbers[0]),
        Operator.Lte => "at most " + Text(c.Numbers[0]),
        Operator.In => Sentences.Or(c.Numbers.Select(Text)),
        _ => "any number but " + Sentences.Or(c.Numbers.Select(Text)),
    }));

    public static string Text(double number) => Math.Round(number, 4).ToString("#,0.####", CultureInfo.InvariantCulture);
}

/// <summary>Joins words into sentences.</summary>
internal static class Sentences
{
    public static string And(IEnumerable<string> parts) => Join(parts, "and");

    public static string Or(IEnumerable<string> parts) => Join(parts, "or");

    static string Join(IEnumerable<string> parts, string word)
    {
        string[] all = [.. parts];
        return all.Length switch { 0 => "", 1 => all[0], _ => $"{string.Join(", ", all[..^1])} {word} {all[^1]}" };
    }

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
