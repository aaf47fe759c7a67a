using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CrmBehavior.Pipeline.Diagnostics;

/// <summary>
/// What the pipeline tells of itself: meter and traces named <c>CrmBehavior</c>. No person can be read from it: traces carry ids of contacts, metrics do not.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>Name of the meter and of the source of traces.</summary>
    public const string Name = "CrmBehavior";

    /// <summary>Where traces begin.</summary>
    public static ActivitySource Traces { get; } = new(Name);

    /// <summary>The meter, to which the host adds what only it can see.</summary>
    public static Meter Meter { get; } = new(Name);

    static readonly Counter<long> Events = Meter.CreateCounter<long>("crmb.events", "{event}", "Events taken in and committed");
    static readonly Counter<long> Repeated = Meter.CreateCounter<long>("crmb.events.repeated", "{event}", "Events that were known already");
    static readonly Counter<long> Decisions = Meter.CreateCounter<long>("crmb.decisions", "{decision}", "Decisions by definition and effect");
    static readonly Counter<long> Effects = Meter.CreateCounter<long>("crmb.effects", "{effect}", "Effects by kind and how they came out");
    static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("crmb.event.lag", "s", "From accepting an event to its commit");
    static readonly Histogram<double> Lateness = Meter.CreateHistogram<double>("crmb.timer.lateness", "s", "How long after its instant a timer was served");
    static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("crmb.effect.delay", "s", "From a decision to its effect outside");

    internal static void Taken(int events, int repeated)
    {
        if (events > 0) Events.Add(events);
        if (repeated > 0) Repeated.Add(repeated);
    }

    internal static void Decided(string kind, string definition, string effect) =>
        Decisions.Add(1, new("kind", kind), new("definition", definition), new KeyValuePair<string, object?>("effect", effect));

    internal static void Lagged(long milliseconds) => Lag.Record(Math.Max(0, milliseconds) / 1000.0);

    internal static void TimerServed(long milliseconds) => Lateness.Record(Math.Max(0, milliseconds) / 1000.0);

    /// <summary>An effect came out.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="outcome"><c>done</c>, <c>retried</c>, <c>parked</c> or <c>dropped</c>.</param>
    /// <param name="milliseconds">How long after its decision; counted for what is done.</param>
    internal static void CameOut(string kind, string outcome, long milliseconds)
    {
        Effects.Add(1, new("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
        if (outcome == "done") Delay.Record(Math.Max(0, milliseconds) / 1000.0, new KeyValuePair<string, object?>("kind", kind));
    }
}
