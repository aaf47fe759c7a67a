using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Derives the navigation properties of a table from the relationships.</summary>
internal static class NavigationBuilder
{
    const string PartyTable = "activityparty";
    const string OwnerTable = "owner";

    public static FrozenDictionary<string, Navigation> Build(TableInfo table, OrgSchema schema)
    {
        var found = new Dictionary<string, Navigation>(StringComparer.Ordinal);
        foreach (OneToMany parent in table.Parents)
            found.TryAdd(parent.ReferencingNavigation,
                new(parent.ReferencingNavigation, NavigationKind.ManyToOne, parent.ReferencedTable, parent.ReferencingColumn, parent.Name));
        foreach (ManyToMany both in table.Intersects)
        {
            bool first = both.FirstTable == table.LogicalName;
            string name = first ? both.FirstNavigation : both.SecondNavigation;
            found.TryAdd(name, new(
                name, NavigationKind.ManyToMany, first ? both.SecondTable : both.FirstTable, "", both.Name)
            { Intersect = both, IsFirst = first });
        }
        foreach (OneToMany child in table.Children)
            if (schema.Find(child.ReferencingTable) is not null)
                found.TryAdd(child.ReferencedNavigation,
                    new(child.ReferencedNavigation, NavigationKind.OneToMany, child.ReferencingTable, child.ReferencingColumn, child.Name));
        if (table.Definition.IsActivity && schema.Find(PartyTable) is not null)
        {
            string parties = table.LogicalName + "_activity_parties";
            found[parties] = new(parties, NavigationKind.Parties, PartyTable, "activityid", parties);
        }
        if (table.IsActivity && schema.Find("activitypointer") is { } activityBase) Inherit(table, activityBase, found);
        AddPlainLookups(table, schema, found);
        foreach (Navigation owner in found.Values.Where(n => n.IsSingle && n.Target == OwnerTable).ToList())
            found[owner.Name] = owner with { Target = "systemuser" };
        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // An activity has the navigation properties of the common base too: regardingobjectid_contact beside regardingobjectid_contact_task.
    static void Inherit(TableInfo table, TableInfo activityBase, Dictionary<string, Navigation> found)
    {
        foreach (OneToMany parent in activityBase.Parents)
            if (table.Columns.ContainsKey(parent.ReferencingColumn))
                found.TryAdd(parent.ReferencingNavigation,
                    new(parent.ReferencingNavigation, NavigationKind.ManyToOne, parent.ReferencedTable, parent.ReferencingColumn, parent.Name));
    }

    // A lookup that no relationship describes (owner, or one whose relationship a solution left out) is reached under its own name.
    static void AddPlainLookups(TableInfo table, OrgSchema schema, Dictionary<string, Navigation> found)
    {
        foreach (Column column in table.AllColumns.Where(c => c.IsLookup))
        {
            string? target = column.Targets.FirstOrDefault(t => schema.Find(t) is not null);
            bool described = found.Values.Any(n => n.Kind == NavigationKind.ManyToOne && n.Column == column.Name && schema.Find(n.Target) is not null);
            if (column.Type == ColumnType.Owner)
                found.TryAdd(column.Name, new(column.Name, NavigationKind.ManyToOne, OwnerTable, column.Name, "owner_" + table.LogicalName));
            else if (!described && target is not null)
                found.TryAdd(column.Name, new(column.Name, NavigationKind.ManyToOne, target, column.Name, $"{target}_{table.LogicalName}_{column.Name}"));
        }
        foreach (string name in found.Where(f => schema.Find(f.Value.Target) is null).Select(f => f.Key).ToList()) found.Remove(name);
    }
}
