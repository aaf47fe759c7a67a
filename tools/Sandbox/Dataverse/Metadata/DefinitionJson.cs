using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Definitions of tables, columns, relationships and choices in the JSON of the metadata service.</summary>
internal static class DefinitionJson
{
    /// <summary>A table with its columns, keys and relationships; callers cut it to what was asked for.</summary>
    public static JsonObject Table(OrgSchema schema, TableInfo table) => new()
    {
        ["MetadataId"] = IdOf("table", table.LogicalName).ToString(),
        ["LogicalName"] = table.LogicalName,
        ["SchemaName"] = table.Definition.SchemaName,
        ["EntitySetName"] = table.SetName,
        ["LogicalCollectionName"] = table.SetName,
        ["CollectionSchemaName"] = table.Definition.SchemaName + "s",
        ["PrimaryIdAttribute"] = table.PrimaryId,
        ["PrimaryNameAttribute"] = table.PrimaryName,
        ["ObjectTypeCode"] = table.TypeCode,
        ["OwnershipType"] = table.Definition.Ownership switch
        {
            Ownership.UserOwned => "UserOwned",
            Ownership.OrgOwned => "OrganizationOwned",
            Ownership.BusinessOwned => "BusinessOwned",
            _ => "None"
        },
        ["IsActivity"] = table.Definition.IsActivity,
        ["IsIntersect"] = table.Definition.IsIntersect,
        ["IsCustomEntity"] = table.Definition.IsCustom,
        ["IsManaged"] = true,
        ["ChangeTrackingEnabled"] = table.Definition.ChangeTracking,
        ["HasNotes"] = table.Definition.HasNotes,
        ["HasActivities"] = table.Definition.HasActivities,
        ["IsOptimisticConcurrencyEnabled"] = true,
        ["IsValidForAdvancedFind"] = true,
        ["DisplayName"] = Label(table.Definition.Label),
        ["DisplayCollectionName"] = Label(table.Definition.CollectionLabel),
        ["Attributes"] = new JsonArray([.. table.AllColumns.Select(c => Column(schema, table, c))]),
        ["Keys"] = new JsonArray([.. table.Keys.Select(k => Key(table, k))]),
        ["ManyToOneRelationships"] = new JsonArray([.. table.Parents.Select(Relationship)]),
        ["OneToManyRelationships"] = new JsonArray([.. table.Children.Select(Relationship)]),
        ["ManyToManyRelationships"] = new JsonArray([.. table.Intersects.Select(Relationship)]),
    };

    static JsonObject Column(OrgSchema schema, TableInfo table, Column column)
    {
        var json = new JsonObject
        {
            ["@odata.type"] = "#Microsoft.Dynamics.CRM." + EdmNames.MetadataType(column),
            ["MetadataId"] = IdOf("column", table.LogicalName + "." + column.Name).ToString(),
            ["LogicalName"] = column.Name,
            ["SchemaName"] = column.SchemaName,
            ["EntityLogicalName"] = table.LogicalName,
            ["AttributeType"] = EdmNames.AttributeType(column),
            ["AttributeTypeName"] =
                new JsonObject { ["Value"] = column.Type == ColumnType.MultiChoice ? "MultiSelectPicklistType" : EdmNames.AttributeType(column) + "Type" },
            ["IsPrimaryId"] = column.Name == table.PrimaryId,
            ["IsPrimaryName"] = column.Name == table.PrimaryName,
            ["IsCustomAttribute"] = column.IsCustom,
            ["IsValidForCreate"] = column.Create,
            ["IsValidForUpdate"] = column.Update,
            ["IsValidForRead"] = column.Read,
            ["IsValidODataAttribute"] = column.Type != ColumnType.PartyList,
            ["RequiredLevel"] = new JsonObject
            {
                ["Value"] = column.Required switch
                {
                    RequiredLevel.System => "SystemRequired",
                    RequiredLevel.Application => "ApplicationRequired",
                    RequiredLevel.Recommended => "Recommended",
                    _ => "None"
                },
                ["CanBeChanged"] = false
            },
            ["DisplayName"] = Label(column.Label),
        };
        if (column.MaxLength is { } length) json["MaxLength"] = length;
        if (column.Min is { } min) json["MinValue"] = min;
        if (column.Max is { } max) json["MaxValue"] = max;
        if (column.Precision is { } precision) json["Precision"] = precision;
        if (column.Format is { } format) json["Format"] = format;
        if (column.Targets.Count > 0) json["Targets"] = new JsonArray([.. column.Targets.Select(t => JsonValue.Create(t))]);
        if (column.Type == ColumnType.DateTime) json["DateTimeBehavior"] = new JsonObject { ["Value"] = column.DateBehavior?.ToString() ?? "UserLocal" };
        if (column.Type == ColumnType.Bool) json["OptionSet"] = TrueFalse(column);
        else if (column.Options.Count > 0)
        {
            OptionSet? shared = schema.OptionSets.FirstOrDefault(o => o.Name == column.OptionSet);
            json["OptionSet"] = shared is null ? Options(column.OptionSet ?? table.LogicalName + "_" + column.Name, column.Options, isGlobal: false) : null;
            json["GlobalOptionSet"] = shared is null ? null : OptionSet(shared);
            json["DefaultFormValue"] = column.Default ?? -1;
        }
        return json;
    }

