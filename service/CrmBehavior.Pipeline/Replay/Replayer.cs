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
    readonly ContactTable contacts = new();
    readonly Dictionary<string, List<byte[]>> visitors = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    readonly SeenIds seen = new();
    readonly EventReader reader;
    readonly EventFrame frame = new();
    readonly Evaluator evaluator;
    readonly IDecisionSink sink;
    long engineTicks;

    /// <summary>A replay of a plan.</summary>
    /// <param name="plan">The plan, compiled with mail delivered at once.</param>
    /// <param name="sink">Where decisions go, in order for each contact.</param>
    public Replayer(Plan plan, IDecisionSink sink)
    {
        reader = new EventReader(plan);
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
        if (!reader.TryRead(line, start, length, frame, out problem)) return false;
        if (frame.ContactId.IsEmpty)
        {
            if (frame.AnonymousId.IsEmpty)
            {
                problem = "\"contactId\" is missing: whose event is it? A visitor nobody knows has an \"anonymousId\"";
                return false;
            }
            return TakeVisitor(line, start, length, out problem);
        }
        Run();
        if (!frame.AnonymousId.IsEmpty) Join(Encoding.UTF8.GetString(frame.AnonymousId), Encoding.UTF8.GetString(frame.ContactId));
        return true;
    }

    /// <summary>Runs the timers of all contacts up to and including an instant.</summary>
    /// <param name="until">Milliseconds since 1970.</param>
    public void RunTimers(long until)
    {
        long began = Stopwatch.GetTimestamp();
        foreach (ContactState contact in contacts.All) evaluator.RunTimers(contact, until, sink);
        engineTicks += Stopwatch.GetTimestamp() - began;
        Latest = Math.Max(Latest, until);
    }

    void Run()
    {
        Events++;
        if (seen.IsRepeated(frame.ContactId, frame.Id))
        {
            Repeated++;
            return;
        }
        if (Only != null && Encoding.UTF8.GetString(frame.ContactId) != Only) return;
        ContactState contact = contacts.Of(frame.ContactId);
        long began = IsMeasured ? Stopwatch.GetTimestamp() : 0;
        evaluator.Handle(contact, frame, sink);
        if (IsMeasured) engineTicks += Stopwatch.GetTimestamp() - began;
        Latest = Math.Max(Latest, contact.Now);
    }

    /// <summary>An event of a visitor: of the contact that he is known to be, or kept until he is known.</summary>
    bool TakeVisitor(byte[] line, int start, int length, out string? problem)
    {
        problem = null;
        string visitor = Encoding.UTF8.GetString(frame.AnonymousId);
        if (known.TryGetValue(visitor, out string? contact))
        {
            frame.Rename(contact);
            Run();
            return true;
        }
        if (!visitors.TryGetValue(visitor, out List<byte[]>? kept)) visitors.Add(visitor, kept = []);
        kept.Add(line.AsSpan(start, length).ToArray());
        return true;
    }

    /// <summary>The visitor is known from now on; what was kept of him follows as late inputs, in order of arrival.</summary>
    void Join(string visitor, string contact)
    {
        known[visitor] = contact;
        if (!visitors.Remove(visitor, out List<byte[]>? kept)) return;
        foreach (byte[] line in kept)
        {
            if (!reader.TryRead(line, 0, line.Length, frame, out _)) continue;
            frame.Rename(contact);
            Run();
        }
    }
}
