using System;
using System.Collections.Generic;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Takes what the engine decides about one contact in a batch.</summary>
internal sealed class BatchSink : IDecisionSink
{
    public List<Decision> Decisions { get; } = [];

    /// <summary>The latest reading of each score that has changed.</summary>
    public Dictionary<string, ScoreReading> Scores { get; } = new(StringComparer.Ordinal);

    /// <summary>The trace of the event at hand, or null.</summary>
    public string? Trace { get; set; }

    public bool WantsBecause => true;

    public string InWords(Evidence evidence) => EvidenceWords.Why(evidence);

    public void Add(Decision decision) => Decisions.Add(decision);

    public void Note(in ScoreReading reading)
    {
        bool isNewGrade = reading.IsNewGrade || (Scores.TryGetValue(reading.Score, out ScoreReading before) && before.IsNewGrade);
        Scores[reading.Score] = reading with { IsNewGrade = isNewGrade };
    }
}
