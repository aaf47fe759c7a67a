using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Benchmarks.Measure;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Benchmarks.Runs;

/// <summary>
/// One pass of all events through the engine alone. Lines are read a block ahead, outside the measured time; what is measured is the work of
/// the evaluator with everything that it causes on its thread: memory waits, allocation, collection.
/// </summary>
internal sealed class EngineRun
{
    const int BlockSize = 64;

    readonly EventLog log;
    readonly ContactState?[] contacts;
    readonly Evaluator evaluator;
    readonly Slot[] block = new Slot[BlockSize];
    readonly Input[] inputs = new Input[BlockSize];
    readonly StateRoom room = new();
    readonly SeenIds seen = new();

    sealed class Slot(Plan plan)
    {
        // One reader each: a frame may look into its reader's buffer.
        public EventReader Reader { get; } = new(plan);

        public EventFrame Frame { get; } = new();

    }

    public EngineRun(EventLog log, Plan plan, int contacts)
    {
        this.log = log;
        this.contacts = new ContactState?[contacts];
        evaluator = new Evaluator(plan);
        for (int i = 0; i < BlockSize; i++) block[i] = new Slot(plan);
    }

    /// <summary>Seconds of processor time in the engine.</summary>
    public double Seconds { get; private set; }

    /// <summary>Seconds of processor time for reading lines into frames.</summary>
    public double ParseSeconds { get; private set; }

    /// <summary>Seconds in which the collector had the thread stand; part of <see cref="Seconds"/>.</summary>
    public double Paused { get; private set; }

    /// <summary>Bytes allocated by the engine.</summary>
    public long Allocated { get; private set; }

    public long Repeated { get; private set; }

    public long Latest { get; private set; } = long.MinValue;

    public IReadOnlyList<ContactState?> Contacts => contacts;

    public void Run(IDecisionSink sink)
    {
        TimeSpan paused = GC.GetTotalPauseDuration();
        for (int from = 0; from < log.Count; from += BlockSize)
        {
            int n = Read(from, Math.Min(BlockSize, log.Count - from));
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            double began = ProcessorClock.Seconds;
            evaluator.Handle(inputs.AsSpan(0, n), sink);
            Seconds += ProcessorClock.Seconds - began;
            Allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        foreach (ContactState? contact in contacts) Latest = Math.Max(Latest, contact?.Now ?? Latest);
        ContactState[] met = [.. contacts.OfType<ContactState>()];
        double timers = ProcessorClock.Seconds;
        evaluator.RunTimers(met, Latest, sink);
        Seconds += ProcessorClock.Seconds - timers;
        Paused = (GC.GetTotalPauseDuration() - paused).TotalSeconds;
    }

    /// <summary>Reads lines into frames, without those that arrive again.</summary>
    int Read(int from, int count)
    {
        double began = ProcessorClock.Seconds;
        int n = 0;
        for (int i = 0; i < count; i++)
        {
            (byte[] buffer, int start, int length) = log[from + i];
            if (!block[n].Reader.TryRead(buffer, start, length, block[n].Frame, out string? problem)) throw new InvalidOperationException(problem);
            if (seen.IsRepeated(block[n].Frame.ContactId, block[n].Frame.Id)) Repeated++;
            else n++;
        }
        ParseSeconds += ProcessorClock.Seconds - began;
        for (int i = 0; i < n; i++)
        {
            if (!Utf8Parser.TryParse(block[i].Frame.ContactId[1..], out int number, out _)) throw new InvalidOperationException("The contacts of the workload are named c0, c1, …");
            inputs[i] = new Input(contacts[number] ??= new ContactState("c" + number, room), block[i].Frame);
        }
        return n;
    }
}
