using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using CrmBehavior.Benchmarks.Measure;
using CrmBehavior.Benchmarks.Reference;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Benchmarks.Runs;

/// <summary>One pass of all events through the definitions written out by hand: the yardstick, measured beside the engine in the same run.</summary>
internal static class ReferenceRun
{
    /// <summary>Evaluation alone: all facts are read beforehand, so that nothing else is in the processor's cache.</summary>
    public static (double Seconds, IReadOnlyDictionary<(string, string), long> Counts) Evaluate(EventLog log, int contacts)
    {
        var reader = new FactReader();
        var engine = new HandTuned(contacts);
        var seen = new SeenIds();
        var facts = new List<Fact>(log.Count);
        for (int i = 0; i < log.Count; i++)
        {
            if (Read(log, i, reader, seen, out Fact fact)) facts.Add(fact);
        }
        double began = ProcessorClock.Seconds;
        foreach (ref readonly Fact fact in CollectionsMarshal.AsSpan(facts)) engine.Handle(fact);
        engine.RunOut();
        return (ProcessorClock.Seconds - began, engine.Counts);
    }

    /// <summary>Reading, telling repeated ids, and evaluation, line by line.</summary>
    public static double ParseAndEvaluate(EventLog log, int contacts)
    {
        double began = ProcessorClock.Seconds;
        var reader = new FactReader();
        var engine = new HandTuned(contacts);
        var seen = new SeenIds();
        for (int i = 0; i < log.Count; i++)
        {
            if (Read(log, i, reader, seen, out Fact fact)) engine.Handle(fact);
        }
        engine.RunOut();
        return ProcessorClock.Seconds - began;
    }

    static bool Read(EventLog log, int place, FactReader reader, SeenIds seen, out Fact fact)
    {
        (byte[] buffer, int start, int length) = log[place];
        reader.Read(buffer.AsSpan(start, length), out fact, out ReadOnlySpan<byte> id);
        Span<byte> contact = stackalloc byte[4];
        BitConverter.TryWriteBytes(contact, fact.Contact);
        return !seen.IsRepeated(contact, id);
    }
}
