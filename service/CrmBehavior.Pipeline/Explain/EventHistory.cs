using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Pipeline.Replay;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Facts about a contact made anew from its events: what the engine would have decided with these definitions.</summary>
public static class EventHistory
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Runs a contact's events up to an instant.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">Id of the contact, as its events say it.</param>
    /// <param name="events">Its events, and those of visitors that it is known to be, as JSON in UTF-8, in order of arrival.</param>
    /// <param name="at">As of when; what arrives after the first event that is later than this is not known yet.</param>
    /// <returns>The facts; null when the contact has no event by then.</returns>
    public static ContactFacts? Run(Plan plan, string contact, IEnumerable<byte[]> events, long at)
    {
        ArgumentNullException.ThrowIfNull(events);
        var sink = new WordedDecisions();
        var replay = new Replayer(plan, sink) { Only = contact };
        var known = new List<byte[]>();
        foreach (byte[] line in events)
        {
            if (EventHead.Read(line) is { } head && head.At > at) break;
            if (replay.Take(line, 0, line.Length, out _)) known.Add(line);
        }
        if (replay.Contacts.FirstOrDefault(c => c.Id == contact) is not { } state) return null;
        replay.RunTimers(at);
        return new ContactFacts(state, at, [.. sink.Lines], known);
    }

    /// <summary>Keeps decisions as lines with why, as the decision log does.</summary>
    sealed class WordedDecisions : IDecisionSink
    {
        public List<byte[]> Lines { get; } = [];

        public bool WantsBecause => true;

        public string InWords(Evidence evidence) => EvidenceWords.Why(evidence);

        public void Add(Decision decision)
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(buffer, Readable)) DecisionLine.Write(json, decision, EvidenceJson.Write);
            Lines.Add(buffer.WrittenSpan.ToArray());
        }

        public void Note(in ScoreReading reading)
        {
        }
    }
}
