using System;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Checks what a request writes against the table, and brings each value into the form it is stored in.</summary>
internal static class RowRules
{
    public static void Check(RowStore store, TableInfo table, RowValues values)
    {
        foreach (string name in values.Keys.ToList())
        {
            if (!table.Columns.TryGetValue(name, out Column? column))
                throw new DataverseException(400, ErrorCodes.NoAttribute, $"'{table.LogicalName}' entity doesn't contain attribute with Name = '{name}'.");
            if (values[name] is PartyList parties)
            {
                foreach (RowValues party in parties) Check(store, store.Schema["activityparty"], party);
                continue;
            }
            object? value = ValueRules.Check(table, column, values[name]);
            if (value is Lookup lookup) CheckReference(store, column, lookup);
            // The stored name is the shared text, not the request's.
            if (!ReferenceEquals(name, column.Name)) values.Remove(name);
            values[column.Name] = value;
        }
    }

    static void CheckReference(RowStore store, Column column, Lookup lookup)
    {
        Row found = store.Schema.Find(lookup.Table) is null ? throw Failure.NotFound(lookup.Table, lookup.Id)
            : store.Find(lookup.Table, lookup.Id) ?? throw Failure.NotFound(lookup.Table, lookup.Id);
        if (column.Type == ColumnType.Owner && found["isdisabled"] is true) throw Failure.NotMember(lookup.Id);
        if (column.Targets.Count > 0 && !column.Targets.Contains(lookup.Table) && column.Type != ColumnType.Owner
            && !(store.Schema[lookup.Table].IsActivity && column.Targets.Contains("activitypointer")))
            throw Failure.InvalidArgument($"The lookup '{column.Name}' cannot name a row of '{lookup.Table}'; it takes {string.Join(", ", column.Targets)}.");
    }
}
