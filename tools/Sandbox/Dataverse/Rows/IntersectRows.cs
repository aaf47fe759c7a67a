using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>Pairs of an N:N relationship seen as rows of its intersect table, which queries may name; made on the fly.</summary>
internal static class IntersectRows
{
    public static IEnumerable<Row> All(RowStore store, TableInfo table) =>
        Relationship(store, table) is { } both ? store.Links(both.Name).All.Select(p => Make(table, both, p.First, p.Second)) : [];

    public static IEnumerable<Row>? FindEqual(RowStore store, TableInfo table, string column, object value)
    {
        if (Relationship(store, table) is not { } both || value is not Guid id) return null;
        if (column == both.FirstColumn) return store.Links(both.Name).Others(id, fromFirst: true).Select(other => Make(table, both, id, other));
        if (column == both.SecondColumn) return store.Links(both.Name).Others(id, fromFirst: false).Select(other => Make(table, both, other, id));
        return null;
    }

    static ManyToMany? Relationship(RowStore store, TableInfo table) =>
        store.Schema.ManyToMany.FirstOrDefault(r => r.IntersectTable == table.LogicalName);

    static Row Make(TableInfo table, ManyToMany both, Guid first, Guid second)
    {
        var id = new Guid(SHA256.HashData([.. first.ToByteArray(), .. second.ToByteArray()]).AsSpan(0, 16));
        return new Row(table.LogicalName, id, 1, 0, [new(table.PrimaryId, id), new(both.FirstColumn, first), new(both.SecondColumn, second)]);
    }
}
