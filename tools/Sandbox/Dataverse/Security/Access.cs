using System;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Security;

/// <summary>Checks privileges: whether a user may do something to a table at all, and to a row that somebody owns.</summary>
internal static class Access
{
    /// <summary>Refuses (403) unless the caller may do it, to this row if one is given.</summary>
    public static void Demand(Caller caller, string verb, TableInfo table, Row? row)
    {
        if (caller.IsUnrestricted) return;
        string privilege = PrivilegeNames.Of(verb, table);
        if (caller.Reach(privilege) is not { } depth || row is not null && !Covers(caller, depth, table, row))
            throw Failure.PrivilegeDenied(caller.UserId, privilege, table.LogicalName);
    }

    /// <summary>Refuses (403) unless the caller has a privilege that is about no table.</summary>
    public static void DemandNamed(Caller caller, string privilege)
    {
        if (caller.Reach(privilege) is null) throw Failure.PrivilegeDenied(caller.UserId, privilege, "");
    }

    /// <summary>Which rows a caller may read; null is all. Refuses when it is none.</summary>
    public static Func<Row, bool>? Readable(Caller caller, TableInfo table)
    {
        if (caller.IsUnrestricted) return null;
        string privilege = PrivilegeNames.Of("Read", table);
        PrivilegeDepth depth = caller.Reach(privilege) ?? throw Failure.PrivilegeDenied(caller.UserId, privilege, table.LogicalName);
        return depth == PrivilegeDepth.Global || !table.IsOwned ? null : row => Covers(caller, depth, table, row);
    }

    static bool Covers(Caller caller, PrivilegeDepth depth, TableInfo table, Row row)
    {
        if (depth == PrivilegeDepth.Global || !table.IsOwned) return true;
        if (row.Lookup("ownerid") is { } owner && (owner.Id == caller.UserId || caller.Teams.Contains(owner.Id))) return true;
        return depth != PrivilegeDepth.Basic && row.Lookup("owningbusinessunit")?.Id == caller.BusinessUnitId;
    }
}
