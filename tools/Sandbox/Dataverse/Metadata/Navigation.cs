using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Which way a navigation property leads.</summary>
internal enum NavigationKind
{
    /// <summary>From the row that has the lookup to the one it names.</summary>
    ManyToOne,

    /// <summary>From a row to those that name it.</summary>
    OneToMany,

    /// <summary>Over an intersect table.</summary>
    ManyToMany,

    /// <summary>From an activity to its parties.</summary>
    Parties,
}

/// <summary>A navigation property of a table.</summary>
/// <param name="Name">Name in the Web API; case matters.</param>
/// <param name="Kind">Which way it leads.</param>
/// <param name="Target">Logical name of the table it leads to.</param>
/// <param name="Column">The lookup that carries it, on this table (N:1) or the other (1:N); empty for N:N.</param>
/// <param name="Relationship">Schema name of the relationship.</param>
internal sealed record Navigation(string Name, NavigationKind Kind, string Target, string Column, string Relationship)
{
    /// <summary>Of N:N: the relationship.</summary>
    public ManyToMany? Intersect { get; init; }

    /// <summary>Of N:N: whether this side is the first of the relationship.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether it leads to one row at most.</summary>
    public bool IsSingle => Kind == NavigationKind.ManyToOne;
}
