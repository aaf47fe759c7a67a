using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Pipeline.Backtest;

/// <summary>Counts what one journey decides; keeps a few numbers per enrollment and no decision.</summary>
internal sealed class BacktestTally(JourneyDefinition journey, long from) : IDecisionSink
{
    const int MostExamples = 10;

    readonly Dictionary<(string Contact, int Entry), Way> ways = [];
    readonly SortedDictionary<string, long> refused = new(StringComparer.Ordinal), exited = new(StringComparer.Ordinal);
    readonly Dictionary<string, SortedDictionary<string, long>> outcomes = [];
    readonly Dictionary<string, long> reached = [];
    readonly Dictionary<string, (long Sent, long PutOff, SortedDictionary<string, long> Held)> messages = [];
    readonly List<long> conversionTimes = [];
    readonly HashSet<string> contacts = new(StringComparer.Ordinal);
    readonly List<string> examples = [];
    long enrolled;
    long ended;

    /// <summary>One enrollment: when it began, and where it has been.</summary>
    sealed class Way(long start)
    {
        public long Start { get; } = start;

        public HashSet<string> Steps { get; } = [];

        public HashSet<string> PutOff { get; } = [];
    }

    public bool WantsBecause => false;

    public bool KeepsDecisions => false;

    public string? InWords(Evidence evidence) => null;

    public void Note(in ScoreReading reading)
    {
    }

    public void Add(Decision decision)
    {
        if (decision.Kind != "journey" || decision.Definition != journey.Name) return;
        if (decision.Effect == "refused")
        {
            if (decision.At >= from) Count(refused, decision.Outcome!);
            return;
        }
        var key = (decision.ContactId, decision.Entry ?? 0);
        if (decision.Effect == "enrolled" && decision.At >= from)
        {
            // A contact that was deleted counts its enrollments anew.
            ways[key] = new Way(decision.At);
            enrolled++;
            if (contacts.Add(decision.ContactId) && examples.Count < MostExamples) examples.Add(decision.ContactId);
        }
        if (ways.TryGetValue(key, out Way? way)) Follow(decision, way);
    }

    void Follow(Decision decision, Way way)
    {
        if (decision.Step is { } step && way.Steps.Add(step)) reached[step] = reached.GetValueOrDefault(step) + 1;
        switch (decision.Effect)
        {
            case "branch" or "split": Count(OutcomesOf(decision.Step!), decision.Outcome!); break;
            case "step" when decision.Outcome == "skipped": Count(OutcomesOf(decision.Step!), "skipped"); break;
            case "action" when decision.Action is "sendEmail" or "notifySales" or "webhook": Change(decision.Step!, m => m with { Sent = m.Sent + 1 }); break;
            case "deferred" when way.PutOff.Add(decision.Step!): Change(decision.Step!, m => m with { PutOff = m.PutOff + 1 }); break;
            case "suppressed":
                Change(decision.Step!, m => m);
                Count(messages[decision.Step!].Held, decision.By == null ? decision.Outcome! : $"{decision.Outcome} {decision.By}");
                break;
            case "converted": conversionTimes.Add(decision.At - way.Start); break;
            case "exited":
                Count(exited, decision.Outcome!);
                ended++;
                break;
        }
    }

    static void Count(SortedDictionary<string, long> counts, string name) => counts[name] = (counts.TryGetValue(name, out long n) ? n : 0) + 1;

    SortedDictionary<string, long> OutcomesOf(string step)
    {
        if (!outcomes.TryGetValue(step, out SortedDictionary<string, long>? counts)) outcomes.Add(step, counts = new(StringComparer.Ordinal));
        return counts;
    }

    void Change(string step, Func<MessageCounts, MessageCounts> change)
    {
        (long sent, long putOff, SortedDictionary<string, long> held) = messages.TryGetValue(step, out var known) ? known : (0, 0, new(StringComparer.Ordinal));
        MessageCounts counts = change(new MessageCounts(sent, putOff));
        messages[step] = (counts.Sent, counts.PutOff, held);
    }

    readonly record struct MessageCounts(long Sent, long PutOff);

    /// <summary>The counts as a report.</summary>
    public BacktestReport Report(long events, long known, long to)
    {
        conversionTimes.Sort();
        return new BacktestReport
        {
            Journey = journey.Name,
            From = from == long.MinValue ? null : Instant.ToText(from),
            To = Instant.ToText(to),
            Events = events,
            Contacts = known,
            ContactsIn = contacts.Count,
            Enrolled = enrolled,
            Refused = refused,
            Steps = [.. StepsOf(journey.Steps, 0)],
            Messages = [.. MessagesOf()],
            Converted = conversionTimes.Count,
            ConversionRate = enrolled == 0 ? 0 : Math.Round((double)conversionTimes.Count / enrolled, 4),
            MedianTimeToConversion = conversionTimes.Count == 0 ? null : Rounded(conversionTimes[conversionTimes.Count / 2]),
            Exited = exited,
            Running = enrolled - ended,
            Examples = examples,
        };
    }

    /// <summary>Nobody asks for the seconds of hours, nor for the minutes of days.</summary>
    static string Rounded(long time)
    {
        long unit = time >= 2 * Duration.Day ? Duration.Hour : time >= Duration.Hour ? Duration.Minute : 1000;
        return Duration.ToWords(time / unit * unit);
    }

    IEnumerable<BacktestStep> StepsOf(IReadOnlyList<Step> steps, int depth)
    {
        foreach (Step step in steps)
        {
            yield return new BacktestStep(step.Id, depth, StepWords.Of(step), reached.GetValueOrDefault(step.Id), outcomes.TryGetValue(step.Id, out SortedDictionary<string, long>? counts) ? counts : new SortedDictionary<string, long>());
            IEnumerable<IReadOnlyList<Step>> arms = step switch
            {
                WaitForStep wait => [wait.Then, wait.Else],
                BranchStep branch => [.. branch.Arms.Select(a => a.Then), branch.Else ?? []],
                SplitStep split => split.Arms.Select(a => a.Then),
                ReviewStep review => [review.Then, review.Else],
                _ => [],
            };
            foreach (BacktestStep inner in arms.SelectMany(a => StepsOf(a, depth + 1))) yield return inner;
        }
    }

    IEnumerable<BacktestMessage> MessagesOf() => CrmBehavior.Definitions.Checks.StepWalk.All(journey.Steps).OfType<MessageStep>().Select(m =>
    {
        (long sent, long putOff, SortedDictionary<string, long> held) = messages.TryGetValue(m.Id, out var known) ? known : (0, 0, new(StringComparer.Ordinal));
        string what = m.Template ?? (m.Args.TryGetProperty(m.Action == "webhook" ? "url" : "subject", out System.Text.Json.JsonElement text) ? text.GetString() ?? "" : "");
        return new BacktestMessage(m.Id, what, m.Action, sent, putOff, held);
    });
}
