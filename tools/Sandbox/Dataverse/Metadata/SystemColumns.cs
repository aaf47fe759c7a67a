using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Columns that every table has though no solution carries them.</summary>
internal static class SystemColumns
{
    /// <summary>The row version: a number that grows with every write in the organisation.</summary>
    public const string Version = "versionnumber";

    /// <summary>The columns with the platform's own added where they are missing.</summary>
    public static IReadOnlyList<Column> Complete(Table table, IReadOnlyList<Column> columns)
    {
        var all = columns.ToList();
        if (all.All(c => c.Name != Version))
            all.Add(new Column
            {
                Name = Version,
                SchemaName = "VersionNumber",
                Label = "Version Number",
                Type = ColumnType.BigInt,
                Create = false,
                Update = false
            });
        if (all.All(c => c.Name != table.PrimaryId))
            all.Add(new Column
            {
                Name = table.PrimaryId,
                SchemaName = table.PrimaryId,
                Type = ColumnType.UniqueId,
                Required = RequiredLevel.System,
                Update = false
            });
        return [.. all.OrderBy(c => c.Name, StringComparer.Ordinal)];
    }
}
