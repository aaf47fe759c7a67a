using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading;

namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>
/// The platform's own tables that a solution may refer to, as far as this product and its sandbox need them: columns, choices and
/// relationships of every environment, read from the resources <c>StandardTables/*.json</c> (one table a file), and those that come with
/// Dynamics 365 Sales, from <c>StandardTables.Sales/*.json</c>.
/// </summary>
public static class StandardTables
{
    const string Folder = "StandardTables/";
    const string SalesFolder = "StandardTables.Sales/";

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    static readonly Lazy<TableSchema> Loaded = new(() => Schema(Files(Folder)), LazyThreadSafetyMode.ExecutionAndPublication);

    static readonly Lazy<TableSchema> WithSales =
        new(() => Schema([.. Files(Folder), .. Files(SalesFolder)]), LazyThreadSafetyMode.ExecutionAndPublication);

    static readonly Lazy<HashSet<string>> Sales =
        new(() => Files(SalesFolder).Where(f => f.Table is not null).Select(f => f.Table!.LogicalName).ToHashSet(), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The tables of every environment, ordered by logical name; read once, immutable, safe from any thread.</summary>
    public static TableSchema Load() => Loaded.Value;

    /// <summary>The same, and with them if wanted those of Dynamics 365 Sales: lead, opportunity, campaign, campaign response.</summary>
    /// <param name="includeSales">Whether Dynamics 365 Sales is installed.</param>
    public static TableSchema Load(bool includeSales) => includeSales ? WithSales.Value : Loaded.Value;

    /// <summary>Whether a table comes with Dynamics 365 Sales, so that not every environment has it.</summary>
    /// <param name="logicalName">Logical name of the table.</param>
    public static bool IsSales(string logicalName) => Sales.Value.Contains(logicalName);

    static List<TableFile> Files(string folder)
    {
        Assembly assembly = typeof(StandardTables).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => ReadFile(assembly, n))
            .ToList();
    }

    static TableSchema Schema(IReadOnlyList<TableFile> files)
    {
        ILookup<string, Extension> extensions = files.SelectMany(f => f.Extensions).ToLookup(e => e.Table);
        return new TableSchema
        {
            Tables = files.Where(f => f.Table is not null).Select(f => extensions[f.Table!.LogicalName].Aggregate(f.Table!, Extended))
                .OrderBy(t => t.LogicalName, StringComparer.Ordinal).ToList(),
            OneToMany = files.SelectMany(f => f.OneToMany).ToList(),
            ManyToMany = files.SelectMany(f => f.ManyToMany).ToList(),
            OptionSets = [],
        };
    }

    static Table Extended(Table table, Extension extension) => table with
    {
        Columns = table.Columns
            .Select(c => extension.Targets.TryGetValue(c.Name, out IReadOnlyList<string>? more) ? c with { Targets = [.. c.Targets, .. more] } : c)
            .Concat(extension.Columns).ToList(),
    };

    static TableFile ReadFile(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        try
        {
            return JsonSerializer.Deserialize<TableFile>(stream, Options) ?? throw new JsonException("the file is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{name}: {e.Message}", e);
        }
    }

    // One file: the table, the 1:N relationships whose lookup it has, and the N:N relationships it comes first in; or what comes to others.
    sealed record TableFile
    {
        public Table? Table { get; init; }

        public IReadOnlyList<Extension> Extensions { get; init; } = [];

        public IReadOnlyList<OneToMany> OneToMany { get; init; } = [];

        public IReadOnlyList<ManyToMany> ManyToMany { get; init; } = [];
    }

    // What a table of the platform gains: columns, and for its lookups further tables, by column.
    sealed record Extension
    {
        public required string Table { get; init; }

        public IReadOnlyList<Column> Columns { get; init; } = [];

        public Dictionary<string, IReadOnlyList<string>> Targets { get; init; } = [];
    }
}
