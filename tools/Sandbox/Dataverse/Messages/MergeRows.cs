using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Protocol;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>
/// The action Merge for accounts and contacts: the subordinate becomes inactive and names its master, what hung on it hangs on the
/// master, and columns of the content given are written to the master.
/// </summary>
internal sealed class MergeRows(RowStore store, RowMessages rows)
{
    public void Run(CallContext call, JsonElement body)
    {
        (TableInfo table, Guid master) = Named(body, "Target");
        (TableInfo other, Guid subordinate) = Named(body, "Subordinate");
        if (table != other || !table.Columns.ContainsKey("masterid") || master == subordinate)
            throw Failure.InvalidArgument("Merge takes two different accounts or two different contacts.");
        rows.InTransaction(call, tx =>
        {
            if (store.Find(table.LogicalName, master) is null) throw Failure.NotFound(table.LogicalName, master);
            if (store.Find(table.LogicalName, subordinate) is null) throw Failure.NotFound(table.LogicalName, subordinate);
            CallContext inside = call with { Transaction = tx };
            if (body.TryGetProperty("UpdateContent", out JsonElement content) && content.ValueKind == JsonValueKind.Object)
            {
                Payload payload = Payload.Read(store.Schema, table, content).Without([table.PrimaryId]);
                RowValues values = payload.Resolve(new References(store, "/", null));
                if (values.Count > 0) rows.Update(inside, table, master, values);
            }
            Reparent(inside, table, master, subordinate);
            rows.Update(inside, table, subordinate,
                new RowValues { ["statecode"] = 1, ["statuscode"] = 2, ["merged"] = true, ["masterid"] = new Lookup(table.LogicalName, master) });
            return true;
        });
    }

    void Reparent(CallContext call, TableInfo table, Guid master, Guid subordinate)
    {
        foreach (OneToMany child in table.Children)
        {
            if (store.Schema.Find(child.ReferencingTable) is not { IsActivityBase: false } referencing || child.ReferencingColumn == "masterid"
                || referencing.LogicalName == "activityparty" || !referencing.IndexedLookups.Contains(child.ReferencingColumn)) continue;
            List<Row> found = [.. store[referencing.LogicalName].FindEqual(child.ReferencingColumn, new Lookup(table.LogicalName, subordinate)) ?? []];
            foreach (Row row in found)
                if (row.Id != master && referencing.Columns[child.ReferencingColumn].Update && store[referencing.LogicalName].Find(row.Id) is not null
                    && !WouldCollide(referencing, row, child.ReferencingColumn, table, master))
                    rows.Update(call, referencing, row.Id, new RowValues { [child.ReferencingColumn] = new Lookup(table.LogicalName, master) });
        }
        foreach (ManyToMany both in table.Intersects)
        {
            bool first = both.FirstTable == table.LogicalName;
            LinkRows links = store.Links(both.Name);
            foreach (Guid other in links.Others(subordinate, first).ToList())
            {
                call.Transaction!.RemoveLink(both.Name, first ? subordinate : other, first ? other : subordinate);
                if (!links.Contains(first ? master : other, first ? other : master))
                    call.Transaction.AddLink(both.Name, first ? master : other, first ? other : master);
            }
        }
    }

    // A row whose key the master has already stays where it is.
    bool WouldCollide(TableInfo table, Row row, string column, TableInfo parent, Guid master)
    {
        RowValues values = row.ToValues();
        values[column] = new Lookup(parent.LogicalName, master);
        return store[table.LogicalName].Conflict(new Row(table.LogicalName, row.Id, row.Version, row.StorageId, values)) is not null;
    }

    (TableInfo Table, Guid Id) Named(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out JsonElement row) || row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("@odata.type", out JsonElement type)
            || store.Schema.Find(
                (type.GetString() ?? "").Replace("#", "", StringComparison.Ordinal)
                    .Replace("Microsoft.Dynamics.CRM.", "", StringComparison.Ordinal)) is not { } table
            || !row.TryGetProperty(table.PrimaryId, out JsonElement id) || id.ValueKind != JsonValueKind.String || !id.TryGetGuid(out Guid value))
            throw Failure.InvalidArgument($"{name} must be {{\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\",\"contactid\":\"…\"}}.");
        return (table, value);
    }
}
