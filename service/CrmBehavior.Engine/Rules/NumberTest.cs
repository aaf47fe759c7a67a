using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrmBehavior.Engine.Rules;

/// <summary>One comparison of a number.</summary>
/// <param name="Operator">eq, ne, gt, gte, lt, lte, in or nin.</param>
/// <param name="Numbers">What it is compared with: one number, or a list for in and nin.</param>
public sealed record NumberComparison(Operator Operator, IReadOnlyList<double> Numbers)
{
    readonly double[] numbers = [.. Numbers];

    /// <summary>The only number, or the first.</summary>
    internal double Number => numbers[0];

    /// <summary>Whether the number passes.</summary>
    /// <param name="value">A number.</param>
    /// <returns>True if so.</returns>
    public bool Passes(double value) => Operator switch
    {
        Operator.Eq => value == numbers[0],
        Operator.Ne => value != numbers[0],
        Operator.Gt => value > numbers[0],
        Operator.Gte => value >= numbers[0],
        Operator.Lt => value < numbers[0],
        Operator.Lte => value <= numbers[0],
        Operator.In => numbers.Contains(value),
        _ => !numbers.Contains(value),
    };
}

/// <summary>Comparisons of a number; all must pass.</summary>
public sealed class NumberTest
{
    readonly NumberComparison[] all;
    readonly bool isOrEqual;

    /// <summary>A test of the comparisons given.</summary>
    /// <param name="comparisons">At least one.</param>
    public NumberTest(IReadOnlyList<NumberComparison> comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        all = [.. comparisons];
        IsAtLeast = comparisons is [{ Operator: Operator.Gte or Operator.Gt }];
        isOrEqual = comparisons[0].Operator == Operator.Gte;
        Mark = comparisons[0].Number;
    }

    /// <summary>At least so much, which is what a plain number means.</summary>
    /// <param name="number">The least that passes.</param>
    /// <returns>The test.</returns>
    public static NumberTest AtLeast(double number) => new([new(Operator.Gte, [number])]);

    /// <summary>The comparisons.</summary>
    public IReadOnlyList<NumberComparison> Comparisons => all;

    /// <summary>The same, for the path that every event takes.</summary>
    internal ReadOnlySpan<NumberComparison> All => all;

    /// <summary>Whether it is one lower bound, so that a number that only falls can only cease to pass.</summary>
    internal bool IsAtLeast { get; }

    /// <summary>The number of the first comparison.</summary>
    internal double Mark { get; }

    /// <summary>Whether the number passes.</summary>
    /// <param name="value">A number.</param>
    /// <returns>True if all comparisons pass.</returns>
    public bool Passes(double value)
    {
        if (IsAtLeast) return isOrEqual ? value >= Mark : value > Mark;
        foreach (NumberComparison comparison in all)
        {
            if (!comparison.Passes(value)) return false;
        }
        return true;
    }

    /// <summary>The whole number from which on all pass or all fail: no count beyond it has to be told apart.</summary>
    internal int Saturation
    {
        get
        {
            double most = Comparisons.SelectMany(c => c.Numbers).Max();
            // One more than the greatest number named tells "more than it" from "it", for every operator; gte needs only the number.
            double mark = IsAtLeast && isOrEqual ? Math.Ceiling(most) : Math.Floor(most) + 1;
            return (int)Math.Clamp(mark, 1, int.MaxValue / 4);
        }
    }

    /// <summary>Text that is equal for equal tests.</summary>
    /// <returns>The text.</returns>
    internal string ToKey() => string.Join('&', Comparisons
        .Select(c => $"{c.Operator}({string.Join(',', c.Numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)))})").Order(StringComparer.Ordinal));
}
