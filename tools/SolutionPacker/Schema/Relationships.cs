namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>What happens to the rows that point to a deleted row.</summary>
public enum CascadeDelete
{
    /// <summary>Nothing; the platform clears or keeps the reference itself.</summary>
    NoCascade,

    /// <summary>They are deleted too.</summary>
    Cascade,

    /// <summary>Their reference is cleared.</summary>
    RemoveLink,

    /// <summary>The deletion is refused while there are any.</summary>
    Restrict,
}

/// <summary>A 1:N relationship; a lookup that may point to several tables has one for each.</summary>
public sealed record OneToMany
{
    /// <summary>Schema name.</summary>
    public required string Name { get; init; }

    /// <summary>Logical name of the table on the N side, which has the lookup.</summary>
    public required string ReferencingTable { get; init; }

    /// <summary>Logical name of the lookup.</summary>
    public required string ReferencingColumn { get; init; }

    /// <summary>Logical name of the table on the 1 side.</summary>
    public required string ReferencedTable { get; init; }

    /// <summary>Single-valued navigation property on the N side: the name in <c>…@odata.bind</c>. Case matters.</summary>
    public required string ReferencingNavigation { get; init; }

    /// <summary>Collection-valued navigation property on the 1 side. Case matters.</summary>
    public required string ReferencedNavigation { get; init; }

    /// <summary>What deleting the 1 side does.</summary>
    public CascadeDelete Delete { get; init; }

    /// <summary>Whether a solution made it, rather than the platform.</summary>
    public bool IsCustom { get; init; }
}

/// <summary>An N:N relationship over its intersect table.</summary>
public sealed record ManyToMany
{
    /// <summary>Schema name.</summary>
    public required string Name { get; init; }

    /// <summary>Logical name of the intersect table.</summary>
    public required string IntersectTable { get; init; }

    /// <summary>Entity set of the intersect table.</summary>
    public required string IntersectSetName { get; init; }

    /// <summary>Logical name of the first table.</summary>
    public required string FirstTable { get; init; }

    /// <summary>Column of the intersect table that holds the first row's id.</summary>
    public required string FirstColumn { get; init; }

    /// <summary>Navigation property on the first table, to rows of the second.</summary>
    public required string FirstNavigation { get; init; }

    /// <summary>Logical name of the second table.</summary>
    public required string SecondTable { get; init; }

    /// <summary>Column of the intersect table that holds the second row's id.</summary>
    public required string SecondColumn { get; init; }

    /// <summary>Navigation property on the second table, to rows of the first.</summary>
    public required string SecondNavigation { get; init; }

    /// <summary>Whether a solution made it, rather than the platform.</summary>
    public bool IsCustom { get; init; }
}
