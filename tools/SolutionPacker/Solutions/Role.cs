using System;
using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>How far a privilege reaches.</summary>
public enum PrivilegeDepth
{
    /// <summary>Rows of the user (and those shared with him).</summary>
    Basic,

    /// <summary>Rows of the user's business unit.</summary>
    Local,

    /// <summary>Rows of the user's business unit and those below.</summary>
    Deep,

    /// <summary>All rows.</summary>
    Global,
}

/// <summary>A security role.</summary>
public sealed record Role
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>What it allows.</summary>
    public IReadOnlyList<RolePrivilege> Privileges { get; init; } = [];
}

/// <summary>One privilege of a role.</summary>
public sealed record RolePrivilege
{
    /// <summary><c>prv</c>, a verb, and the schema name of a table; or the name of a privilege of no table.</summary>
    public required string Name { get; init; }

    /// <summary>How far it reaches.</summary>
    public required PrivilegeDepth Depth { get; init; }
}
