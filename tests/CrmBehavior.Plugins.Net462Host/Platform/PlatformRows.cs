using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Platform;

/// <summary>Reads and writes rows through the pipeline; what a plugin does in turn is one level deeper.</summary>
sealed class PlatformRows : IOrganizationService
{
    readonly PluginPlatform platform;
    readonly Pipeline pipeline;
    readonly RemoteExecutionContext? parent;
    readonly Guid? user;

    internal PlatformRows(PluginPlatform platform, Pipeline pipeline, RemoteExecutionContext? parent, Guid? user = null)
    {
        this.user = user;
        this.platform = platform;
        this.pipeline = pipeline;
        this.parent = parent;
    }

    public Guid Create(Entity entity) => Together(() =>
    {
        Entity target = RowCopy.Of(entity);
        if (parent != null) platform.Users.Add(new WrittenAs("Create", user));
        RemoteExecutionContext context = pipeline.Context("Create", target.LogicalName, Guid.Empty, parent);
        context.InputParameters["Target"] = target;
        pipeline.Run(PipelineStage.PreOperation, context, null, null);
        if (target.Id == Guid.Empty) target.Id = Guid.NewGuid();
        Entity row = RowCopy.Of(target);
        if (!row.Contains("statecode")) row["statecode"] = new OptionSetValue(0);
        if (!row.Contains("statuscode")) row["statuscode"] = new OptionSetValue(1);
        Stamp(row);
        platform.Table(row.LogicalName).Add(row.Id, row);
        context.PrimaryEntityId = row.Id;
        context.OutputParameters["id"] = row.Id;
        pipeline.Run(PipelineStage.PostOperation, context, null, row);
        return row.Id;
    });

    public void Update(Entity entity) => Together(() =>
    {
        Entity target = RowCopy.Of(entity);
        Entity row = platform.Table(target.LogicalName)[target.Id];
        Entity before = RowCopy.Of(row);
        RemoteExecutionContext context = pipeline.Context("Update", target.LogicalName, target.Id, parent);
        context.InputParameters["Target"] = target;
        pipeline.Run(PipelineStage.PreOperation, context, before, null);
        foreach (KeyValuePair<string, object> column in target.Attributes) row[column.Key] = column.Value;
        row.FormattedValues.Clear();
        row.FormattedValues.AddRange(before.FormattedValues.Where(label => !target.Contains(label.Key)).Concat(target.FormattedValues));
        Stamp(row);
        pipeline.Run(PipelineStage.PostOperation, context, before, row);
        return row.Id;
    });

    public void Delete(string entityName, Guid id) => Together(() =>
    {
        RemoteExecutionContext context = pipeline.Context("Delete", entityName, id, parent);
        context.InputParameters["Target"] = new EntityReference(entityName, id);
        pipeline.Run(PipelineStage.PreOperation, context, platform.Row(entityName, id), null);
        if (entityName == CrmNames.Definition) DeleteVersions(id, context);
        Entity before = platform.Row(entityName, id);
        platform.Table(entityName).Remove(id);
        pipeline.Run(PipelineStage.PostOperation, context, before, null);
        return id;
    });

    public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet)
    {
        if (!platform.Table(entityName).TryGetValue(id, out Entity? row))
            throw new InvalidOperationException(entityName + " With Id = " + id + " Does Not Exist");
        return columnSet.AllColumns ? RowCopy.Of(row) : RowCopy.Of(row, columnSet.Columns);
    }

    public EntityCollection RetrieveMultiple(QueryBase query)
    {
        var tree = (QueryExpression)query;
        platform.Queries.Add(tree.EntityName);
        if (platform.QueryFailures > 0)
        {
            platform.QueryFailures--;
            throw new TimeoutException("The database is busy");
        }

        return PlatformQuery.Run(tree, platform.All(tree.EntityName));
    }

    public OrganizationResponse Execute(OrganizationRequest request)
    {
        if (request.RequestName != "RetrieveEnvironmentVariableSecretValue") throw new NotSupportedException(request.RequestName);
        if (!platform.Secrets.TryGetValue((string)request["EnvironmentVariableName"], out string? secret))
            throw new InvalidOperationException("The vault gives out no such secret");
        var response = new OrganizationResponse { ResponseName = request.RequestName };
        response.Results["EnvironmentVariableSecretValue"] = secret;
        return response;
    }

    public void Associate(string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities)
    {
        platform.Messages.Add("Associate");
        foreach (EntityReference related in relatedEntities)
        {
            Entity link = Link(entityName, entityId, related);
            if (Linked(relationship, link).Any()) throw new InvalidOperationException("Cannot insert duplicate key.");
            platform.Table(relationship.SchemaName).Add(Guid.NewGuid(), link);
        }
    }

    public void Disassociate(string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities)
    {
        platform.Messages.Add("Disassociate");
        foreach (EntityReference related in relatedEntities)
            platform.Table(relationship.SchemaName).Remove(Linked(relationship, Link(entityName, entityId, related)).Single().Key);
    }

    static Entity Link(string table, Guid id, EntityReference related) => new Entity(CrmNames.ContactTag)
    {
        [table + "id"] = id,
        [related.LogicalName + "id"] = related.Id,
    };

    IEnumerable<KeyValuePair<Guid, Entity>> Linked(Relationship relationship, Entity link) =>
        platform.Table(relationship.SchemaName).Where(row => link.Attributes.All(column => Equals(row.Value[column.Key], column.Value)));

    void DeleteVersions(Guid definition, RemoteExecutionContext context)
    {
        Guid[] versions = platform.All(CrmNames.DefinitionVersion)
            .Where(version => version.GetAttributeValue<EntityReference>("crmb_definitionid").Id == definition)
            .Select(version => version.Id)
            .ToArray();
        foreach (Guid version in versions) new PlatformRows(platform, pipeline, context).Delete(CrmNames.DefinitionVersion, version);
    }

    Guid Together(Func<Guid> work) => parent == null ? platform.InTransaction(work) : work();

    static void Stamp(Entity row) => row["versionnumber"] = (row.Contains("versionnumber") ? (long)row["versionnumber"] : 1000L) + 1;
}
