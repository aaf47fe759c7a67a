using System.Collections.Generic;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads one <c>attribute</c> of a table. Targets of lookups stand in relationships and are filled in there.</summary>
sealed class ColumnReader(IReadOnlyDictionary<string, OptionSet> optionSets)
{
    static readonly Dictionary<string, ColumnType> Types = new()
    {
        ["nvarchar"] = ColumnType.String,
        ["ntext"] = ColumnType.Memo,
        ["int"] = ColumnType.Int,
        ["bigint"] = ColumnType.BigInt,
        ["decimal"] = ColumnType.Decimal,
        ["float"] = ColumnType.Double,
        ["money"] = ColumnType.Money,
        ["bit"] = ColumnType.Bool,
        ["picklist"] = ColumnType.Choice,
        ["multiselectpicklist"] = ColumnType.MultiChoice,
        ["datetime"] = ColumnType.DateTime,
        ["lookup"] = ColumnType.Lookup,
        ["customer"] = ColumnType.Customer,
        ["owner"] = ColumnType.Owner,
        ["primarykey"] = ColumnType.UniqueId,
        ["uniqueidentifier"] = ColumnType.UniqueId,
        ["state"] = ColumnType.State,
        ["status"] = ColumnType.Status,
        ["partylist"] = ColumnType.PartyList,
    };

    internal static bool IsPrimaryKey(XElement attribute) => attribute.Text("Type") == "primarykey";

    internal static bool IsPrimaryName(XElement attribute)
        => System.Array.IndexOf((attribute.Text("DisplayMask") ?? "").Split('|'), "PrimaryName") >= 0;

    internal Column Read(XElement attribute)
    {
        ColumnType type = TypeOf(attribute);
        string? optionSet = attribute.Text("OptionSetName") ?? attribute.Element("optionset")?.Attribute("Name")?.Value;
        int? initial = attribute.Int("AppDefaultValue");
        return new Column
        {
            Name = attribute.Required("LogicalName"),
            SchemaName = attribute.RequiredAttribute("PhysicalName"),
            Label = attribute.Label("displaynames"),
            Type = type,
            MaxLength = attribute.Int("MaxLength"),
            Format = type is ColumnType.String or ColumnType.Memo ? attribute.Text("Format") : null,
            Min = attribute.Number("MinValue"),
            Max = type == ColumnType.UniqueId ? null : attribute.Number("MaxValue"),
            Precision = attribute.Int("Accuracy"),
            DateBehavior = type == ColumnType.DateTime ? BehaviorOf(attribute) : null,
            OptionSet = optionSet,
            Options = OptionsOf(attribute, optionSet),
            Default = initial == -1 ? null : initial,
            Required = LevelOf(attribute),
            Create = attribute.Flag("ValidForCreateApi"),
            Update = attribute.Flag("ValidForUpdateApi"),
            Read = attribute.Flag("ValidForReadApi"),
            IsCustom = attribute.Flag("IsCustomField"),
        };
    }

    static ColumnType TypeOf(XElement attribute)
    {
        string name = attribute.Required("Type");
        // The platform shows the type of an activity by the table's name, though exports call it a choice.
        if (name == "picklist" && attribute.Text("LogicalName") == "activitytypecode") return ColumnType.EntityName;
        return Types.TryGetValue(name, out ColumnType type)
            ? type
            : throw new SolutionFormatException(SourcePlace.Of(attribute.Element("Type")!), $"'{name}' is no type of column that is known here.");
    }

    // Choices of the platform itself (activitypointer_prioritycode …) have no options here; the column then takes any number.
    IReadOnlyList<Option> OptionsOf(XElement attribute, string? optionSet)
        => attribute.Element("optionset") is { } local ? OptionReader.ReadOptions(local)
            : optionSet is not null && optionSets.TryGetValue(optionSet, out OptionSet? shared) ? shared.Options
            : [];

    static DateBehavior BehaviorOf(XElement attribute) => attribute.Int("Behavior") switch
    {
        2 => DateBehavior.DateOnly,
        3 => DateBehavior.TimeZoneIndependent,
        _ => DateBehavior.UserLocal,
    };

    static RequiredLevel LevelOf(XElement attribute) => attribute.Text("RequiredLevel") switch
    {
        "recommended" => RequiredLevel.Recommended,
        "required" => RequiredLevel.Application,
        "systemrequired" => RequiredLevel.System,
        _ => RequiredLevel.None,
    };
}
