using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.OData.Edm;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>The organisation's entity data model: what <c>$metadata</c> shows and what query options are parsed against.</summary>
internal sealed class OrgModel
{
    public const string Namespace = "Microsoft.Dynamics.CRM";
    static readonly ConditionalWeakTable<OrgSchema, OrgModel> Known = [];
    readonly Dictionary<string, EdmEntityType> types = new(StringComparer.Ordinal);
    readonly Dictionary<string, EdmEntitySet> sets = new(StringComparer.Ordinal);

    OrgModel(OrgSchema schema)
    {
        Model = new EdmModel();
        var root = new EdmEntityType(Namespace, "crmbaseentity", null, isAbstract: true, isOpen: false);
        Base = root;
        Model.AddElement(root);
        var container = new EdmEntityContainer(Namespace, "System");
        Model.AddElement(container);
        foreach (TableInfo table in schema.Tables)
        {
            var type = new EdmEntityType(Namespace, table.LogicalName, root);
            types.Add(table.LogicalName, type);
            AddProperties(type, table);
            Model.AddElement(type);
            sets.Add(table.LogicalName, container.AddEntitySet(table.SetName, type));
        }
        foreach (TableInfo table in schema.Tables) AddNavigations(table);
        QueryFunctions.AddTo(Model, root);
    }

    public EdmModel Model { get; }

    /// <summary>What every table's type derives from.</summary>
    public IEdmEntityType Base { get; }

    /// <summary>The whole model of the organisation with what can be called in it; made anew, since custom APIs come and go as rows.</summary>
    public static EdmModel WithOperations(RowStore store)
    {
        var org = new OrgModel(store.Schema);
        new OperationModel(org.Model, org, store).Add();
        return org.Model;
    }

    /// <summary>The model of a schema; made once for each.</summary>
    public static OrgModel Of(OrgSchema schema) => Known.GetValue(schema, static s => new OrgModel(s));

    public IEdmEntityType TypeOf(TableInfo table) => types[table.LogicalName];

    public IEdmEntitySet SetOf(TableInfo table) => sets[table.LogicalName];

    static void AddProperties(EdmEntityType type, TableInfo table)
    {
        foreach (Column column in table.AllColumns)
        {
            if (column.Type == ColumnType.PartyList) continue;
            EdmStructuralProperty property =
                type.AddStructuralProperty(TableInfo.WireName(column), Primitive(EdmNames.Of(column)), isNullable: column.Name != table.PrimaryId);
            if (column.Name == table.PrimaryId) type.AddKeys(property);
        }
    }

    void AddNavigations(TableInfo table)
    {
        EdmEntityType type = types[table.LogicalName];
        foreach (Navigation navigation in table.Navigations.Values.OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            if (type.FindProperty(navigation.Name) is not null) continue;
            EdmNavigationProperty property = type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
            {
                Name = navigation.Name,
                Target = types[navigation.Target],
                TargetMultiplicity = navigation.IsSingle ? EdmMultiplicity.ZeroOrOne : EdmMultiplicity.Many,
            });
            sets[table.LogicalName].AddNavigationTarget(property, sets[navigation.Target]);
        }
    }

    static EdmPrimitiveTypeKind Primitive(string name) => name switch
    {
        "Edm.Int32" => EdmPrimitiveTypeKind.Int32,
        "Edm.Int64" => EdmPrimitiveTypeKind.Int64,
        "Edm.Decimal" => EdmPrimitiveTypeKind.Decimal,
        "Edm.Double" => EdmPrimitiveTypeKind.Double,
        "Edm.Boolean" => EdmPrimitiveTypeKind.Boolean,
        "Edm.Date" => EdmPrimitiveTypeKind.Date,
        "Edm.DateTimeOffset" => EdmPrimitiveTypeKind.DateTimeOffset,
        "Edm.Guid" => EdmPrimitiveTypeKind.Guid,
        _ => EdmPrimitiveTypeKind.String,
    };
}
