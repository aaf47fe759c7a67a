using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Scores;

/// <summary>A score that can be run: its value is a record of two words, value and time, in the contact's history.</summary>
internal sealed class CompiledScore : CompiledDefinition
{
    readonly ScoreDefinition source;
    readonly double[] marks;
    readonly string[] grades;
    double leastAsked = double.PositiveInfinity;

    public CompiledScore(ScoreDefinition source, ScoreValueNode node, ScoreRow[] rows) : base(source)
    {
        this.source = source;
        HalfLife = source.HalfLife ?? 0;
        Node = node;
        Rows = rows;
        Grade[] ordered = [.. source.Grades.OrderBy(g => g.From)];
        marks = [.. ordered.Select(g => g.From)];
        grades = [.. ordered.Select(g => g.Name)];
    }

    /// <summary>Where the value is kept.</summary>
    public ScoreValueNode Node { get; }

    /// <summary>What scores, in the order written.</summary>
    public ScoreRow[] Rows { get; }

    public long HalfLife { get; }

    public override bool CanHoldWithoutEvents => false;

    public bool HasGrades => marks.Length > 0;

    /// <summary>Names of the grades from the lowest.</summary>
    public IReadOnlyList<string> GradeNames => grades;

    /// <summary>What changing to each grade raises, or null where nobody listens.</summary>
    public EventShape?[] Graded { get; set; } = [];

    public DecayingValue ValueOf(ContactState contact)
    {
        ReadOnlySpan<long> record = contact.History.Find(Node.Index);
        return record.IsEmpty ? default : new DecayingValue(BitConverter.Int64BitsToDouble(record[0]), record[1], HalfLife);
    }

    /// <summary>Notes that a condition asks for the value.</summary>
    public void AskFor(NumberTest test) => leastAsked = Math.Min(leastAsked, test.IsAtLeast && test.Mark > 0 ? test.Mark : double.NegativeInfinity);

    /// <summary>Makes the value at now so much more, within the score's limits.</summary>
    /// <returns>False when no condition that asks for the value can come out otherwise for it: it was below all that they ask for, and still is.</returns>
    public bool Add(ContactState contact, double points, long now)
    {
        Span<long> record = contact.History.Ensure(Node.Index, 2);
        double before = new DecayingValue(BitConverter.Int64BitsToDouble(record[0]), record[1], HalfLife).At(now);
        double value = Math.Clamp(before + points, source.Min, source.Max);
        (record[0], record[1]) = (BitConverter.DoubleToInt64Bits(value), now);
        return before >= leastAsked || value >= leastAsked;
    }

    /// <summary>Points of an event of some age.</summary>
    public double Decayed(double add, long age) => DecayingValue.Decayed(add, age, HalfLife);

    /// <summary>The grade of a value; grades are numbered from the lowest.</summary>
    public int GradeOf(double value) => DecayingValue.GradeOf(value, marks);

    /// <summary>The lower end of a grade.</summary>
    public double MarkOf(int grade) => marks[grade];

    /// <summary>The grade of a contact: as last told, or else that of the value 0.</summary>
    public int StandingGrade(int stored) => stored == 0 ? GradeOf(0) : stored - 1;

    public long NextGrade(DecayingValue value, long now) => HasGrades ? value.NextGrade(now, marks) : Instant.Never;
}

/// <summary>One row of a score that can be run.</summary>
/// <param name="Score">The score.</param>
/// <param name="Row">Its place from 0.</param>
/// <param name="Add">How much.</param>
/// <param name="Cap">Times at which it scored lately, where it has a cap.</param>
/// <param name="Per">The cap's window.</param>
internal sealed record ScoreRow(int Score, int Row, double Add, ScoringTimes? Cap, long Per);
