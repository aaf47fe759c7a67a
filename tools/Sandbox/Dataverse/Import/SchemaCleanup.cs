using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>Takes the data of dropped tables, columns and relationships away, in memory and in the journal.</summary>
internal static class SchemaCleanup
{
    public static void Run(RowStore store, RowTransaction tx, OrgSchema before, OrgSchema after)
    {
        HashSet<string> droppedTables = [.. before.Tables.Where(t => after.Find(t.LogicalName) is null).Select(t => t.LogicalName)];
        foreach (string relationship in before.ManyToMany.Select(r => r.Name).Except(after.ManyToMany.Select(r => r.Name)).ToList())
            tx.AlsoWrite(w => w.Run("DELETE FROM crm_link WHERE relationship = $0", relationship));
        foreach (string table in droppedTables)
            tx.AlsoWrite(w =>
            {
                w.Run("DELETE FROM crm_row WHERE tbl = $0", table);
                w.Run("DELETE FROM crm_deletion WHERE tbl = $0", table);
            });
        foreach (TableInfo kept in after.Tables)
        {
            if (kept.Definition.IsIntersect || before.Find(kept.LogicalName) is not { } old) continue;
            HashSet<string> droppedColumns = [.. old.Columns.Keys.Except(kept.Columns.Keys)];
            if (droppedColumns.Count == 0 && droppedTables.Count == 0) continue;
            foreach (Row row in store[kept.LogicalName].All.ToList()) Strip(store, tx, row, old, droppedColumns, droppedTables);
        }
    }

    static void Strip(RowStore store, RowTransaction tx, Row row, TableInfo table, HashSet<string> columns, HashSet<string> tables)
    {
        // The parties of an activity that is gone are gone with it, and so is what a relationship would have deleted with a row: its notes.
        if (row.Table == "activityparty" && row.Lookup("activityid") is { } activity && tables.Contains(activity.Table)
            || table.Parents.Any(p => p.Delete == CascadeDelete.Cascade && tables.Contains(p.ReferencedTable)
                && row.Lookup(p.ReferencingColumn) is { } parent && parent.Table == p.ReferencedTable))
        {
            tx.Remove(row);
            return;
        }
        RowValues values = row.ToValues();
        int count = values.Count;
        foreach (Cell cell in row.Cells)
            if (columns.Contains(cell.Name) || cell.Value is Lookup lookup && tables.Contains(lookup.Table)) values.Remove(cell.Name);
        if (values.Count < count) tx.Replace(row, new Row(row.Table, row.Id, store.NextVersion(), row.StorageId, values));
    }
}
