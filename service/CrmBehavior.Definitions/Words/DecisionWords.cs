using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions.Checks;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Decision lines as sentences: what was decided about a contact, and why.</summary>
/// <param name="definitions">The definitions, for the names of mails and the sense of rules.</param>
public sealed class DecisionWords(IReadOnlyList<Definition> definitions)
{
    /// <summary>One decision as "5 January 2026, 10:05 UTC: sent the mail "cart"".</summary>
    /// <param name="line">A decision line with why, as `replay --because` prints it and the decision log keeps it.</param>
    /// <returns>The sentence, without full stop.</returns>
    public string Of(JsonElement line) => $"{When(line, "at")}: {What(line)}";

    string What(JsonElement line)
    {
        string effect = Text(line, "effect") ?? "", outcome = Text(line, "outcome") ?? "";
        return effect switch
        {
            "fired" => "fired" + Because(line),
            "ended" => "ended, it is no longer active",
            "entered" => "the contact came in" + Because(line),
            "left" => "the contact left",
            "graded" => $"became \"{outcome}\"" + Because(line),
            "enrolled" => $"the contact came in{Numbered(line)}" + Because(line),
            "refused" => $"the contact was not taken in: {Refused(outcome)}{(outcome == "if" ? Failed(line) : "")}",
            "step" => outcome == "skipped" ? $"went on at once at {Step(line)}: there is no instant to wait for" : $"{Waits(line)} until {When(line, "until")} ({Step(line)})",
            "branch" => Branched(line, outcome),
            "split" => $"was given the way \"{outcome}\" at {Step(line)}",
            "action" => $"{Did(line)} ({Step(line)})",
            "suppressed" => $"held {Message(line)} back for good ({Step(line)}): {Rule(line, outcome)}",
            "deferred" => $"put {Message(line)} off until {When(line, "until")} ({Step(line)}): {Rule(line, outcome)}",
            "converted" => "converted" + Because(line),
            "exited" => Exited(line, outcome),
            _ => $"{effect} {outcome}".TrimEnd(),
        };
    }

    static string Numbered(JsonElement line)
    {
        string key = Text(line, "key") is { Length: > 0 } k ? $" for \"{k}\"" : "";
        return line.TryGetProperty("entry", out JsonElement entry) && entry.GetInt32() is var n && (n > 1 || key.Length > 0) ? $"{key} (enrollment {n})" : key;
    }

    static string Because(JsonElement line) => Reason(line) is { Length: > 0 } why ? ", because " + why : "";

    static string? Reason(JsonElement line) =>
        line.TryGetProperty("because", out JsonElement because) && Text(because, "words") is { } words ? words : Text(line, "effect") == "enrolled" ? Text(line, "why") : null;

    /// <summary>The leaves of a condition that did not hold.</summary>
    static string Failed(JsonElement line)
    {
        if (!line.TryGetProperty("because", out JsonElement because)) return "";
        string[] failed = [.. Leaves(because)];
        return failed.Length == 0 ? "" : $" (not true: {string.Join("; ", failed)})";
    }

    static IEnumerable<string> Leaves(JsonElement evidence)
    {
        if (!evidence.TryGetProperty("holds", out JsonElement holds) || holds.GetBoolean()) yield break;
        string says = Text(evidence, "says") ?? "";
        if (says is "all of" or "any of" && evidence.TryGetProperty("parts", out JsonElement parts))
        {
            foreach (string leaf in parts.EnumerateArray().SelectMany(Leaves)) yield return leaf;
        }
        else if (says == "not" && evidence.TryGetProperty("parts", out JsonElement inner)) yield return "it must not be so that " + Text(inner[0], "says");
        else yield return says;
    }

    /// <summary>Why the trigger fired in vain.</summary>
    internal static string Refused(string reason) => reason switch
    {
        "paused" => "the journey is paused",
        "active" => "the contact is in it already",
        "limit" => "too many enrollments of this journey run already",
        "if" => "the entry condition does not hold",
        "goal" => "its goal is reached already",
        "exit" => "a reason to leave it is true already",
        "max" => "the contact has been in it as often as is allowed",
        "after" => "the last time is not long enough ago",
        "rollout" => "the contact is not in the share that it is rolled out to",
        _ => reason,
    };

    string Waits(JsonElement line) => StepOf(line) switch
    {
        WaitForStep wait => $"waits until {ConditionWords.Since(wait.Condition)}, at most",
        ReviewStep => "asks a person, at most",
        _ => "waits",
    };

