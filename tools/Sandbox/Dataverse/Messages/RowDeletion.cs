using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>What deleting a row does to the rows that name it: they go too, lose the reference, or forbid it, as the relationship says.</summary>
internal sealed class RowDeletion(RowStore store)
{
    /// <summary>Prepares the removal of a row; rows that go with it are handed to <paramref name="delete"/>.</summary>
    public void Detach(RowTransaction tx, TableInfo table, Row row, Action<TableInfo, Guid> delete)
    {
        var self = new Lookup(table.LogicalName, row.Id);
        foreach (OneToMany relationship in table.Children)
        {
            if (store.Schema.Find(relationship.ReferencingTable) is not { IsActivityBase: false } child
                || !child.IndexedLookups.Contains(relationship.ReferencingColumn)) continue;
            List<Row> children = [.. store[child.LogicalName].FindEqual(relationship.ReferencingColumn, self)!.Where(
                r => self.Equals(r[relationship.ReferencingColumn]))];
            if (children.Count == 0) continue;
            if (relationship.Delete == CascadeDelete.Restrict) throw Failure.Restricted();
            foreach (Row found in children)
            {
                // A cascade may have taken it already by another way.
                if (store[child.LogicalName].Find(found.Id) is not { } current) continue;
                if (relationship.Delete == CascadeDelete.Cascade) delete(child, current.Id);
                else Clear(tx, child, current, relationship.ReferencingColumn);
            }
        }
        RemoveParties(tx, table, row);
        foreach (ManyToMany relationship in table.Intersects)
        {
            LinkRows links = store.Links(relationship.Name);
            if (relationship.FirstTable == table.LogicalName)
                foreach (Guid other in links.Others(row.Id, fromFirst: true).ToList()) tx.RemoveLink(relationship.Name, row.Id, other);
            if (relationship.SecondTable == table.LogicalName)
                foreach (Guid other in links.Others(row.Id, fromFirst: false).ToList()) tx.RemoveLink(relationship.Name, other, row.Id);
        }
    }

    void RemoveParties(RowTransaction tx, TableInfo table, Row row)
    {
        if (!table.IsActivity || store.Schema.Find("activityparty") is null) return;
        foreach (Row party in store["activityparty"].FindEqual("activityid", new Lookup(table.LogicalName, row.Id))?.ToList() ?? []) tx.Remove(party);
    }

    void Clear(RowTransaction tx, TableInfo table, Row row, string column)
    {
        RowValues values = row.ToValues();
        values.Remove(column);
        tx.Replace(row, new Row(table.LogicalName, row.Id, store.NextVersion(), row.StorageId, values));
    }
}