    static JsonObject Key(TableInfo table, AlternateKey key) => new()
    {
        ["MetadataId"] = IdOf("key", table.LogicalName + "." + key.Name).ToString(),
        ["LogicalName"] = key.Name,
        ["SchemaName"] = key.SchemaName,
        ["EntityLogicalName"] = table.LogicalName,
        ["KeyAttributes"] = new JsonArray([.. key.Columns.Select(c => JsonValue.Create(c))]),
        ["EntityKeyIndexStatus"] = "Active",
    };

    public static JsonObject Relationship(OneToMany relationship) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        ["MetadataId"] = IdOf("relationship", relationship.Name).ToString(),
        ["SchemaName"] = relationship.Name,
        ["RelationshipType"] = "OneToManyRelationship",
        ["IsCustomRelationship"] = relationship.IsCustom,
        ["ReferencedEntity"] = relationship.ReferencedTable,
        ["ReferencedEntityNavigationPropertyName"] = relationship.ReferencedNavigation,
        ["ReferencingEntity"] = relationship.ReferencingTable,
        ["ReferencingAttribute"] = relationship.ReferencingColumn,
        ["ReferencingEntityNavigationPropertyName"] = relationship.ReferencingNavigation,
        ["CascadeConfiguration"] = new JsonObject { ["Delete"] = relationship.Delete.ToString() },
    };

    public static JsonObject Relationship(ManyToMany relationship) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        ["MetadataId"] = IdOf("relationship", relationship.Name).ToString(),
        ["SchemaName"] = relationship.Name,
        ["RelationshipType"] = "ManyToManyRelationship",
        ["IsCustomRelationship"] = relationship.IsCustom,
        ["IntersectEntityName"] = relationship.IntersectTable,
        ["Entity1LogicalName"] = relationship.FirstTable,
        ["Entity1IntersectAttribute"] = relationship.FirstColumn,
        ["Entity1NavigationPropertyName"] = relationship.FirstNavigation,
        ["Entity2LogicalName"] = relationship.SecondTable,
        ["Entity2IntersectAttribute"] = relationship.SecondColumn,
        ["Entity2NavigationPropertyName"] = relationship.SecondNavigation,
    };

    public static JsonObject OptionSet(OptionSet set) => Options(set.Name, set.Options, isGlobal: true);

    static JsonObject Options(string name, IReadOnlyList<Option> options, bool isGlobal) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.OptionSetMetadata",
        ["MetadataId"] = IdOf("optionset", name).ToString(),
        ["Name"] = name,
        ["IsGlobal"] = isGlobal,
        ["OptionSetType"] = "Picklist",
        ["Options"] = new JsonArray([.. options.Select(Option)]),
    };

    static JsonObject Option(Option option)
    {
        var json = new JsonObject { ["Value"] = option.Value, ["Label"] = Label(option.Label) };
        if (option.State is { } state) json["State"] = state;
        if (option.DefaultStatus is { } status) json["DefaultStatus"] = status;
        return json;
    }

    static JsonObject TrueFalse(Column column)
    {
        string LabelOf(int value, string standard) => column.Options.FirstOrDefault(o => o.Value == value)?.Label ?? standard;
        return new JsonObject
        {
            ["OptionSetType"] = "Boolean",
            ["TrueOption"] = new JsonObject { ["Value"] = 1, ["Label"] = Label(LabelOf(1, "Yes")) },
            ["FalseOption"] = new JsonObject { ["Value"] = 0, ["Label"] = Label(LabelOf(0, "No")) },
        };
    }

    static JsonObject Label(string text)
    {
        JsonObject Localized() => new() { ["Label"] = text, ["LanguageCode"] = 1033 };
        return new JsonObject { ["LocalizedLabels"] = new JsonArray(Localized()), ["UserLocalizedLabel"] = Localized() };
    }

    /// <summary>A stable id for a definition.</summary>
    public static Guid IdOf(string kind, string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(kind + ":" + name)).AsSpan(0, 16));
}
