using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace CrmBehavior.Pipeline.Backtest;

/// <summary>What a journey would have done with past behaviour. Nothing left the process; every mail counts as delivered at once.</summary>
public sealed record BacktestReport
{
    /// <summary>Name of the journey.</summary>
    public required string Journey { get; init; }

    /// <summary>From when on enrollments are reported: RFC 3339; earlier events only tell what was known by then. Null for all.</summary>
    public string? From { get; init; }

    /// <summary>Up to when: RFC 3339.</summary>
    public required string To { get; init; }

    /// <summary>Events read.</summary>
    public long Events { get; init; }

    /// <summary>Contacts that they are about.</summary>
    public long Contacts { get; init; }

    /// <summary>Contacts that came in.</summary>
    public long ContactsIn { get; init; }

    /// <summary>Enrollments: a contact may come in several times.</summary>
    public long Enrolled { get; init; }

    /// <summary>How often the trigger fired in vain, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>The steps in the order written.</summary>
    public required IReadOnlyList<BacktestStep> Steps { get; init; }

    /// <summary>The mails and other messages, by template, task or address.</summary>
    public required IReadOnlyList<BacktestMessage> Messages { get; init; }

    /// <summary>Enrollments that reached the goal in time.</summary>
    public long Converted { get; init; }

    /// <summary>Share of enrollments that converted, 0 to 1.</summary>
    public double ConversionRate { get; init; }

    /// <summary>The middle time from the start to the conversion, in words; null without conversions.</summary>
    public string? MedianTimeToConversion { get; init; }

    /// <summary>How enrollments ended, by outcome.</summary>
    public required IReadOnlyDictionary<string, long> Exited { get; init; }

    /// <summary>Enrollments still on their way at the end.</summary>
    public long Running { get; init; }

    /// <summary>The first contacts that came in, for looking closer with explain.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}

/// <summary>How many came to a step, and what became of them there.</summary>
/// <param name="Id">Id of the step.</param>
/// <param name="Depth">How deep it lies in arms, from 0.</param>
/// <param name="Words">What it does.</param>
/// <param name="Reached">Enrollments that came to it.</param>
/// <param name="Outcomes">Arms taken, answers, rules that held messages, by name.</param>
public sealed record BacktestStep(string Id, int Depth, string Words, long Reached, IReadOnlyDictionary<string, long> Outcomes);

/// <summary>What became of a message.</summary>
/// <param name="Step">Id of its step.</param>
/// <param name="What">The mail's template, the task's subject, or the address called.</param>
/// <param name="Action">The step kind.</param>
/// <param name="Sent">How many went out.</param>
/// <param name="PutOff">How many were put off at least once.</param>
/// <param name="Held">Held back for good, by rule: <c>cap courtesy/weekly</c>, <c>consent</c>.</param>
public sealed record BacktestMessage(string Step, string What, string Action, long Sent, long PutOff, IReadOnlyDictionary<string, long> Held)
{
    /// <summary>How many were held back for good.</summary>
    [JsonIgnore]
    public long HeldInAll
    {
        get
        {
            long sum = 0;
            foreach (long count in Held.Values) sum += count;
            return sum;
        }
    }
}
