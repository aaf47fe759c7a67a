using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Rules;

/// <summary>An operator of a test.</summary>
public enum Operator
{
    /// <summary>Equal.</summary>
    Eq,

    /// <summary>Not equal.</summary>
    Ne,

    /// <summary>Greater.</summary>
    Gt,

    /// <summary>Greater or equal.</summary>
    Gte,

    /// <summary>Less.</summary>
    Lt,

    /// <summary>Less or equal.</summary>
    Lte,

    /// <summary>Equal to one of a list.</summary>
    In,

    /// <summary>Equal to none of a list.</summary>
    Nin,

    /// <summary>Text begins so.</summary>
    StartsWith,

    /// <summary>Text ends so.</summary>
    EndsWith,

    /// <summary>Text has this in it; a list has an equal element.</summary>
    Contains,

    /// <summary>There is a value, or there is none.</summary>
    Exists,
}

/// <summary>One comparison.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Operands">What it is compared with: one value, or the list of <see cref="Operator.In"/> and <see cref="Operator.Nin"/>.</param>
public sealed record Comparison(Operator Operator, IReadOnlyList<Value> Operands)
{
    readonly Value[] operands = [.. Operands];

    /// <summary>The only operand, or the first.</summary>
    public Value Operand => operands[0];

    /// <summary>Whether a value passes.</summary>
    internal bool Passes(in Value value)
    {
        switch (Operator)
        {
            case Operator.Exists: return value.IsMissing != operands[0].IsTrue;
            case Operator.Eq: return value.IsEqualTo(operands[0]);
            case Operator.Ne: return !value.IsEqualTo(operands[0]);
            case Operator.In: return IsAny(value);
            case Operator.Nin: return !IsAny(value);
            case Operator.StartsWith: return value.StartsWith(operands[0]);
            case Operator.EndsWith: return value.EndsWith(operands[0]);
            case Operator.Contains: return value.Contains(operands[0]);
            default:
                if (!value.TryCompare(operands[0], out int order)) return false;
                return Operator switch
                {
                    Operator.Gt => order > 0,
                    Operator.Gte => order >= 0,
                    Operator.Lt => order < 0,
                    _ => order <= 0,
                };
        }
    }

    bool IsAny(in Value value)
    {
        foreach (ref readonly Value operand in operands.AsSpan())
        {
            if (value.IsEqualTo(operand)) return true;
        }
        return false;
    }
}

/// <summary>Comparisons of a value; all must pass.</summary>
/// <param name="Comparisons">At least one.</param>
public sealed record ValueTest(IReadOnlyList<Comparison> Comparisons)
{
    readonly Comparison[] comparisons = [.. Comparisons];

    /// <summary>Whether the value passes; a missing one only `ne`, `nin` and `exists:false`.</summary>
    /// <param name="value">A value, or the missing one.</param>
    /// <returns>True if all comparisons pass.</returns>
    public bool Passes(in Value value)
    {
        foreach (Comparison comparison in comparisons)
        {
            if (!comparison.Passes(value)) return false;
        }
        return true;
    }

    /// <summary>Text that is equal for equal tests; part of the keys under which state is kept.</summary>
    /// <returns>The text.</returns>
    internal string ToKey() =>
        string.Join('&', Comparisons.Select(c => $"{c.Operator}({string.Join(',', c.Operands.Select(o => o.ToKey()))})").Order(StringComparer.Ordinal));
}
