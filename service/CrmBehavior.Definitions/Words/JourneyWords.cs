using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Journeys in plain English.</summary>
internal static class JourneyWords
{
    public static List<string> Of(JourneyDefinition journey)
    {
        List<string> lines = [Begin(journey)];
        lines.AddRange(Entry(journey));
        if (journey.Goal is { } goal)
        {
            string within = goal.Within is { } time ? $" It counts as a conversion within {Duration.ToWords(time)} of the start, also after the last step." : " It counts as a conversion.";
            lines.Add($"Goal: {ConditionWords.Since(goal.When)}{From(goal.When, "the start")}. Reaching it ends the journey.{within}");
        }
        foreach (Exit exit in journey.Exits)
        {
            string when = exit.When is { } condition ? $"as soon as {ConditionWords.Since(condition)}{From(condition, "the start")}" : $"{Duration.ToWords(exit.After!.Value)} after the start";
            lines.Add($"It also ends {when}: \"{exit.Reason}\".");
        }
        if (journey.MaxAge is { } age) lines.Add($"A message whose cause is more than {Duration.ToWords(age)} old is dropped.");
        if (journey.Category is { } category) lines.Add($"Caps count its messages as \"{category}\", unless a mail says otherwise.");
        if (journey.OnNewVersion == VersionChange.Migrate) lines.Add("When a new version is published, contacts on their way go on in it at the same step, or leave where it has none.");
        if (journey.OnNewVersion == VersionChange.Restart) lines.Add("When a new version is published, contacts on their way begin it from the start.");
        if (journey.Priority != 50) lines.Add($"Priority {journey.Priority} of 100: where messages compete, the higher goes first.");
        if (journey.Run == JourneyRun.Paused) lines.Add("It is paused: nobody comes in and no step is taken until it goes on.");
        if (journey.Run == JourneyRun.Draft) lines.Add("It is a draft and does not run.");
        lines.Add(journey.Steps.Count == 0 ? "It has no steps." : "Steps:");
        Steps(lines, journey.Steps, 1);
        return lines;
    }

    static string Begin(JourneyDefinition journey) => journey.Trigger switch
    {
        { Event: { } pattern } => $"The journey \"{journey.Name}\" starts each time the contact {EventPhrases.Happened(pattern)}.",
        { When: { } when } => $"The journey \"{journey.Name}\" starts whenever it becomes true that {ConditionWords.Of(when)}.",
        _ => $"The journey \"{journey.Name}\" starts only when another journey sends contacts into it.",
    };

    static IEnumerable<string> Entry(JourneyDefinition journey)
    {
        EntryRule entry = journey.Entry;
        if (entry.If is { } condition)
        {
            foreach (string line in ConditionWords.Told("A contact comes in only if", condition)) yield return line;
        }
        string per = entry.Key is { } key ? $" for each {key.Short}" : "";
        yield return entry.Reentry switch
        {
            null => $"A contact comes in only once{per}.",
            { After: null, Max: null } => $"A contact may come in again and again{per}, one enrollment at a time.",
            { After: { } after, Max: null } => $"A contact may come in again{per}, but not within {Duration.ToWords(after)} of the last start.",
            { After: null, Max: { } max } => $"A contact may come in {DefinitionWords.Times(max)} in all{per}.",
            { After: { } after, Max: { } max } => $"A contact may come in {DefinitionWords.Times(max)} in all{per}, but not within {Duration.ToWords(after)} of the last start.",
        };
        if (entry.Key is { } own) yield return $"Goal, exits and waits of an enrollment take no notice of events with another {own.Short}.";
        if (entry.Rollout is { } share) yield return $"Rolled out to {EventPhrases.Text(share * 100)} % of contacts, always the same ones.";
        if (entry.Existing) yield return "When it goes live, it also starts for those of whom this is true already.";
    }

    /// <summary>That events before do not count, where the condition is about events at all.</summary>
    static string From(Condition condition, string where) =>
        References.Leaves(condition).Any(l => l is EventCount or EventAggregate or EventSequence or Absence or AbsenceSince) ? $" (counted from {where})" : "";

