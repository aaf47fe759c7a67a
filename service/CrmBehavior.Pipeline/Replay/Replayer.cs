using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Pipeline.Replay;

/// <summary>
/// Runs events through the engine in the order of a file, as `replay`, scenarios and backtests do: no action leaves the process, every
/// mail counts as delivered at once, an id seen once is ignored for ever.
/// </summary>
public sealed class Replayer
{
    /// <summary>Events that are read before the first of them is run, so that the waits for their contacts and ids are one.</summary>
    const int Block = 32;

    readonly ContactTable contacts = new();
    readonly Dictionary<string, List<byte[]>> visitors = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    readonly SeenIds seen = new();
    readonly ReadAhead[] ahead = new ReadAhead[Block];
    readonly Input[] inputs = new Input[Block];
    readonly Evaluator evaluator;
    readonly IDecisionSink sink;
    int waiting;
    long engineTicks;

    /// <summary>An event that is read and waits. A reader each: the frame may look into its reader's buffer.</summary>
    sealed class ReadAhead(Plan plan)
    {
        public EventReader Reader { get; } = new(plan);

        public EventFrame Frame { get; } = new();

        public ulong ContactHash { get; set; }

        /// <summary>Key against repetition; 0 for an event without id.</summary>
        public ulong Key { get; set; }
    }

    /// <summary>A replay of a plan.</summary>
    /// <param name="plan">The plan, compiled with mail delivered at once.</param>
    /// <param name="sink">Where decisions go, in order for each contact.</param>
    public Replayer(Plan plan, IDecisionSink sink)
    {
        for (int i = 0; i < Block; i++) ahead[i] = new ReadAhead(plan);
        evaluator = new Evaluator(plan);
        this.sink = sink;
    }

    /// <summary>Only this contact's events are run; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Whether the time spent in the engine is measured.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Time spent in the engine, parsing left out, where it is measured.</summary>
    public TimeSpan EngineTime => Stopwatch.GetElapsedTime(0, engineTicks);

    /// <summary>Number of events read, repeated ones included.</summary>
    public long Events { get; private set; }

    /// <summary>Events ignored because their id was seen before.</summary>
    public long Repeated { get; private set; }

    /// <summary>The contacts met so far.</summary>
    public IReadOnlyCollection<ContactState> Contacts => contacts.All;

    /// <summary>The greatest now of all contacts.</summary>
    public long Latest { get; private set; } = Instant.None;

    /// <summary>Takes one event.</summary>
    /// <param name="line">Bytes that hold it; they may be used again after the call.</param>
    /// <param name="start">Where its JSON begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>False when it is no event.</returns>
    public bool Take(byte[] line, int start, int length, out string? problem)
    {
        bool taken = TakeAhead(line, start, length, out problem);
        Run();
        return taken;
    }

    /// <summary>The same, for many: an event may wait for those behind it, at the latest until <see cref="Run"/>.</summary>
    /// <param name="line">Bytes that hold it; they must stay as they are until <see cref="Run"/>.</param>
    /// <param name="start">Where its JSON begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>False when it is no event.</returns>
    public bool TakeAhead(byte[] line, int start, int length, out string? problem)
    {
        ReadAhead next = ahead[waiting];
        EventFrame frame = next.Frame;
        if (!next.Reader.TryRead(line, start, length, frame, out problem)) return false;
        if (frame.AnonymousId.IsEmpty)
        {
            if (!frame.ContactId.IsEmpty)
            {
                Wait(next);
                return true;
            }
            problem = "\"contactId\" is missing: whose event is it? A visitor nobody knows has an \"anonymousId\"";
            return false;
        }
        string visitor = Encoding.UTF8.GetString(frame.AnonymousId);
        if (frame.ContactId.IsEmpty)
        {
            TakeVisitor(visitor, next, line.AsSpan(start, length));
            return true;
        }
        string contact = Encoding.UTF8.GetString(frame.ContactId);
        Wait(next);
        Join(visitor, contact);
        return true;
    }

    /// <summary>Runs the timers of all contacts up to and including an instant.</summary>
    /// <param name="until">Milliseconds since 1970.</param>
    public void RunTimers(long until)
    {
        Run();
        long began = Stopwatch.GetTimestamp();
        evaluator.RunTimers(contacts.Span, until, sink);
        engineTicks += Stopwatch.GetTimestamp() - began;
        Latest = Math.Max(Latest, until);
    }

    void Wait(ReadAhead next)
    {
        next.ContactHash = StableHash.Of(next.Frame.ContactId);
        next.Key = next.Frame.Id.IsEmpty ? 0 : SeenIds.KeyOf(next.ContactHash, next.Frame.Id);
        seen.Fetch(next.Key);
        contacts.Fetch(next.ContactHash);
        if (++waiting == Block) Run();
    }

    /// <summary>Runs the events that wait.</summary>
    public void Run()
    {
        if (waiting == 0) return;
        ReadOnlySpan<ReadAhead> block = ahead.AsSpan(0, waiting);
        foreach (ReadAhead next in block) contacts.Guess(next.ContactHash)?.Fetch();
        foreach (ReadAhead next in block) contacts.Guess(next.ContactHash)?.FetchParts();
        int n = 0;
        foreach (ReadAhead next in block)
        {
            Events++;
            if (next.Key != 0 && seen.IsRepeated(next.Key)) Repeated++;
            else if (Only == null || Encoding.UTF8.GetString(next.Frame.ContactId) == Only) inputs[n++] = new Input(contacts.Of(next.Frame.ContactId, next.ContactHash), next.Frame);
        }
        waiting = 0;
        long began = IsMeasured ? Stopwatch.GetTimestamp() : 0;
        evaluator.Handle(inputs.AsSpan(0, n), sink);
        if (IsMeasured) engineTicks += Stopwatch.GetTimestamp() - began;
        foreach (ref readonly Input input in inputs.AsSpan(0, n)) Latest = Math.Max(Latest, input.Contact.Now);
    }

    /// <summary>An event of a visitor: of the contact that he is known to be, or kept until he is known.</summary>
    void TakeVisitor(string visitor, ReadAhead next, ReadOnlySpan<byte> line)
    {
        if (known.TryGetValue(visitor, out string? contact))
        {
            next.Frame.Rename(contact);
            Wait(next);
            return;
        }
        if (!visitors.TryGetValue(visitor, out List<byte[]>? kept)) visitors.Add(visitor, kept = []);
        kept.Add(line.ToArray());
    }

    /// <summary>The visitor is known from now on; what was kept of him follows as late inputs, in order of arrival.</summary>
    void Join(string visitor, string contact)
    {
        known[visitor] = contact;
        if (!visitors.Remove(visitor, out List<byte[]>? kept)) return;
        foreach (byte[] line in kept)
        {
            ReadAhead next = ahead[waiting];
            if (!next.Reader.TryRead(line, 0, line.Length, next.Frame, out _)) continue;
            next.Frame.Rename(contact);
            Wait(next);
        }
    }
}
