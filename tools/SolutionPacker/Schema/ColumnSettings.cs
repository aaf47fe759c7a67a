namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>How far a value is demanded; only <see cref="System"/> is enforced by the server, the others by forms.</summary>
public enum RequiredLevel
{
    /// <summary>May be empty.</summary>
    None,

    /// <summary>Forms mark it.</summary>
    Recommended,

    /// <summary>Forms demand it (business required); the Web API does not.</summary>
    Application,

    /// <summary>The platform demands it, or fills it itself.</summary>
    System,
}

/// <summary>How a date column treats time zones.</summary>
public enum DateBehavior
{
    /// <summary>An instant, kept in UTC; on the wire <c>2026-01-31T10:00:00Z</c>.</summary>
    UserLocal,

    /// <summary>A day without time; on the wire <c>2026-01-31</c>.</summary>
    DateOnly,

    /// <summary>Date and time that no time zone moves; on the wire with <c>Z</c>.</summary>
    TimeZoneIndependent,
}

/// <summary>Who owns the rows of a table.</summary>
public enum Ownership
{
    /// <summary>Nobody: intersect tables, parties, platform rows.</summary>
    None,

    /// <summary>A user or a team, in <c>ownerid</c>.</summary>
    UserOwned,

    /// <summary>The organisation.</summary>
    OrgOwned,

    /// <summary>A business unit, in <c>businessunitid</c> (users, teams).</summary>
    BusinessOwned,
}
