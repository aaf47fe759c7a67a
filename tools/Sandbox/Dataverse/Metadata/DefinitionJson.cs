using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Definitions of tables, keys and relationships in the JSON of the metadata service.</summary>
internal static class DefinitionJson
{
    /// <summary>A table with its columns, keys and relationships; callers cut it to what was asked for.</summary>
    public static JsonObject Table(OrgSchema schema, TableInfo table) => new()
    {
        ["MetadataId"] = IdOf("table", table.LogicalName).ToString(),
        ["HasChanged"] = null,
        ["LogicalName"] = table.LogicalName,
        ["SchemaName"] = table.Definition.SchemaName,
        ["EntitySetName"] = table.SetName,
        ["LogicalCollectionName"] = table.SetName,
        ["CollectionSchemaName"] = table.Definition.SchemaName + "s",
        ["PrimaryIdAttribute"] = table.PrimaryId,
        ["PrimaryNameAttribute"] = table.PrimaryName,
        ["PrimaryImageAttribute"] = null,
        ["ObjectTypeCode"] = table.TypeCode,
        ["OwnershipType"] = table.Definition.Ownership switch
        {
            Ownership.UserOwned => "UserOwned",
            Ownership.OrgOwned => "OrganizationOwned",
            Ownership.BusinessOwned => "BusinessOwned",
            _ => "None"
        },
        ["TableType"] = "Standard",
        ["IsActivity"] = table.Definition.IsActivity,
        ["IsActivityParty"] = table.Definition.HasActivities,
        ["ActivityTypeMask"] = table.Definition.IsActivity ? 1 : 0,
        ["IsIntersect"] = table.Definition.IsIntersect,
        ["IsCustomEntity"] = table.Definition.IsCustom,
        ["IsManaged"] = true,
        ["IsPrivate"] = false,
        ["IsLogicalEntity"] = false,
        ["IsChildEntity"] = table.LogicalName == "activityparty",
        ["IsBPFEntity"] = false,
        ["IsSolutionAware"] = table.Columns.ContainsKey("solutionid"),
        ["IsAvailableOffline"] = false,
        ["IsImportable"] = true,
        ["IsBusinessProcessEnabled"] = false,
        ["IsValidForAdvancedFind"] = true,
        ["IsOptimisticConcurrencyEnabled"] = true,
        ["ChangeTrackingEnabled"] = table.Definition.ChangeTracking,
        ["CanChangeTrackingBeEnabled"] = Managed(true, "canchangetrackingbeenabled"),
        ["HasNotes"] = table.Definition.HasNotes,
        ["HasActivities"] = table.Definition.HasActivities,
        ["HasFeedback"] = false,
        ["AutoCreateAccessTeams"] = null,
        ["DataProviderId"] = null,
        ["DataSourceId"] = null,
        ["ExternalName"] = null,
        ["ExternalCollectionName"] = null,
        ["IntroducedVersion"] = table.Definition.IsCustom ? "1.0.0.0" : "5.0.0.0",
        ["IsCustomizable"] = Managed(true, "iscustomizable"),
        ["IsRenameable"] = Managed(true, "isrenameable"),
        ["IsAuditEnabled"] = Managed(false, "canmodifyauditsettings"),
        ["IsDuplicateDetectionEnabled"] = Managed(false, "canmodifyduplicatedetectionsettings"),
        ["IsConnectionsEnabled"] = Managed(false, "canmodifyconnectionsettings"),
        ["CanCreateAttributes"] = Managed(false, "cancreateattributes"),
        ["CanCreateForms"] = Managed(false, "cancreateforms"),
        ["CanCreateViews"] = Managed(false, "cancreateviews"),
        ["DisplayName"] = Label(table.Definition.Label),
        ["DisplayCollectionName"] = Label(table.Definition.CollectionLabel),
        ["Description"] = Label(""),
        ["Privileges"] = Privileges(table),
        ["Attributes"] = new JsonArray([.. table.AllColumns.Select((c, i) => ColumnJson.Of(schema, table, c, i + 1))]),
        ["Keys"] = new JsonArray([.. table.Keys.Select(k => Key(table, k))]),
        ["ManyToOneRelationships"] = new JsonArray([.. table.Parents.Select(Relationship)]),
        ["OneToManyRelationships"] = new JsonArray([.. table.Children.Select(Relationship)]),
        ["ManyToManyRelationships"] = new JsonArray([.. table.Intersects.Select(Relationship)]),
    };