    static void Steps(List<string> lines, IReadOnlyList<Step> steps, int depth)
    {
        string indent = new(' ', depth * 2);
        for (int i = 0; i < steps.Count; i++)
        {
            string number = $"{i + 1}.";
            Step step = steps[i];
            switch (step)
            {
                case WaitForStep wait:
                    lines.Add($"{indent}{number} Wait until {ConditionWords.Since(wait.Condition)}{From(wait.Condition, "here")}, at most {Duration.ToWords(wait.AtMost)}.");
                    Arm(lines, "If it comes", wait.Then, depth);
                    Arm(lines, "If time runs out", wait.Else, depth);
                    break;
                case BranchStep branch:
                    lines.Add($"{indent}{number} Take the first way that is open:");
                    for (int a = 0; a < branch.Arms.Count; a++)
                    {
                        string name = branch.Arms[a].Name is { } n ? $" (\"{n}\")" : "";
                        Arm(lines, $"If {ConditionWords.Of(branch.Arms[a].If)}{name}", branch.Arms[a].Then, depth, always: true);
                    }
                    if (branch.Else != null) Arm(lines, "Otherwise", branch.Else, depth, always: true);
                    break;
                case SplitStep split:
                    double total = split.Arms.Sum(a => a.Weight);
                    lines.Add($"{indent}{number} Split contacts at random{(split.Bandit ? ", moving shares to what works better" : "")}:");
                    for (int a = 0; a < split.Arms.Count; a++)
                    {
                        Arm(lines, $"\"{split.Arms[a].Name}\" gets {EventPhrases.Text(split.Arms[a].Weight / total * 100)} %", split.Arms[a].Then, depth, always: true);
                    }
                    break;
                case ReviewStep review:
                    lines.Add($"{indent}{number} Ask a person: \"{DefinitionWords.TextOf(review.Args, "subject")}\". Without an answer within {Duration.ToWords(review.Deadline)} it counts as {(review.ApproveByDefault ? "approved" : "rejected")}.");
                    Arm(lines, "If approved", review.Then, depth);
                    Arm(lines, "If rejected", review.Else, depth);
                    break;
                default:
                    lines.Add($"{indent}{number} {Plain(step)}");
                    break;
            }
        }
    }

    static void Arm(List<string> lines, string when, IReadOnlyList<Step> steps, int depth, bool always = false)
    {
        if (steps.Count == 0 && !always) return;
        lines.Add($"{new string(' ', depth * 2 + 2)}{when}:{(steps.Count == 0 ? " nothing more here." : "")}");
        Steps(lines, steps, depth + 2);
    }

    /// <summary>A step without its arms, as a sentence.</summary>
    public static string Plain(Step step) => step switch
    {
        WaitStep { Until: { } until } wait => $"Wait {(wait.For > 0 ? Duration.ToWords(wait.For) + ", then " : "")}until the next {TimeWords.Hour(until.Time)}{(until.Days == Weekdays.All ? "" : " on " + TimeWords.AnyDay(until.Days))} {TimeWords.Zone(until.Zone)}.",
        WaitStep wait => $"Wait {Duration.ToWords(wait.For)}.",
        WaitUntilStep wait => $"Wait until {Offset(wait.Offset)}the instant in {(wait.Property is { } p ? $"the triggering event's {p.Short}" : $"the contact's {wait.Trait}")}; without one, go on at once.",
        MessageStep { Action: "sendEmail" } mail => $"Send the mail \"{mail.Template}\".",
        MessageStep { Action: "notifySales" } task => Task(task),
        MessageStep webhook => $"Call {DefinitionWords.TextOf(webhook.Args, "url")}.",
        EffectStep { Action: "addTag" } tag => $"Give the tag \"{tag.Args.GetString()}\".",
        EffectStep { Action: "removeTag" } tag => $"Take the tag \"{tag.Args.GetString()}\" away.",
        EffectStep entry => $"Write \"{DefinitionWords.TextOf(entry.Args, "subject")}\" on the timeline.",
        SetFieldStep set => set.Value.ValueKind == System.Text.Json.JsonValueKind.Null ? $"Clear {set.Field}." : $"Set {set.Field} to {set.Value.GetRawText()}.",
        AddScoreStep add => add.Add < 0 ? $"Take {EventPhrases.Text(-add.Add)} from the score \"{add.Score}\"." : $"Add {EventPhrases.Text(add.Add)} to the score \"{add.Score}\".",
        EnrollStep enroll => $"Send the contact into the journey \"{enroll.Journey}\".",
        PauseStep pause => $"Pause {(pause.Journeys == null ? "all other journeys" : (pause.Journeys.Count == 1 ? "the journey " : "the journeys ") + Sentences.And(pause.Journeys.Select(j => $"\"{j}\"")))} for this contact for {Duration.ToWords(pause.For)}.",
        ExitStep exit => exit.Reason == "exit" ? "End here." : $"End here: \"{exit.Reason}\".",
        WaitForStep wait => $"Wait until {ConditionWords.Since(wait.Condition)}, at most {Duration.ToWords(wait.AtMost)}.",
        ReviewStep review => $"Ask a person: \"{DefinitionWords.TextOf(review.Args, "subject")}\".",
        BranchStep => "Take the first way that is open.",
        SplitStep => "Split contacts at random.",
        _ => step.Id,
    };

    static string Task(MessageStep task)
    {
        string priority = DefinitionWords.TextOf(task.Args, "priority") is { } p and not "normal" ? $" with {p} priority" : "";
        string due = DefinitionWords.TextOf(task.Args, "dueIn") is { } text && Duration.TryParse(text, out long time, out _) ? $", due within {Duration.ToWords(time)}" : "";
        string queue = DefinitionWords.TextOf(task.Args, "queue") is { } q ? $", in the queue \"{q}\"" : "";
        return $"Give the contact's owner a task{priority}: \"{DefinitionWords.TextOf(task.Args, "subject")}\"{due}{queue}.";
    }

    static string Offset(long offset) => offset switch
    {
        0 => "",
        < 0 => Duration.ToWords(-offset) + " before ",
        _ => Duration.ToWords(offset) + " after ",
    };
}
