using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Fetch;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>The organization service as a plugin gets it: in the transaction of the operation it runs in, one deeper.</summary>
internal sealed class OrganizationService(Organization organization, CallContext call, PluginServices services) : IOrganizationService
{
    RowStore Store => organization.Store;

    public Guid Create(Entity entity) => services.While(() =>
    {
        TableInfo table = TableOf(entity.LogicalName);
        RowValues values = EntityMapping.ToValues(table, entity);
        if (entity.Id != Guid.Empty) values[table.PrimaryId] = entity.Id;
        else if (entity.Attributes.TryGetValue(table.PrimaryId, out object? id) && id is Guid given) values[table.PrimaryId] = given;
        return organization.Rows.Create(call, table, values);
    });

    public void Update(Entity entity) => services.While(() =>
    {
        TableInfo table = TableOf(entity.LogicalName);
        Guid id = entity.Id != Guid.Empty ? entity.Id : entity.GetAttributeValue<Guid>(table.PrimaryId);
        organization.Rows.Update(call, table, id, EntityMapping.ToValues(table, entity));
        return true;
    });

    public void Delete(string entityName, Guid id) => services.While(() =>
    {
        organization.Rows.Delete(call, TableOf(entityName), id);
        return true;
    });

    public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet) => services.While(() => Read(() =>
    {
        TableInfo table = TableOf(entityName);
        Row row = Store.Find(entityName, id) ?? throw Failure.NotFound(entityName, id);
        Access.Demand(call.Caller, "Read", table, row);
        Entity entity = organization.Entities.FromRow(row, columnSet.AllColumns ? null : [.. Known(table, columnSet), table.PrimaryId]);
        return entity;
    }));

    public EntityCollection RetrieveMultiple(QueryBase query) => services.While(() => Read(() =>
    {
        FetchQuery fetch = new ExpressionReader(Store.Schema).Read(query);
        var run = new FetchRun(Store, call.Caller, fetch);
        if (fetch.IsAggregate) return Groups(fetch, run);
        List<JoinedRow> all = run.Rows();
        int size = fetch.PageSize ?? 5000, start = (fetch.Page - 1) * size;
        List<JoinedRow> page = start >= all.Count ? [] : all.GetRange(start, Math.Min(size, all.Count - start));
        return new EntityCollection([.. page.Select(r => Joined(fetch, run, r))])
        {
            EntityName = fetch.Table.LogicalName,
            MoreRecords = start + page.Count < all.Count,
            TotalRecordCount = fetch.CountsAll ? all.Count : -1,
        };
    }));

    public void Associate(string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities) =>
        Link(entityName, entityId, relationship, relatedEntities, organization.Links.Associate);

    public void Disassociate(string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities) =>
        Link(entityName, entityId, relationship, relatedEntities, organization.Links.Disassociate);

    public OrganizationResponse Execute(OrganizationRequest request)
    {
        var response = new OrganizationResponse { ResponseName = request.RequestName };
        switch (request.RequestName)
        {
            case "Create": response.Results["id"] = Create((Entity)request["Target"]); break;
            case "Update": Update((Entity)request["Target"]); break;
            case "Delete": Delete(((EntityReference)request["Target"]).LogicalName, ((EntityReference)request["Target"]).Id); break;
            case "Retrieve":
                response.Results["Entity"] =
                Retrieve(((EntityReference)request["Target"]).LogicalName, ((EntityReference)request["Target"]).Id, (ColumnSet)request["ColumnSet"]); break;
            case "RetrieveMultiple": response.Results["EntityCollection"] = RetrieveMultiple((QueryBase)request["Query"]); break;
            case "Associate":
                Associate(
                ((EntityReference)request["Target"]).LogicalName, ((EntityReference)request["Target"]).Id, (Relationship)request["Relationship"],
                    (EntityReferenceCollection)request["RelatedEntities"]); break;
            case "Disassociate":
                Disassociate(
                ((EntityReference)request["Target"]).LogicalName, ((EntityReference)request["Target"]).Id, (Relationship)request["Relationship"],
                    (EntityReferenceCollection)request["RelatedEntities"]); break;
            case "WhoAmI":
                response.Results["UserId"] = call.Caller.UserId;
                response.Results["BusinessUnitId"] = call.Caller.BusinessUnitId;
                response.Results["OrganizationId"] = Organization.Id;
                break;
            case "RetrieveEnvironmentVariableValue":
                response.Results["Value"] = services.While(() => organization.Variables.Value(call, (string)request["DefinitionSchemaName"]));
                break;
            case "RetrieveEnvironmentVariableSecretValue":
                response.Results["EnvironmentVariableSecretValue"] =
                    services.While(() => organization.Variables.Secret(call, (string)request["EnvironmentVariableName"]));
                break;
            case "CreateMultiple" or "UpdateMultiple" or "UpsertMultiple" or "ExecuteMultiple" or "ExecuteTransaction":
                throw new DataverseException(400, ErrorCodes.PluginFailed, $"{request.RequestName} must not be used inside a plug-in.");
            default:
                services.While(() =>
                {
                    EntityReference? target = request.Parameters.TryGetValue("Target", out object? t) ? t as EntityReference : null;
                    foreach ((string name, object value) in organization.Apis.Run(
                        call, request.RequestName, target is null ? null : TableOf(target.LogicalName), target?.Id
                            ?? Guid.Empty, request.Parameters.Where(p => p.Key != "Target")))
                        response.Results[name] = value;
                    return true;
                });
                break;
        }
        return response;
    }

    void Link(string entityName, Guid id, Relationship relationship, EntityReferenceCollection others, Action<CallContext, TableInfo, Guid, Navigation,
        IReadOnlyList<Lookup>> work) => services.While(() =>
    {
        TableInfo table = TableOf(entityName);
        bool? first = relationship.PrimaryEntityRole is { } role ? role == EntityRole.Referenced : null;
        Navigation navigation =
            table.Navigations.Values.FirstOrDefault(
                n => n.Relationship == relationship.SchemaName && n.Kind != NavigationKind.ManyToOne
                    && (first is null || n.IsFirst == first || n.Kind == NavigationKind.OneToMany))
            ?? throw Failure.InvalidArgument($"The relationship '{relationship.SchemaName}' does not lead from '{entityName}' to several rows.");
        work(call, table, id, navigation, [.. others.Select(o => new Lookup(o.LogicalName, o.Id))]);
        return true;
    });

    Entity Joined(FetchQuery query, FetchRun run, JoinedRow row)
    {
        Entity entity = organization.Entities.FromRow(
            row.First, query.Columns is null ? null : [.. query.Columns.Select(c => c.Column.Name), query.Table.PrimaryId]);
        foreach (FetchLink link in query.Links) Join(entity, run, row, link);
        return entity;
    }

    void Join(Entity entity, FetchRun run, JoinedRow row, FetchLink link)
    {
        if (row[run.NumberOf(link.Alias)] is { } joined)
            foreach (FetchColumn column in link.Columns ?? [.. link.Table.AllColumns.Select(c => new FetchColumn(c, null))])
                if (joined[column.Column.Name] is { } value)
                    entity.Attributes[column.Alias ?? link.Alias + "." + column.Column.Name] =
                        new AliasedValue(link.Table.LogicalName, column.Column.Name, organization.Entities.ToSdk(column.Column, value, named: true));
        foreach (FetchLink inner in link.Links) Join(entity, run, row, inner);
    }

    static EntityCollection Groups(FetchQuery fetch, FetchRun run) => new([.. run.Groups().Select(g =>
    {
        var entity = new Entity(fetch.Table.LogicalName);
        foreach ((string alias, object? value) in g)
            entity.Attributes[alias] =
                new AliasedValue(fetch.Table.LogicalName, alias, value is Lookup lookup ? new EntityReference(lookup.Table, lookup.Id) : value);
        return entity;
    })])
    { EntityName = fetch.Table.LogicalName };

    static IEnumerable<string> Known(TableInfo table, ColumnSet columns)
    {
        foreach (string name in columns.Columns)
            yield return table.Columns.ContainsKey(name) ? name
                : throw new DataverseException(
                    400, ErrorCodes.NoAttribute, $"'{table.LogicalName}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'.");
    }

    T Read<T>(Func<T> read) => call.Transaction is null ? Store.Read(read) : read();

    TableInfo TableOf(string name) =>
        Store.Schema.Find(name)
            ?? throw new DataverseException(400, ErrorCodes.NoEntity, $"The entity with a name = '{name}' was not found in the MetadataCache.");
}