    static JsonArray Privileges(TableInfo table) => table.Definition.IsIntersect ? []
        : new([.. ((string[])["Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"])
            .Where(v => table.IsOwned || v is not ("Assign" or "Share")).Select(v =>
            {
                string name = Security.PrivilegeNames.Of(v, table);
                return (JsonNode)new JsonObject
                {
                    ["Name"] = name,
                    ["PrivilegeId"] = Security.PrivilegeNames.IdOf(name).ToString(),
                    ["PrivilegeType"] = v,
                    ["CanBeBasic"] = table.IsOwned,
                    ["CanBeLocal"] = table.IsOwned,
                    ["CanBeDeep"] = table.IsOwned,
                    ["CanBeGlobal"] = true,
                };
            })]);

    static JsonObject Key(TableInfo table, AlternateKey key) => new()
    {
        ["MetadataId"] = IdOf("key", table.LogicalName + "." + key.Name).ToString(),
        ["LogicalName"] = key.Name,
        ["SchemaName"] = key.SchemaName,
        ["EntityLogicalName"] = table.LogicalName,
        ["KeyAttributes"] = new JsonArray([.. key.Columns.Select(c => JsonValue.Create(c))]),
        ["EntityKeyIndexStatus"] = "Active",
        ["IsManaged"] = true,
        ["IsSynchronous"] = false,
        ["IsExportKey"] = false,
        ["DisplayName"] = Label(key.SchemaName),
    };

    public static JsonObject Relationship(OneToMany relationship) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        ["MetadataId"] = IdOf("relationship", relationship.Name).ToString(),
        ["SchemaName"] = relationship.Name,
        ["RelationshipType"] = "OneToManyRelationship",
        ["SecurityTypes"] = "Append",
        ["IsCustomRelationship"] = relationship.IsCustom,
        ["IsManaged"] = true,
        ["IsValidForAdvancedFind"] = true,
        ["IsHierarchical"] = false,
        ["IntroducedVersion"] = relationship.IsCustom ? "1.0.0.0" : "5.0.0.0",
        ["ReferencedEntity"] = relationship.ReferencedTable,
        ["ReferencedAttribute"] = relationship.ReferencedTable + "id",
        ["ReferencedEntityNavigationPropertyName"] = relationship.ReferencedNavigation,
        ["ReferencingEntity"] = relationship.ReferencingTable,
        ["ReferencingAttribute"] = relationship.ReferencingColumn,
        ["ReferencingEntityNavigationPropertyName"] = relationship.ReferencingNavigation,
        ["CascadeConfiguration"] = new JsonObject { ["Delete"] = relationship.Delete.ToString() },
        ["IsCustomizable"] = Managed(true, "iscustomizable"),
    };

    public static JsonObject Relationship(ManyToMany relationship) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        ["MetadataId"] = IdOf("relationship", relationship.Name).ToString(),
        ["SchemaName"] = relationship.Name,
        ["RelationshipType"] = "ManyToManyRelationship",
        ["SecurityTypes"] = "None",
        ["IsCustomRelationship"] = relationship.IsCustom,
        ["IsManaged"] = true,
        ["IsValidForAdvancedFind"] = true,
        ["IntroducedVersion"] = relationship.IsCustom ? "1.0.0.0" : "5.0.0.0",
        ["IntersectEntityName"] = relationship.IntersectTable,
        ["Entity1LogicalName"] = relationship.FirstTable,
        ["Entity1IntersectAttribute"] = relationship.FirstColumn,
        ["Entity1NavigationPropertyName"] = relationship.FirstNavigation,
        ["Entity2LogicalName"] = relationship.SecondTable,
        ["Entity2IntersectAttribute"] = relationship.SecondColumn,
        ["Entity2NavigationPropertyName"] = relationship.SecondNavigation,
        ["IsCustomizable"] = Managed(true, "iscustomizable"),
    };

    /// <summary>A text in the organisation's one language; without text it has none.</summary>
    public static JsonObject Label(string text)
    {
        JsonObject Localized() => new() { ["Label"] = text, ["LanguageCode"] = 1033, ["IsManaged"] = true, ["HasChanged"] = null };
        return text.Length == 0 ? new JsonObject { ["LocalizedLabels"] = new JsonArray(), ["UserLocalizedLabel"] = null }
            : new JsonObject { ["LocalizedLabels"] = new JsonArray(Localized()), ["UserLocalizedLabel"] = Localized() };
    }

    /// <summary>A property that managed solutions may lock.</summary>
    public static JsonObject Managed(JsonNode value, string name) => new()
    {
        ["Value"] = value,
        ["CanBeChanged"] = false,
        ["ManagedPropertyLogicalName"] = name,
    };

    /// <summary>A stable id for a definition.</summary>
    public static Guid IdOf(string kind, string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(kind + ":" + name)).AsSpan(0, 16));
}
