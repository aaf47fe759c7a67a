using System.Collections.Generic;
using System.Runtime.InteropServices;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Benchmarks.Measure;

/// <summary>Counts decisions by definition and effect; grades by their names, as <c>counts.json</c> does.</summary>
internal sealed class DecisionCounts : IDecisionSink
{
    readonly Dictionary<(string Definition, string What), long> counts = [];

    public bool WantsBecause => false;

    public bool KeepsDecisions => false;

    public long Total { get; private set; }

    public long this[string definition, string what] => counts.GetValueOrDefault((definition, what));

    public IReadOnlyDictionary<(string Definition, string What), long> All => counts;

    public string? InWords(Evidence evidence) => null;

    public void Add(Decision decision)
    {
        Total++;
        CollectionsMarshal.GetValueRefOrAddDefault(counts, (decision.Definition, decision.Effect == "graded" ? decision.Outcome! : decision.Effect), out _)++;
    }

    public void Note(in ScoreReading reading)
    {
    }
}
