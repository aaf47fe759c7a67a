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
/// relationships of every environment, read from the resources <c>StandardTables/*.json</c> (one table a file).
/// </summary>
public static class StandardTables
{
    const string Folder = "StandardTables/";

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    static readonly Lazy<TableSchema> Loaded = new(Read, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The tables, ordered by logical name; read once, immutable, safe from any thread.</summary>
    public static TableSchema Load() => Loaded.Value;

    static TableSchema Read()
    {
        Assembly assembly = typeof(StandardTables).Assembly;
        List<TableFile> files = assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => ReadFile(assembly, n))
            .ToList();
        return new TableSchema
        {
            Tables = files.Select(f => f.Table).ToList(),
            OneToMany = files.SelectMany(f => f.OneToMany).ToList(),
            ManyToMany = files.SelectMany(f => f.ManyToMany).ToList(),
            OptionSets = [],
        };
    }

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

    // One file: the table, the 1:N relationships whose lookup it has, and the N:N relationships it comes first in.
    sealed record TableFile
    {
        public required Table Table { get; init; }

        public IReadOnlyList<OneToMany> OneToMany { get; init; } = [];

        public IReadOnlyList<ManyToMany> ManyToMany { get; init; } = [];
    }
}
