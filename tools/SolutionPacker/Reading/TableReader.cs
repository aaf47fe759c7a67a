using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads one <c>Entity</c>: a new table whole, or what is added to an existing one.</summary>
sealed class TableReader(ColumnReader columns)
{
    internal static XElement Definition(XElement entity) => entity.RequiredElement("EntityInfo").RequiredElement("entity");

    internal static string LogicalName(XElement entity) => Definition(entity).RequiredAttribute("Name").ToLowerInvariant();

    /// <summary>An extension has no entity set of its own.</summary>
    internal static bool IsExtension(XElement entity) => Definition(entity).Element("EntitySetName") is null;

    internal Table Read(XElement entity)
    {
        XElement definition = Definition(entity);
        string schemaName = definition.RequiredAttribute("Name");
        List<XElement> attributes = definition.Element("attributes")?.Elements("attribute").ToList() ?? [];
        List<Column> read = attributes.Select(columns.Read).ToList();
        IReadOnlyList<AlternateKey> keys = definition.Element("EntityKeys")?.Elements("EntityKey").Select(ReadKey).ToList() ?? [];
        if (IsExtension(entity))
        {
            string name = schemaName.ToLowerInvariant();
            return new Table
            {
                LogicalName = name,
                SchemaName = schemaName,
                EntitySetName = "",
                PrimaryId = name + "id",
                IsExtension = true,
                Columns = read,
                Keys = keys,
            };
        }
        bool activity = definition.Flag("IsActivity");
        return new Table
        {
            LogicalName = schemaName.ToLowerInvariant(),
            SchemaName = schemaName,
            EntitySetName = definition.Required("EntitySetName"),
            Label = definition.Label("LocalizedNames"),
            CollectionLabel = definition.Label("LocalizedCollectionNames"),
            PrimaryId = NameWhere(attributes, ColumnReader.IsPrimaryKey)
                ?? throw new SolutionFormatException(SourcePlace.Of(definition), "has no column of type primarykey."),
            PrimaryName = NameWhere(attributes, ColumnReader.IsPrimaryName),
            Ownership = OwnershipOf(definition),
            PrivilegeName = activity ? "Activity" : schemaName,
            IsActivity = activity,
            ChangeTracking = definition.Flag("ChangeTrackingEnabled"),
            IsCustom = true,
            HasNotes = definition.Flag("HasRelatedNotes"),
            HasActivities = definition.Flag("HasRelatedActivities"),
            Columns = [.. read, PlatformColumns.VersionNumber],
            Keys = keys,
        };
    }

    static Ownership OwnershipOf(XElement definition) => definition.Required("OwnershipTypeMask") switch
    {
        "UserOwned" => Ownership.UserOwned,
        "OrgOwned" => Ownership.OrgOwned,
        "None" => Ownership.None,
        string other => throw new SolutionFormatException(
            SourcePlace.Of(definition.Element("OwnershipTypeMask")!), $"'{other}' is no ownership; write UserOwned, OrgOwned or None."),
    };

    static AlternateKey ReadKey(XElement key) => new()
    {
        Name = key.Required("LogicalName"),
        SchemaName = key.Required("Name"),
        Columns = key.RequiredElement("EntityKeyAttributes").Elements("AttributeName").Select(a => a.Value.Trim()).ToList(),
    };

    static string? NameWhere(List<XElement> attributes, Predicate<XElement> condition)
        => attributes.Find(condition)?.Required("LogicalName");
}
