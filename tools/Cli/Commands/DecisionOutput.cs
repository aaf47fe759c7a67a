using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Cli.Commands;

/// <summary>Prints decisions as NDJSON, or only counts them.</summary>
internal sealed class DecisionOutput : IDecisionSink, IDisposable
{
    const int Block = 64 * 1024;

    readonly Stream stream;
    readonly HashSet<string>? kinds;
    readonly bool because;
    readonly bool countsOnly;
    readonly ArrayBufferWriter<byte> buffer = new(Block * 2);
    readonly Utf8JsonWriter json;
    readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);

    public DecisionOutput(Stream stream, HashSet<string>? kinds, bool because, bool countsOnly)
    {
        this.stream = stream;
        this.kinds = kinds;
        this.because = because;
        this.countsOnly = countsOnly;
        // The lines are for programs and terminals, not for the inside of a page.
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Number of decisions by effect, where only counts are asked for.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    public bool WantsBecause => because;

    public bool KeepsDecisions => false;

    public string? InWords(Evidence evidence) => because ? EvidenceWords.Why(evidence) : null;

    public void Note(in ScoreReading reading)
    {
    }

    public void Add(Decision decision)
    {
        if (kinds?.Contains(decision.Kind) == false) return;
        if (countsOnly)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, decision.Effect, out _)++;
            return;
        }
        if (because || !PlainDecisionLine.TryWrite(buffer, decision))
        {
            json.Reset(buffer);
            DecisionLine.Write(json, decision, because ? EvidenceJson.Write : null);
            json.Flush();
        }
        buffer.Write("\n"u8);
        if (buffer.WrittenCount >= Block) Flush();
    }

    public void Flush()
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        stream.Flush();
    }

    public void Dispose() => json.Dispose();
}
