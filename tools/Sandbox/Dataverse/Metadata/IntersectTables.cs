using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>The table in the middle of an N:N relationship, for relationships whose solution does not describe it.</summary>
internal static class IntersectTables
{
    public static Table Make(ManyToMany both) => new()
    {
        LogicalName = both.IntersectTable,
        SchemaName = both.IntersectTable,
        EntitySetName = string.IsNullOrEmpty(both.IntersectSetName) ? both.IntersectTable + "set" : both.IntersectSetName,
        PrimaryId = both.IntersectTable + "id",
        Ownership = Ownership.None,
        IsIntersect = true,
        IsCustom = both.IsCustom,
        Columns = [Id(both.IntersectTable + "id"), Id(both.FirstColumn), Id(both.SecondColumn)],
    };

    static Column Id(string name) => new() { Name = name, SchemaName = name, Type = ColumnType.UniqueId, Create = false, Update = false };
}
