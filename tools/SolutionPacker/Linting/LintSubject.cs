using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting;

/// <summary>A solution under check: its files, what they say, and what it may refer to in itself, in the platform and in solutions it needs.</summary>
sealed class LintSubject
{
    readonly Dictionary<string, Table> tables;
    readonly Dictionary<string, Dictionary<string, Column>> columns;

    internal LintSubject(SolutionFiles files, IReadOnlyList<Solution>? others = null)
    {
        Files = files;
        Others = others ?? [];
        Solution = SolutionReader.Read(files);
        Standard = StandardTables.Load(includeSales: true);
        tables = Standard.Tables.ToDictionary(t => t.LogicalName);
        columns = Standard.Tables.ToDictionary(t => t.LogicalName, t => t.Columns.ToDictionary(c => c.Name));
        foreach (Table table in Solution.Schema.Tables)
        {
            if (!table.IsExtension) tables.TryAdd(table.LogicalName, table);
            if (!columns.TryGetValue(table.LogicalName, out Dictionary<string, Column>? known)) columns.Add(table.LogicalName, known = []);
            foreach (Column column in table.Columns) known.TryAdd(column.Name, column);
        }
        Relationships = Standard.OneToMany.Concat(Solution.Schema.OneToMany).Select(r => (r.Name, First: r.ReferencedTable, Second: r.ReferencingTable))
            .Concat(Standard.ManyToMany.Concat(Solution.Schema.ManyToMany).Select(r => (r.Name, First: r.FirstTable, Second: r.SecondTable)))
            .ToLookup(r => r.Name, r => (r.First, r.Second));
        Prefix = Solution.Publisher.Prefix + "_";
    }

    internal SolutionFiles Files { get; }

    internal Solution Solution { get; }

    /// <summary>Solutions that it says it needs, as far as they are at hand.</summary>
    internal IReadOnlyList<Solution> Others { get; }

    internal TableSchema Standard { get; }

    /// <summary>Publisher prefix with underscore.</summary>
    internal string Prefix { get; }

    /// <summary>Tables of a relationship by its name.</summary>
    internal ILookup<string, (string First, string Second)> Relationships { get; }

    /// <summary>Every entity element with the logical name of its table.</summary>
    internal IEnumerable<(string Table, XElement Entity)> Entities => Files.Section("Entities").Select(e => (TableReader.LogicalName(e), e));

    /// <summary>Every column element of the solution with its table.</summary>
    internal IEnumerable<(string Table, XElement Attribute)> Attributes
        => Entities.SelectMany(e => (TableReader.Definition(e.Entity).Element("attributes")?.Elements("attribute") ?? []).Select(a => (e.Table, a)));

    /// <summary>A table of the platform or of this solution; null when neither has it.</summary>
    internal Table? Table(string name) => tables.GetValueOrDefault(name);

    /// <summary>A column of a table, wherever it comes from; null when there is none.</summary>
    internal Column? Column(string table, string name) => columns.GetValueOrDefault(table)?.GetValueOrDefault(name);

    /// <summary>The columns of a table, wherever they come from.</summary>
    internal IEnumerable<string> ColumnNames(string table) => columns.GetValueOrDefault(table)?.Keys ?? Enumerable.Empty<string>();

    /// <summary>A finding at an element or attribute.</summary>
    internal static Finding At(XObject node, string rule, string message) => new(rule, SourcePlace.Of(node), message);

    /// <summary>A finding if the table has no such column.</summary>
    internal IEnumerable<Finding> NeedColumn(string table, string? column, XObject at)
    {
        if (string.IsNullOrEmpty(column) || Table(table) is null || Column(table, column) is not null) yield break;
        yield return At(at, "unknown-column", $"{table} has no column {column}{NearestName.Hint(column, ColumnNames(table))}.");
    }

    /// <summary>A finding if there is no such table, or not in every environment and the manifest does not say that it is needed.</summary>
    internal IEnumerable<Finding> NeedTable(string? table, XObject at)
    {
        if (string.IsNullOrEmpty(table)) yield return At(at, "unknown-table", "names no table.");
        else if (Table(table) is null) yield return At(at, "unknown-table", $"there is no table {table}{NearestName.Hint(table, tables.Keys)}.");
        else if (StandardTables.IsSales(table) && !Solution.MissingDependencies.Any(d => d.Type == ComponentTypes.Table && d.SchemaName == table))
        {
            yield return At(
                at, "missing-dependency",
                $"the table {table} comes with Dynamics 365 Sales; list it in solution.xml as a MissingDependency with Required type=\"1\" schemaName=\"{table}\".");
        }
    }
}
