using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>Columns and choices in the JSON of the metadata service. Source of the members: Microsoft's "AttributeMetadata EntityType".</summary>
internal static class ColumnJson
{
    public static JsonObject Of(OrgSchema schema, TableInfo table, Column column, int number)
    {
        var json = new JsonObject
        {
            ["@odata.type"] = "#Microsoft.Dynamics.CRM." + EdmNames.MetadataType(column),
            ["MetadataId"] = DefinitionJson.IdOf("column", table.LogicalName + "." + column.Name).ToString(),
            ["HasChanged"] = null,
            ["LogicalName"] = column.Name,
            ["SchemaName"] = column.SchemaName,
            ["EntityLogicalName"] = table.LogicalName,
            ["AttributeOf"] = null,
            ["AttributeType"] = EdmNames.AttributeType(column),
            ["AttributeTypeName"] =
                new JsonObject { ["Value"] = column.Type == ColumnType.MultiChoice ? "MultiSelectPicklistType" : EdmNames.AttributeType(column) + "Type" },
            ["ColumnNumber"] = number,
            ["IsPrimaryId"] = column.Name == table.PrimaryId,
            ["IsPrimaryName"] = column.Name == table.PrimaryName,
            ["IsCustomAttribute"] = column.IsCustom,
            ["IsValidForCreate"] = column.Create,
            ["IsValidForUpdate"] = column.Update,
            ["IsValidForRead"] = column.Read,
            ["IsValidODataAttribute"] = column.Type != ColumnType.PartyList,
            ["IsRetrievable"] = column.Read,
            ["IsLogical"] = false,
            ["IsManaged"] = true,
            ["IsSecured"] = false,
            ["IsSearchable"] = column.Type is ColumnType.String or ColumnType.Memo,
            ["IsFilterable"] = true,
            ["IsValidForForm"] = true,
            ["IsValidForGrid"] = true,
            ["CanBeSecuredForCreate"] = false,
            ["CanBeSecuredForRead"] = false,
            ["CanBeSecuredForUpdate"] = false,
            ["IsDataSourceSecret"] = false,
            ["SourceType"] = column.Type is ColumnType.PartyList or ColumnType.Owner ? null : 0,
            ["AutoNumberFormat"] = column.Type == ColumnType.String ? "" : null,
            ["LinkedAttributeId"] = null,
            ["InheritsFrom"] = null,
            ["ExternalName"] = null,
            ["DeprecatedVersion"] = null,
            ["IntroducedVersion"] = column.IsCustom ? "1.0.0.0" : "5.0.0.0",
            ["RequiredLevel"] = DefinitionJson.Managed(column.Required switch
            {
                RequiredLevel.System => "SystemRequired",
                RequiredLevel.Application => "ApplicationRequired",
                RequiredLevel.Recommended => "Recommended",
                _ => "None"
            }, "canmodifyrequirementlevelsettings"),
            ["IsAuditEnabled"] = DefinitionJson.Managed(false, "canmodifyauditsettings"),
            ["IsCustomizable"] = DefinitionJson.Managed(true, "iscustomizable"),
            ["IsRenameable"] = DefinitionJson.Managed(true, "isrenameable"),
            ["IsValidForAdvancedFind"] = DefinitionJson.Managed(true, "canmodifysearchsettings"),
            ["CanModifyAdditionalSettings"] = DefinitionJson.Managed(true, "canmodifyadditionalsettings"),
            ["DisplayName"] = DefinitionJson.Label(column.Label),
            ["Description"] = DefinitionJson.Label(""),
        };
        AddKind(json, table, column);
        AddChoices(json, schema, table, column);
        return json;
    }

    // What only one kind of column has.
    static void AddKind(JsonObject json, TableInfo table, Column column)
    {
        if (column.MaxLength is { } length) (json["MaxLength"], json["DatabaseLength"]) = (length, length * 2);
        if (column.Min is { } min) json["MinValue"] = min;
        if (column.Max is { } max) json["MaxValue"] = max;
        if (column.Precision is { } precision) json["Precision"] = precision;
        if (column.Format is { } format) json["Format"] = Format(format);
        if (column.Type == ColumnType.String) json["FormatName"] = new JsonObject { ["Value"] = Format(column.Format ?? "text") };
        if (column.Targets.Count > 0) json["Targets"] = new JsonArray([.. column.Targets.Select(t => JsonValue.Create(t))]);
        if (column.Type == ColumnType.DateTime) json["DateTimeBehavior"] = new JsonObject { ["Value"] = column.DateBehavior?.ToString() ?? "UserLocal" };
    }

