using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>
/// Privileges that references need: Append on the row that names another, AppendTo on the one that is named, Assign where an owner
/// other than the caller is set.
/// </summary>
internal static class AccessRules
{
    public static void DemandReferences(Caller caller, RowStore store, TableInfo table, RowValues values, Row? before)
    {
        if (caller.IsUnrestricted) return;
        foreach ((string name, object? value) in values)
        {
            if (value is not Lookup lookup || lookup.Equals(before?[name])) continue;
            if (table.Columns[name].Type == ColumnType.Owner)
            {
                if (before is not null || lookup.Id != caller.UserId) Access.Demand(caller, "Assign", table, before);
                continue;
            }
            DemandLink(caller, store, table, before, lookup);
        }
    }

    /// <summary>Append on the one side, AppendTo on the other.</summary>
    public static void DemandLink(Caller caller, RowStore store, TableInfo table, Row? row, Lookup other)
    {
        if (caller.IsUnrestricted) return;
        Access.Demand(caller, "Append", table, row);
        TableInfo target = store.Schema[other.Table];
        Access.Demand(caller, "AppendTo", target, store.Find(other.Table, other.Id));
    }
}
