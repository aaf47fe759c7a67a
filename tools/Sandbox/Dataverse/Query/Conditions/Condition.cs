using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Conditions;

/// <summary>What rows have to fulfil; the one form that <c>$filter</c>, FetchXML and query expressions are brought into.</summary>
internal abstract record Condition;

/// <summary>All parts hold.</summary>
internal sealed record AllOf(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>At least one part holds.</summary>
internal sealed record AnyOf(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>The part does not hold.</summary>
internal sealed record Negation(Condition Part) : Condition;

/// <summary>Holds always, or never.</summary>
internal sealed record Always(bool Holds) : Condition;

/// <summary>A column passes a test; values are of the column's own type.</summary>
internal sealed record ColumnTest(ColumnPath Path, ConditionOperator Operator, IReadOnlyList<object?> Values) : Condition;

/// <summary>Two columns compare.</summary>
internal sealed record ColumnComparison(ColumnPath Left, ConditionOperator Operator, ColumnPath Right) : Condition;

/// <summary>At least one related row (or, with <paramref name="Every"/>, each of them) fulfils the inner condition; null is any row.</summary>
internal sealed record RelatedTest(IReadOnlyList<Navigation> Hops, Navigation Collection, Condition? Inner, bool Every) : Condition;

/// <summary>
/// Rows of another table whose <paramref name="From"/> equals this row's <paramref name="To"/>: how many of them fulfil the inner condition.
/// </summary>
internal sealed record JoinTest(string? Alias, Column To, TableInfo Table, Column From, Condition? Inner, JoinMatch Match) : Condition;

/// <summary>What a <see cref="JoinTest"/> asks.</summary>
internal enum JoinMatch
{
    /// <summary>At least one fulfils the condition.</summary>
    Any,

    /// <summary>None does, or there is none.</summary>
    NotAny,

    /// <summary>There are some, but none fulfils the condition; the platform's word for it is "all".</summary>
    SomeButNoneFulfil,
}

/// <summary>A column reached from a row over single-valued navigation properties.</summary>
/// <param name="Alias">Of a joined table; null is the row itself.</param>
/// <param name="Hops">Navigation properties to follow first.</param>
/// <param name="Table">The table the column is of.</param>
/// <param name="Column">The column.</param>
internal sealed record ColumnPath(string? Alias, IReadOnlyList<Navigation> Hops, TableInfo Table, Column Column)
{
    /// <summary>Whether it is a column of the row itself.</summary>
    public bool IsOwn => Alias is null && Hops.Count == 0;
}
