using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>All tables of the organisation at one moment; immutable, made anew by each import.</summary>
internal sealed class OrgSchema
{
    const int FirstCustomTypeCode = 10000;
    readonly FrozenDictionary<string, TableInfo> byName;
    readonly FrozenDictionary<string, TableInfo> bySet;

    OrgSchema(IReadOnlyList<TableInfo> tables, IReadOnlyList<OneToMany> oneToMany, IReadOnlyList<ManyToMany> manyToMany, IReadOnlyList<OptionSet> optionSets)
    {
        Tables = tables;
        OneToMany = oneToMany;
        ManyToMany = manyToMany;
        OptionSets = optionSets;
        byName = tables.ToFrozenDictionary(t => t.LogicalName, StringComparer.Ordinal);
        bySet = tables.ToFrozenDictionary(t => t.SetName, StringComparer.Ordinal);
        ActivityTables = [.. tables.Where(t => t.IsActivity)];
        foreach (TableInfo table in tables)
        {
            table.Children = [.. oneToMany.Where(r => r.ReferencedTable == table.LogicalName)];
            table.Parents = [.. oneToMany.Where(r => r.ReferencingTable == table.LogicalName)];
            table.Intersects = [.. manyToMany.Where(r => r.FirstTable == table.LogicalName || r.SecondTable == table.LogicalName)];
        }
        foreach (TableInfo table in tables) table.Navigations = NavigationBuilder.Build(table, this);
    }

    public IReadOnlyList<TableInfo> Tables { get; }

    public IReadOnlyList<OneToMany> OneToMany { get; }

    public IReadOnlyList<ManyToMany> ManyToMany { get; }

    public IReadOnlyList<OptionSet> OptionSets { get; }

    /// <summary>The tables whose rows are activities.</summary>
    public IReadOnlyList<TableInfo> ActivityTables { get; }

    public TableInfo? Find(string logicalName) => byName.GetValueOrDefault(logicalName);

    public TableInfo? FindSet(string setName) => bySet.GetValueOrDefault(setName);

    /// <summary>The table, which must exist.</summary>
    public TableInfo this[string logicalName] => byName[logicalName];

    /// <summary>The standard tables with what the solutions, in order of import, made of them.</summary>
    public static OrgSchema Build(TableSchema standard, IReadOnlyList<Solution> solutions)
    {
        var tables = new Dictionary<string, Table>(StringComparer.Ordinal);
        var columns = new Dictionary<string, List<Column>>(StringComparer.Ordinal);
        var keys = new Dictionary<string, List<AlternateKey>>(StringComparer.Ordinal);
        foreach (Table table in new[] { standard }.Concat(solutions.Select(s => s.Schema)).SelectMany(s => s.Tables).OrderBy(t => t.IsExtension))
        {
            if (table.IsExtension && !tables.ContainsKey(table.LogicalName)) continue;
            if (!table.IsExtension) tables[table.LogicalName] = table;
            List<Column> all = columns.TryGetValue(table.LogicalName, out List<Column>? known) && table.IsExtension ? known : columns[table.LogicalName] = [];
            foreach (Column column in table.Columns)
            {
                all.RemoveAll(c => c.Name == column.Name);
                all.Add(column);
            }
            List<AlternateKey> tableKeys = keys.TryGetValue(table.LogicalName, out List<AlternateKey>? knownKeys) && table.IsExtension ? knownKeys
                : keys[table.LogicalName] = [];
            tableKeys.AddRange(table.Keys.Where(k => tableKeys.All(t => t.Name != k.Name)));
        }
        IEnumerable<TableSchema> schemas = new[] { standard }.Concat(solutions.Select(s => s.Schema));
        foreach (ManyToMany both in schemas.SelectMany(s => s.ManyToMany))
        {
            if (tables.ContainsKey(both.IntersectTable)) continue;
            Table intersect = IntersectTables.Make(both);
            tables[intersect.LogicalName] = intersect;
            columns[intersect.LogicalName] = [.. intersect.Columns];
            keys[intersect.LogicalName] = [];
        }
        int next = FirstCustomTypeCode;
        List<TableInfo> infos = [.. tables.Values.OrderBy(t => t.LogicalName, StringComparer.Ordinal).Select(t =>
            new TableInfo(t, SystemColumns.Complete(t, columns[t.LogicalName]), keys[t.LogicalName], t.TypeCode ?? next++))];
        var present = infos.Select(i => i.LogicalName).ToHashSet(StringComparer.Ordinal);
        return new OrgSchema(
            infos,
            [.. schemas.SelectMany(s => s.OneToMany).Where(r => present.Contains(r.ReferencingTable)).GroupBy(r => r.Name, StringComparer.Ordinal)
                .Select(g => g.Last())],
            [.. schemas.SelectMany(s => s.ManyToMany).Where(r => present.Contains(r.FirstTable) && present.Contains(r.SecondTable))
                .GroupBy(r => r.Name, StringComparer.Ordinal).Select(g => g.Last())],
            [.. schemas.SelectMany(s => s.OptionSets).GroupBy(o => o.Name, StringComparer.Ordinal).Select(g => g.Last())]);
    }
}
