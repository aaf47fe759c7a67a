using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Protocol;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.OData.Edm;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>Adds to a model what can be called beside rows: functions and actions of the platform, and the custom APIs as their rows say.</summary>
internal sealed class OperationModel(EdmModel model, OrgModel org, RowStore store)
{
    static readonly (string Name, bool IsFunction, (string Name, ApiParameterType Type)[] Request, (string Name, ApiParameterType Type)[] Response)[] Platforms =
    [
        ("WhoAmI", true, [], [("BusinessUnitId", ApiParameterType.Guid), ("UserId", ApiParameterType.Guid), ("OrganizationId", ApiParameterType.Guid)]),
        ("RetrieveVersion", true, [], [("Version", ApiParameterType.String)]),
        ("RetrieveEnvironmentVariableValue", true, [("DefinitionSchemaName", ApiParameterType.String)], [("Value", ApiParameterType.String)]),
        ("RetrieveEnvironmentVariableSecretValue", false, [("EnvironmentVariableName", ApiParameterType.String)],
            [("EnvironmentVariableSecretValue", ApiParameterType.String)]),
        ("ImportSolution", false,
            [("OverwriteUnmanagedCustomizations", ApiParameterType.Boolean), ("PublishWorkflows", ApiParameterType.Boolean),
                ("ImportJobId", ApiParameterType.Guid), ("CustomizationFile", ApiParameterType.String), ("ComponentParameters", ApiParameterType.EntityCollection)],
            []),
        ("PublishAllXml", false, [], []),
        ("PublishXml", false, [("ParameterXml", ApiParameterType.String)], []),
    ];

    public void Add()
    {
        foreach ((string name, bool function, (string, ApiParameterType)[] request, (string, ApiParameterType)[] response) in Platforms)
            Add(name, function, null, isSet: false, request.Select(r => (r.Item1, Type(r.Item2, isOptional: false))), response.Select(r => (r.Item1, Type(r.Item2))));
        foreach (Row api in store["customapi"].All.OrderBy(a => a.Text("uniquename"), StringComparer.Ordinal))
        {
            if (api.Text("uniquename") is not { } name) continue;
            TableInfo? bound = store.Schema.Find(api.Text("boundentitylogicalname") ?? "");
            Add(name, api["isfunction"] is true, bound, api.Int("bindingtype") == 2, Fields("customapirequestparameter", api), Fields("customapiresponseproperty", api));
        }
    }

    IEnumerable<(string Name, IEdmTypeReference Type)> Fields(string table, Row api) =>
        (store[table].FindEqual("customapiid", new Lookup(api.Table, api.Id)) ?? []).OrderBy(p => p.Text("uniquename"), StringComparer.Ordinal)
            .Select(p => (p.Text("uniquename") ?? "", Type((ApiParameterType)(p.Int("type") ?? 10), p["isoptional"] is not false, p.Text("logicalentityname"))));

    void Add(
        string name, bool function, TableInfo? bound, bool isSet, IEnumerable<(string Name, IEdmTypeReference Type)> request,
        IEnumerable<(string Name, IEdmTypeReference Type)> response)
    {
        IEdmTypeReference? answer = null;
        List<(string Name, IEdmTypeReference Type)> properties = [.. response];
        if (properties.Count > 0)
        {
            var type = new EdmComplexType(OrgModel.Namespace, name + "Response");
            foreach ((string property, IEdmTypeReference of) in properties)
            {
                // A complex type holds rows by navigation properties only.
                if (of.Definition is IEdmEntityType || of.IsCollection() && of.AsCollection().ElementType().IsEntity())
                    type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
                    {
                        Name = property,
                        Target = (IEdmEntityType)(of.IsCollection() ? of.AsCollection().ElementType().Definition : of.Definition),
                        TargetMultiplicity = of.IsCollection() ? EdmMultiplicity.Many : EdmMultiplicity.ZeroOrOne,
                    });
                else type.AddStructuralProperty(property, of);
            }
            model.AddElement(type);
            answer = new EdmComplexTypeReference(type, isNullable: false);
        }
        EdmOperation operation = function
            ? new EdmFunction(OrgModel.Namespace, name, answer ?? EdmCoreModel.Instance.GetBoolean(true), bound is not null, null, isComposable: false)
            : new EdmAction(OrgModel.Namespace, name, answer, bound is not null, null);
        if (bound is not null)
        {
            var row = new EdmEntityTypeReference(org.TypeOf(bound), isNullable: false);
            operation.AddParameter("entity" + (isSet ? "set" : ""), isSet ? new EdmCollectionTypeReference(new EdmCollectionType(row)) : row);
        }
        foreach ((string parameter, IEdmTypeReference type) in request) operation.AddParameter(parameter, type);
        model.AddElement(operation);
        if (bound is not null) return;
        var container = (EdmEntityContainer)model.EntityContainer;
        if (operation is EdmFunction imported) container.AddFunctionImport(name, imported);
        else container.AddActionImport(name, (EdmAction)operation);
    }

    IEdmTypeReference Type(ApiParameterType type, bool isOptional = true, string? tableName = null)
    {
        EdmPrimitiveTypeKind? kind = type switch
        {
            ApiParameterType.Boolean => EdmPrimitiveTypeKind.Boolean,
            ApiParameterType.DateTime => EdmPrimitiveTypeKind.DateTimeOffset,
            ApiParameterType.Decimal or ApiParameterType.Money => EdmPrimitiveTypeKind.Decimal,
            ApiParameterType.Float => EdmPrimitiveTypeKind.Double,
            ApiParameterType.Integer or ApiParameterType.Picklist => EdmPrimitiveTypeKind.Int32,
            ApiParameterType.String => EdmPrimitiveTypeKind.String,
            ApiParameterType.Guid => EdmPrimitiveTypeKind.Guid,
            _ => null,
        };
        if (kind is { } primitive) return EdmCoreModel.Instance.GetPrimitive(primitive, isOptional);
        if (type == ApiParameterType.StringArray)
            return new EdmCollectionTypeReference(new EdmCollectionType(EdmCoreModel.Instance.GetString(isNullable: false)));
        IEdmEntityType entity = store.Schema.Find(tableName ?? "") is { } table ? org.TypeOf(table) : org.Base;
        var row = new EdmEntityTypeReference(entity, isOptional);
        return type == ApiParameterType.EntityCollection ? new EdmCollectionTypeReference(new EdmCollectionType(row)) : row;
    }
}
