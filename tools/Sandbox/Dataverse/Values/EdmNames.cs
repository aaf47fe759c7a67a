using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Values;

/// <summary>Names of types as error texts and metadata show them.</summary>
internal static class EdmNames
{
    public static string Of(Column column) => column.Type switch
    {
        ColumnType.Int or ColumnType.Choice or ColumnType.State or ColumnType.Status => "Edm.Int32",
        ColumnType.BigInt => "Edm.Int64",
        ColumnType.Decimal or ColumnType.Money => "Edm.Decimal",
        ColumnType.Double => "Edm.Double",
        ColumnType.Bool => "Edm.Boolean",
        ColumnType.DateTime => column.DateBehavior == DateBehavior.DateOnly ? "Edm.Date" : "Edm.DateTimeOffset",
        ColumnType.UniqueId or ColumnType.Lookup or ColumnType.Customer or ColumnType.Owner => "Edm.Guid",
        _ => "Edm.String",
    };

    /// <summary>The platform's word in <c>AttributeType</c>.</summary>
    public static string AttributeType(Column column) => column.Type switch
    {
        ColumnType.Int => "Integer",
        ColumnType.BigInt => "BigInt",
        ColumnType.Decimal => "Decimal",
        ColumnType.Money => "Money",
        ColumnType.Double => "Double",
        ColumnType.Bool => "Boolean",
        ColumnType.Choice => "Picklist",
        ColumnType.MultiChoice => "Virtual",
        ColumnType.State => "State",
        ColumnType.Status => "Status",
        ColumnType.DateTime => "DateTime",
        ColumnType.Lookup => "Lookup",
        ColumnType.Customer => "Customer",
        ColumnType.Owner => "Owner",
        ColumnType.UniqueId => "Uniqueidentifier",
        ColumnType.Memo => "Memo",
        ColumnType.PartyList => "PartyList",
        ColumnType.EntityName => "EntityName",
        _ => "String",
    };

    /// <summary>The platform's metadata type of a column, without namespace.</summary>
    public static string MetadataType(Column column) => column.Type switch
    {
        ColumnType.Int => "IntegerAttributeMetadata",
        ColumnType.BigInt => "BigIntAttributeMetadata",
        ColumnType.Decimal => "DecimalAttributeMetadata",
        ColumnType.Money => "MoneyAttributeMetadata",
        ColumnType.Double => "DoubleAttributeMetadata",
        ColumnType.Bool => "BooleanAttributeMetadata",
        ColumnType.Choice => "PicklistAttributeMetadata",
        ColumnType.MultiChoice => "MultiSelectPicklistAttributeMetadata",
        ColumnType.State => "StateAttributeMetadata",
        ColumnType.Status => "StatusAttributeMetadata",
        ColumnType.DateTime => "DateTimeAttributeMetadata",
        ColumnType.Lookup or ColumnType.Customer or ColumnType.Owner or ColumnType.PartyList => "LookupAttributeMetadata",
        ColumnType.UniqueId => "UniqueIdentifierAttributeMetadata",
        ColumnType.Memo => "MemoAttributeMetadata",
        ColumnType.EntityName => "EntityNameAttributeMetadata",
        _ => "StringAttributeMetadata",
    };
}
