using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>Rows reached over a navigation property.</summary>
internal static class RelatedRows
{
    /// <summary>The row a single-valued navigation leads to; null when the lookup is empty or names a row of another table.</summary>
    public static Row? One(RowStore store, Row row, Navigation navigation)
    {
        if (row.Lookup(navigation.Column) is not { } lookup) return null;
        // An owner may be a user or a team, whatever the property says; an activity is reached under its base, too.
        bool fits = lookup.Table == navigation.Target || navigation.Column == "ownerid" || navigation.Target == "activitypointer";
        return fits ? store.Find(lookup.Table, lookup.Id) : null;
    }

    /// <summary>The rows a collection-valued navigation leads to.</summary>
    public static IEnumerable<Row> Of(RowStore store, Row row, Navigation navigation)
    {
        TableInfo target = store.Schema[navigation.Target];
        if (navigation.Kind == NavigationKind.ManyToMany)
            return store.Links(navigation.Relationship).Others(row.Id, navigation.IsFirst).Select(id => store.Find(navigation.Target, id)).OfType<Row>();
        var self = new Lookup(row.Table, row.Id);
        IEnumerable<Row> candidates = store.FindEqual(target, navigation.Column, self) ?? store.All(target);
        return candidates.Where(r => r.Lookup(navigation.Column)?.Id == row.Id);
    }
}
