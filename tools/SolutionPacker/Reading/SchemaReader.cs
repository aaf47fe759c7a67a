using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads tables, relationships and shared choices, and adds what the platform makes by itself.</summary>
static class SchemaReader
{
    internal static TableSchema Read(SolutionFiles files)
    {
        List<OptionSet> optionSets = files.Section("optionsets").Select(OptionReader.ReadGlobal).ToList();
        var columns = new ColumnReader(optionSets.DistinctBy(o => o.Name).ToDictionary(o => o.Name));
        var reader = new TableReader(columns);
        List<Table> tables = files.Section("Entities").Select(reader.Read).ToList();

        var relationships = new RelationshipReader(tables.Where(t => t.IsActivity).Select(t => t.LogicalName).ToHashSet());
        List<XElement> elements = files.Section("EntityRelationships").ToList();
        List<OneToMany> oneToMany = elements.Where(e => !RelationshipReader.IsManyToMany(e)).Select(relationships.ReadOneToMany)
            .Concat(tables.Where(t => t.IsActivity).SelectMany(PlatformColumns.OfActivity)).ToList();
        List<ManyToMany> manyToMany = elements.Where(RelationshipReader.IsManyToMany).Select(RelationshipReader.ReadManyToMany).ToList();

        ILookup<(string, string), string> targets = oneToMany.ToLookup(r => (r.ReferencingTable, r.ReferencingColumn), r => r.ReferencedTable);
        return new TableSchema
        {
            Tables = tables.Select(t => WithTargets(t, targets)).Concat(manyToMany.Select(RelationshipReader.Intersect)).ToList(),
            OneToMany = oneToMany,
            ManyToMany = manyToMany,
            OptionSets = optionSets,
        };
    }

    static Table WithTargets(Table table, ILookup<(string, string), string> targets) => table with
    {
        Columns = table.Columns.Select(c => c.IsLookup ? c with { Targets = TargetsOf(c, targets[(table.LogicalName, c.Name)]) } : c).ToList(),
    };

    // The owner relationship points to the abstract table of all owners; delegates have no relationship in exports.
    static List<string> TargetsOf(Column column, IEnumerable<string> related) => column switch
    {
        { Type: ColumnType.Owner } => ["systemuser", "team"],
        { Name: "createdonbehalfby" or "modifiedonbehalfby" } => ["systemuser"],
        _ => related.Distinct().Order(StringComparer.Ordinal).ToList(),
    };
}