    // Solutions write formats in small letters, the metadata service by the names of its enumerations.
    static string Format(string format) => format.ToLowerInvariant() switch
    {
        "textarea" => "TextArea",
        "tickersymbol" => "TickerSymbol",
        "versionnumber" => "VersionNumber",
        "phoneticguide" => "PhoneticGuide",
        "date" or "dateonly" => "DateOnly",
        "datetime" or "dateandtime" => "DateAndTime",
        "timezone" => "TimeZone",
        { Length: > 0 } word => char.ToUpperInvariant(word[0]) + word[1..],
        _ => "None",
    };

    static void AddChoices(JsonObject json, OrgSchema schema, TableInfo table, Column column)
    {
        if (column.Type == ColumnType.Bool)
        {
            json["OptionSet"] = TrueFalse(table, column);
            json["GlobalOptionSet"] = null;
            json["DefaultValue"] = column.Default == 1;
            return;
        }
        if (column.Options.Count == 0 && column.Type is not (ColumnType.Choice or ColumnType.MultiChoice or ColumnType.State or ColumnType.Status)) return;
        OptionSet? shared = schema.OptionSets.FirstOrDefault(o => o.Name == column.OptionSet);
        string kind = column.Type is ColumnType.State or ColumnType.Status ? column.Type.ToString() : "Picklist";
        json["OptionSet"] = shared is null ? Options(column.OptionSet ?? table.LogicalName + "_" + column.Name, column.Options, isGlobal: false, kind) : null;
        json["GlobalOptionSet"] = shared is null ? null : Of(shared);
        json["DefaultFormValue"] = column.Default ?? -1;
    }

    public static JsonObject Of(OptionSet set) => Options(set.Name, set.Options, isGlobal: true, "Picklist");

    static JsonObject Options(string name, IReadOnlyList<Option> options, bool isGlobal, string kind) => new()
    {
        ["@odata.type"] = "#Microsoft.Dynamics.CRM.OptionSetMetadata",
        ["MetadataId"] = DefinitionJson.IdOf("optionset", name).ToString(),
        ["Name"] = name,
        ["IsGlobal"] = isGlobal,
        ["IsCustomOptionSet"] = name.Contains('_', StringComparison.Ordinal),
        ["IsManaged"] = true,
        ["OptionSetType"] = kind,
        ["ParentOptionSetName"] = null,
        ["DisplayName"] = DefinitionJson.Label(name),
        ["Description"] = DefinitionJson.Label(""),
        ["Options"] = new JsonArray([.. options.Select(o => Option(o, kind))]),
    };

    static JsonObject Option(Option option, string kind)
    {
        var json = new JsonObject
        {
            ["Value"] = option.Value,
            ["Color"] = null,
            ["IsManaged"] = true,
            ["ExternalValue"] = "",
            ["Label"] = DefinitionJson.Label(option.Label),
            ["Description"] = DefinitionJson.Label(""),
        };
        if (kind is not "Picklist") json.Insert(0, "@odata.type", $"#Microsoft.Dynamics.CRM.{kind}OptionMetadata");
        if (option.State is { } state) json["State"] = state;
        if (option.DefaultStatus is { } status) (json["DefaultStatus"], json["InvariantName"]) = (status, option.Label);
        return json;
    }

    static JsonObject TrueFalse(TableInfo table, Column column)
    {
        string name = $"{table.LogicalName}_{column.Name}";
        JsonObject Choice(int value, string standard) => new()
        {
            ["Value"] = value,
            ["Label"] = DefinitionJson.Label(column.Options.FirstOrDefault(o => o.Value == value)?.Label ?? standard)
        };
        return new JsonObject
        {
            ["@odata.type"] = "#Microsoft.Dynamics.CRM.BooleanOptionSetMetadata",
            ["MetadataId"] = DefinitionJson.IdOf("optionset", name).ToString(),
            ["Name"] = name,
            ["IsGlobal"] = false,
            ["OptionSetType"] = "Boolean",
            ["TrueOption"] = Choice(1, "Yes"),
            ["FalseOption"] = Choice(0, "No"),
        };
    }
}
