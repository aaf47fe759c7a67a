using System;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Scores;

/// <summary>A value that halves every half-life: <c>v·2^(−(t−t0)/halfLife)</c>, and 0 where that is nearer to 0 than 1e-9.</summary>
/// <param name="Value">v, the value at t0.</param>
/// <param name="Since">t0, milliseconds since 1970.</param>
/// <param name="HalfLife">Milliseconds; 0 for no decay.</param>
internal readonly record struct DecayingValue(double Value, long Since, long HalfLife)
{
    const double Nothing = 1e-9;

    /// <summary>The value at an instant no earlier than t0.</summary>
    public double At(long t)
    {
        if (Value == 0 || HalfLife == 0) return Value;
        double value = Decayed(Value, t - Since, HalfLife);
        return Math.Abs(value) < Nothing ? 0 : value;
    }

    /// <summary>A number after some time.</summary>
    public static double Decayed(double value, long time, long halfLife) =>
        halfLife == 0 || time == 0 ? value : value * Math.Pow(2, -(double)time / halfLife);

    /// <summary>The first instant after now at which a test comes out otherwise; <see cref="Instant.Never"/> if none.</summary>
    public long NextChange(long now, NumberTest test)
    {
        long earliest = Instant.Never;
        if (Value == 0 || HalfLife == 0) return earliest;
        foreach (NumberComparison comparison in test.All)
        {
            bool passes = comparison.Passes(At(now));
            // The value goes straight towards 0, so a comparison with one number changes once at most.
            if (comparison.Passes(0) != passes) earliest = Math.Min(earliest, FirstOtherwise(now, comparison.Number, new InComparison(comparison), passes));
        }
        return earliest;
    }

    /// <summary>The first instant after now at which the value has another grade; <see cref="Instant.Never"/> if none.</summary>
    public long NextGrade(long now, double[] marks)
    {
        if (Value == 0 || HalfLife == 0) return Instant.Never;
        int grade = GradeOf(At(now), marks);
        if (GradeOf(0, marks) == grade) return Instant.Never;
        // Falling, it leaves its grade below that grade's mark; rising towards 0, it enters the next at the next mark.
        double mark = Value > 0 ? marks[grade] : marks[Math.Min(grade + 1, marks.Length - 1)];
        return FirstOtherwise(now, mark, new InGrade(grade, marks), true);
    }

    /// <summary>Index of the grade with the greatest mark not above the value; the lowest when all are above. Marks in order.</summary>
    public static int GradeOf(double value, double[] marks)
    {
        int grade = 0;
        for (int i = 1; i < marks.Length && marks[i] <= value; i++) grade = i;
        return grade;
    }

    /// <summary>
    /// The first whole millisecond after now at which `passes` no longer gives `before`, by way of the instant at which the value is near
    /// the mark; what counts is the value as <see cref="At"/> gives it, so the neighbourhood is tried.
    /// </summary>
    long FirstOtherwise<T>(long now, double mark, T passes, bool before) where T : struct, IQuestion
    {
        double ratio = mark == 0 || mark < 0 != Value < 0 ? Nothing / Math.Abs(Value) : mark / Value;
        double estimate = Since + HalfLife * -Math.Log2(Math.Max(ratio, Nothing / Math.Abs(Value)));
        if (!(estimate < Instant.Latest)) return Instant.Never;
        long t = Math.Max(now + 1, (long)Math.Floor(estimate));
        if (passes.Of(At(t)) == before)
        {
            long step = 1;
            while (passes.Of(At(t + step)) == before)
            {
                t += step;
                if (t > Instant.Latest) return Instant.Never;
                step *= 2;
            }
            return Bisect(t, t + step, passes, before);
        }
        for (long step = 1; t > now + 1; step *= 2)
        {
            long earlier = Math.Max(now, t - step);
            if (passes.Of(At(earlier)) == before) return Bisect(earlier, t, passes, before);
            t = earlier;
        }
        return t;
    }

    long Bisect<T>(long low, long high, T passes, bool before) where T : struct, IQuestion
    {
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (passes.Of(At(middle)) == before) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>A yes or no about a value; structs, so that asking allocates nothing.</summary>
    interface IQuestion
    {
        bool Of(double value);
    }

    readonly struct InComparison(NumberComparison comparison) : IQuestion
    {
        public bool Of(double value) => comparison.Passes(value);
    }

    readonly struct InGrade(int grade, double[] marks) : IQuestion
    {
        public bool Of(double value) => GradeOf(value, marks) == grade;
    }
}
