using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Benchmarks.Measure;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Benchmarks.Runs;

/// <summary>The measurements by name, and how they are printed.</summary>
internal sealed class Report(int rounds)
{
    const int Contacts = 100_000, Events = 1_000_000;

    readonly Lazy<EventLog> log = new(() => EventGenerator.Generate(Contacts, Events));

    /// <summary>Whether counts came out otherwise than they should.</summary>
    public bool HasDifferences { get; private set; }

    /// <summary>The engine beside the definitions written by hand, in turn, so that a busy machine weighs on both.</summary>
    public void Engine()
    {
        Plan plan = WorkloadDefinitions.Compile(20);
        var counts = new DecisionCounts();
        new EngineRun(log.Value, plan, Contacts).Run(counts);
        Check("engine", counts.All);
        Check("by hand", ReferenceRun.Evaluate(log.Value, Contacts).Counts);
        var own = new List<double>();
        var byHand = new List<double>();
        long allocated = 0;
        double paused = 0;
        for (int i = 0; i < rounds; i++)
        {
            var run = new EngineRun(log.Value, plan, Contacts);
            run.Run(new NoDecisions());
            own.Add(run.Seconds);
            allocated = run.Allocated;
            paused += run.Paused / rounds;
            byHand.Add(ReferenceRun.Evaluate(log.Value, Contacts).Seconds);
        }
        Line("engine", Rate(own), $"allocated {allocated / (double)Events:0} bytes an event, states of new contacts and {counts.Total:N0} decisions included; {paused:0.000} s of collection a round by the clock");
        Line("by hand", Rate(byHand), "");
        Console.WriteLine($"  the engine does {Median(byHand) / Median(own):0.000} of it (median of {rounds}), {byHand.Min() / own.Min():0.000} at best; wanted: 0.2");
    }

    /// <summary>Reading lines, with and without evaluation.</summary>
    public void Parse()
    {
        Plan plan = WorkloadDefinitions.Compile(20);
        var own = new List<double>();
        var all = new List<double>();
        var byHand = new List<double>();
        for (int i = 0; i <= rounds; i++)
        {
            var run = new EngineRun(log.Value, plan, Contacts);
            run.Run(new NoDecisions());
            double reference = ReferenceRun.ParseAndEvaluate(log.Value, Contacts);
            if (i == 0) continue;
            own.Add(run.ParseSeconds);
            all.Add(run.ParseSeconds + run.Seconds);
            byHand.Add(reference);
        }
        Line("the short way", Rate([.. Enumerable.Range(0, rounds).Select(_ => Read(plan, withShortWay: true))]), "lines one by one, nothing else");
        Line("the long way", Rate([.. Enumerable.Range(0, rounds).Select(_ => Read(plan, withShortWay: false))]), "the same by Utf8JsonReader");
        Line("reading lines", Rate(own), "512 ahead, repeated ids told");
        Line("reading, engine", Rate(all), "");
        Line("by hand --parse", Rate(byHand), "");
        Console.WriteLine($"  reading and engine do {Median(byHand) / Median(all):0.000} of it (median of {rounds})");
    }

    double Read(Plan plan, bool withShortWay)
    {
        (EventReader reader, EventFrame frame) = (new(plan, withShortWay), new());
        double began = ProcessorClock.Seconds;
        for (int i = 0; i < log.Value.Count; i++)
        {
            (byte[] buffer, int start, int length) = log.Value[i];
            if (!reader.TryRead(buffer, start, length, frame, out string? problem)) throw new InvalidOperationException(problem);
        }
        return ProcessorClock.Seconds - began;
    }

    /// <summary>The same events under more definitions that look at rare slices.</summary>
    public void ManyDefinitions() => Grow([20, 200, 2000], false, "wanted: at most 1.5 from 20 to 2000");

    /// <summary>The same events under more definitions that all look at common events.</summary>
    public void Overlap() => Grow([20, 65, 200], true, "wanted: no more than in proportion to their number");

    void Grow(int[] sizes, bool overlapping, string wanted)
    {
        double first = 0;
        foreach (int size in sizes)
        {
            Plan plan = WorkloadDefinitions.Compile(size, overlapping);
            var seconds = new List<double>();
            var counts = new DecisionCounts();
            for (int i = 0; i < Math.Max(2, rounds / 2); i++)
            {
                counts = new DecisionCounts();
                var run = new EngineRun(log.Value, plan, Contacts);
                run.Run(counts);
                seconds.Add(run.Seconds);
            }
            if (size == sizes[0]) first = seconds.Min();
            Line($"{size} definitions", Rate(seconds), $"cost x {seconds.Min() / first:0.00}, {counts.Total:N0} decisions");
            CheckAdded(size, overlapping, counts);
        }
        Console.WriteLine("  " + wanted);
    }

