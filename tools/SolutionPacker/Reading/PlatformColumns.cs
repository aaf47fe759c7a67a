using System.Collections.Generic;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>What the platform adds to imported tables by itself and no export mentions.</summary>
static class PlatformColumns
{
    internal static readonly Column VersionNumber = new()
    {
        Name = "versionnumber",
        SchemaName = "VersionNumber",
        Label = "Version Number",
        Type = ColumnType.BigInt,
        Create = false,
        Update = false,
    };

    internal static Column Id(string name) => new() { Name = name, SchemaName = name, Type = ColumnType.UniqueId, Create = false, Update = false };

    /// <summary>Parties and notes of a custom activity.</summary>
    internal static IEnumerable<OneToMany> OfActivity(Table activity)
    {
        yield return Added(activity, "activityparty", "activityid", "_activity_parties");
        if (activity.HasNotes) yield return Added(activity, "annotation", "objectid", "_Annotations");
    }

    static OneToMany Added(Table activity, string child, string column, string ending) => new()
    {
        Name = activity.SchemaName + ending,
        ReferencingTable = child,
        ReferencingColumn = column,
        ReferencedTable = activity.LogicalName,
        ReferencingNavigation = $"{column}_{activity.LogicalName}",
        ReferencedNavigation = activity.SchemaName + ending,
        Delete = CascadeDelete.Cascade,
    };
}