    string Branched(JsonElement line, string outcome) => (StepOf(line), outcome) switch
    {
        (WaitForStep, "then") => $"what was waited for came at {Step(line)}{Because(line)}",
        (WaitForStep, _) => $"time ran out at {Step(line)}",
        (ReviewStep, _) => $"was {outcome} at {Step(line)}",
        (_, "none") => $"no way was open at {Step(line)}",
        (_, "else") => $"took the way \"otherwise\" at {Step(line)}",
        _ => $"took the way \"{outcome}\" at {Step(line)}{Because(line)}",
    };

    static string Exited(JsonElement line, string outcome) => outcome switch
    {
        "goal" => "ended: the goal was reached" + Because(line),
        "completed" => "ended: all steps were done",
        "deleted" => "ended: the contact was deleted",
        "migrated" => "ended: a new version has no such step",
        "restarted" => "ended: a new version began",
        "merged" => "ended: contacts were merged",
        _ => $"ended: \"{outcome}\"{Because(line)}",
    };

    static string Did(JsonElement line) => Text(line, "action") switch
    {
        "sendEmail" => $"sent the mail \"{Arg(line, "template")}\"",
        "notifySales" => $"gave the contact's owner the task \"{Arg(line, "subject")}\"",
        "webhook" => $"called {Arg(line, "url")}",
        "addTag" => $"gave the tag {ArgText(line)}",
        "removeTag" => $"took the tag {ArgText(line)} away",
        "timeline" => $"wrote \"{Arg(line, "subject")}\" on the timeline",
        "setField" => $"set {Arg(line, "field")}",
        "addScore" => $"added to the score \"{Arg(line, "score")}\"",
        "enroll" => $"sent the contact into the journey \"{Arg(line, "journey")}\"",
        "pause" => "paused journeys",
        var other => other ?? "acted",
    };

    /// <summary>The message of a step; the line of one that was held does not say it.</summary>
    string Message(JsonElement line) => StepOf(line) switch
    {
        MessageStep { Action: "sendEmail" } mail => $"the mail \"{mail.Template}\"",
        MessageStep { Action: "notifySales" } task => $"the task \"{DefinitionWords.TextOf(task.Args, "subject")}\"",
        MessageStep call => $"the call of {DefinitionWords.TextOf(call.Args, "url")}",
        _ => Text(line, "action") switch { "sendEmail" => "the mail", "notifySales" => "the task", _ => "the call" },
    };

    string Rule(JsonElement line, string rule)
    {
        string? by = Text(line, "by");
        string winner = line.TryGetProperty("winner", out JsonElement w)
            ? $" The latest that counts went out on {When(w, "at")}, by the journey \"{Text(w, "definition")}\", step \"{Text(w, "step")}\"."
            : "";
        string what = MessageRule(rule);
        return by == null ? what : $"{what}. The rule \"{by}\" says: {PolicyWords.Rule(definitions, by) ?? "(it is no longer there)"}{winner}".TrimEnd('.');
    }

    /// <summary>Why a message did not go out, as lines name it.</summary>
    internal static string MessageRule(string rule) => rule switch
    {
        "maxAge" => "what it is about was too long ago",
        "blocked" => "the address bounced, or its owner complained of spam",
        "doNotEmail" => "the contact must not be mailed (Do not allow emails, or inactive)",
        "doNotBulkEmail" => "the contact wants no bulk mail",
        "consent" => "there is no consent to it",
        "holdout" => "the contact belongs to those who get no messages, to compare with",
        "review" => "a person looks at it first",
        "quietHours" => "it is quiet hours",
        "sendTime" => "it waits for the contact's best hour",
        "cooldown" => "too little time has passed",
        "cap" => "the contact has had enough messages",
        _ => rule,
    };

    Step? StepOf(JsonElement line) =>
        Text(line, "step") is { } id && definitions.OfType<JourneyDefinition>().FirstOrDefault(j => j.Name == Text(line, "definition")) is { } journey
            ? StepWalk.All(journey.Steps).FirstOrDefault(s => s.Id == id) : null;

    static string Step(JsonElement line) => $"step \"{Text(line, "step")}\"";

    static string ArgText(JsonElement line) => line.TryGetProperty("args", out JsonElement args) ? args.GetRawText() : "";

    static string? Arg(JsonElement line, string key) => line.TryGetProperty("args", out JsonElement args) ? DefinitionWords.TextOf(args, key) : null;

    static string When(JsonElement line, string key) => Text(line, key) is { } text && Instant.TryParse(text, out long at) ? TimeWords.At(at) : "?";

    static string? Text(JsonElement json, string key) => DefinitionWords.TextOf(json, key);
}
