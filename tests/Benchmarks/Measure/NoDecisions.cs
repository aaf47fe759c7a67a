using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Benchmarks.Measure;

/// <summary>Only counts decisions, as whoever measures an engine wants it.</summary>
internal sealed class NoDecisions : IDecisionSink
{
    public bool WantsBecause => false;

    public bool KeepsDecisions => false;

    public long Total { get; private set; }

    public string? InWords(Evidence evidence) => null;

    public void Add(Decision decision) => Total++;

    public void Note(in ScoreReading reading)
    {
    }
}
