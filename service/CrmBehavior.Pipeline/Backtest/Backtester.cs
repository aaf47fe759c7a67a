using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Replay;

namespace CrmBehavior.Pipeline.Backtest;

/// <summary>
/// Runs past behaviour through the engine as if a journey had been live: who would have come in, how far, which mails, how many
/// conversions. The same evaluation as live; nothing leaves the process.
/// </summary>
public sealed class Backtester
{
    readonly BacktestTally tally;
    readonly Replayer replay;

    /// <summary>A backtest of one journey.</summary>
    /// <param name="definitions">All definitions, sound; a draft or paused journey is tried as if it were live.</param>
    /// <param name="journey">Name of the journey.</param>
    /// <param name="from">Enrollments before this are not reported, milliseconds since 1970; null reports all.</param>
    /// <exception cref="BacktestException">There is no such journey.</exception>
    public Backtester(IReadOnlyList<Definition> definitions, string journey, long? from = null)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        JourneyDefinition[] journeys = [.. definitions.OfType<JourneyDefinition>()];
        JourneyDefinition tried = Array.Find(journeys, j => j.Name == journey)
            ?? throw new BacktestException($"there is no journey named \"{journey}\".{Nearest.Hint(journey, journeys.Select(j => j.Name))}");
        JourneyDefinition live = tried with { Run = JourneyRun.Live };
        tally = new BacktestTally(live, from ?? long.MinValue);
        replay = new Replayer(Plan.Compile([.. definitions.Select(d => ReferenceEquals(d, tried) ? live : d)], new PlanOptions { MailIsDeliveredAtOnce = true }), tally);
    }

    /// <summary>Takes one event, in order of arrival for each contact.</summary>
    /// <param name="line">Bytes that hold it; they may be used again after the call.</param>
    /// <param name="start">Where its JSON begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>False when it is no event.</returns>
    public bool Take(byte[] line, int start, int length, out string? problem) => replay.Take(line, start, length, out problem);

    /// <summary>Lets time run and reports.</summary>
    /// <param name="until">Up to when; null for the latest time of all contacts.</param>
    /// <returns>The report.</returns>
    public BacktestReport Finish(long? until = null)
    {
        long to = until ?? replay.Latest;
        if (to == Instant.None) to = 0;
        replay.RunTimers(to);
        return tally.Report(replay.Events, replay.Contacts.Count, to);
    }

    /// <summary>Runs a source of events to its end.</summary>
    /// <param name="definitions">All definitions, sound.</param>
    /// <param name="journey">Name of the journey.</param>
    /// <param name="events">Events as JSON in UTF-8, in order of arrival for each contact; those that are none are passed over.</param>
    /// <param name="from">Enrollments before this are not reported; null reports all.</param>
    /// <param name="until">Up to when time runs; null for the latest time of all contacts.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The report.</returns>
    /// <exception cref="BacktestException">There is no such journey.</exception>
    public static async Task<BacktestReport> RunAsync(
        IReadOnlyList<Definition> definitions, string journey, IAsyncEnumerable<byte[]> events, long? from, long? until, CancellationToken cancellation)
    {
        var backtest = new Backtester(definitions, journey, from);
        await foreach (byte[] line in events.WithCancellation(cancellation)) backtest.Take(line, 0, line.Length, out _);
        return backtest.Finish(until);
    }
}

/// <summary>A backtest cannot be run; the message says why and what to do.</summary>
public sealed class BacktestException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">Why, and what to do.</param>
    public BacktestException(string message) : base(message)
    {
    }
}