    /// <summary>As many events of few and of many contacts.</summary>
    public void ManyContacts()
    {
        double first = 0;
        foreach ((int contacts, int events) in new[] { (10_000, 1_000_000), (100_000, 1_000_000), (1_000_000, 3_000_000) })
        {
            EventLog own = contacts == Contacts ? log.Value : EventGenerator.Generate(contacts, events);
            Plan plan = WorkloadDefinitions.Compile(20);
            var seconds = new List<double>();
            for (int i = 0; i < Math.Max(2, rounds / 2); i++)
            {
                var run = new EngineRun(own, plan, contacts);
                run.Run(new NoDecisions());
                seconds.Add(run.Seconds / events * Events);
            }
            if (first == 0) first = seconds.Min();
            Line($"{contacts:N0} contacts", Rate(seconds), $"cost x {seconds.Min() / first:0.00}");
        }
        Console.WriteLine("  wanted: at most 1.5");
    }

    /// <summary>Serialised state, and what it costs to write and read it.</summary>
    public void State()
    {
        Plan plan = WorkloadDefinitions.Compile(20);
        var run = new EngineRun(log.Value, plan, Contacts);
        run.Run(new NoDecisions());
        var codec = new StateCodec(plan);
        var sizes = new List<int>();
        var states = new List<byte[]>();
        double began = ProcessorClock.Seconds;
        foreach (ContactState? contact in run.Contacts) states.Add(codec.Write(contact!));
        double written = ProcessorClock.Seconds - began;
        foreach (byte[] state in states) codec.Read("c", state);
        double read = ProcessorClock.Seconds - began - written;
        sizes.AddRange(states.Select(s => s.Length));
        Console.WriteLine($"  serialised state: {sizes.Average():0.0} bytes in the mean, {sizes.Max()} at most; wanted: 250 in the mean");
        Console.WriteLine($"  written {sizes.Count / written:N0}, read {sizes.Count / read:N0} a second");
    }

    /// <summary>`crmb replay` in all, as a process.</summary>
    public void Replay()
    {
        var lines = new List<double>();
        var stats = new List<double>();
        var byHand = new List<double>();
        string figures = "";
        ReferenceRun.ParseAndEvaluate(log.Value, Contacts);
        for (int i = 0; i < Math.Max(3, rounds / 2); i++)
        {
            lines.Add(ReplayRun.Measure(log.Value, 20, stats: false).Seconds);
            (double seconds, figures) = ReplayRun.Measure(log.Value, 20, stats: true);
            stats.Add(seconds);
            byHand.Add(ReferenceRun.ParseAndEvaluate(log.Value, Contacts));
        }
        Line("replay, lines", Rate(lines), "whole process, from start to end");
        Line("replay, stats", Rate(stats), figures.Trim());
        Line("by hand --parse", Rate(byHand), "warm, in this process");
        Console.WriteLine($"  replay does {Median(byHand) / Median(lines):0.000} of it; wanted: 0.7");
    }

    void Check(string who, IReadOnlyDictionary<(string Definition, string What), long> counts)
    {
        IReadOnlyList<string> differences = ExpectedCounts.Compare(Contacts, Events, log.Value.Hash(), (definition, what) => counts.GetValueOrDefault((definition, what))) ?? [];
        Tell(who, differences);
    }

    void CheckAdded(int size, bool overlapping, DecisionCounts counts)
    {
        long Counted(string effect) => effect == "total" ? counts.Total : counts.All.Where(c => c.Key.Definition.StartsWith("added-", StringComparison.Ordinal) && (c.Key.What == effect || (effect == "graded" && c.Key.What is "low" or "high"))).Sum(c => c.Value);
        if (ExpectedCounts.CompareAdded(Contacts, Events, $"--definitions {size}{(overlapping ? " --overlap" : "")}", Counted) is { } differences) Tell($"{size} definitions", differences);
    }

    void Tell(string who, IReadOnlyList<string> differences)
    {
        HasDifferences |= differences.Count > 0;
        Console.WriteLine(differences.Count == 0 ? $"  {who}: decisions are exactly those of counts.json" : $"  {who}: {string.Join("; ", differences)}");
    }

    static void Line(string what, string rate, string more) => Console.WriteLine($"  {what,-18} {rate,-44} {more}");

    static string Rate(List<double> seconds) => $"{Events / seconds.Min(),12:N0} events/s at best, {Events / Median(seconds),11:N0} median";

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
