using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Security;

/// <summary>Who acts: a user with what the roles allow. Immutable; made anew when roles change.</summary>
internal sealed class Caller
{
    public required Guid UserId { get; init; }

    public required Guid BusinessUnitId { get; init; }

    /// <summary>System administrators, and the platform itself.</summary>
    public bool IsUnrestricted { get; init; }

    /// <summary>How far each privilege reaches, by lower-case name.</summary>
    public FrozenDictionary<string, PrivilegeDepth> Privileges { get; init; } = FrozenDictionary<string, PrivilegeDepth>.Empty;

    /// <summary>Teams the user belongs to.</summary>
    public IReadOnlySet<Guid> Teams { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>How far a privilege reaches; null when the user lacks it.</summary>
    public PrivilegeDepth? Reach(string privilege) =>
        IsUnrestricted ? PrivilegeDepth.Global : Privileges.TryGetValue(privilege.ToLowerInvariant(), out PrivilegeDepth depth) ? depth : null;
}
