using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Platform;

/// <summary>
/// The edges of the platform that plugins touch, in memory: rows, the pipeline that runs the registered steps with their filters and
/// images, jobs with four attempts, and the bus. Everything between is the plugins' own code.
/// </summary>
public sealed class PluginPlatform
{
    /// <summary>Attempts of an asynchronous job.</summary>
    public const int Attempts = 4;

    readonly List<Job> jobs = new List<Job>();
    readonly Pipeline pipeline;

    public PluginPlatform()
    {
        pipeline = new Pipeline(this);
        Rows = new PlatformRows(this, pipeline, parent: null);
    }

    /// <summary>The table rows, by table and id.</summary>
    internal Dictionary<string, Dictionary<Guid, Entity>> Tables { get; private set; } = new Dictionary<string, Dictionary<Guid, Entity>>();

    /// <summary>Who calls.</summary>
    public Guid User { get; set; } = new Guid("aa000000-0000-4000-8000-000000000003");

    /// <summary>When jobs are made.</summary>
    public DateTime Now { get; set; } = new DateTime(2026, 1, 5, 10, 0, 0, DateTimeKind.Utc);

    /// <summary>Depth of the next call; more than 1 when a customer's plugin makes it.</summary>
    public int Depth { get; set; } = 1;

    /// <summary>How many of the next posts the bus refuses.</summary>
    public int BusRefusals { get; set; }

    /// <summary>How many of the next queries fail, as they do when the database is busy.</summary>
    public int QueryFailures { get; set; }

    /// <summary>The platform hands no images to steps.</summary>
    public bool WithoutImages { get; set; }

    /// <summary>A change to the context before an asynchronous step sees it.</summary>
    public Action<RemoteExecutionContext>? BeforeJob { get; set; }

    /// <summary>Contexts that reached the bus.</summary>
    public List<RemoteExecutionContext> Posts { get; } = new List<RemoteExecutionContext>();

    /// <summary>Service endpoints that they were posted to.</summary>
    public List<EntityReference> Endpoints { get; } = new List<EntityReference>();

    /// <summary>Lines of the trace log.</summary>
    public List<string> Traces { get; } = new List<string>();

    /// <summary>What made jobs fail, attempt by attempt.</summary>
    public List<InvalidPluginExecutionException> JobFailures { get; } = new List<InvalidPluginExecutionException>();

    /// <summary>Messages of queries that were asked, by table.</summary>
    public List<string> Queries { get; } = new List<string>();

    /// <summary>In whose name plugins wrote rows: null is the system.</summary>
    public List<WrittenAs> Users { get; } = new List<WrittenAs>();

    /// <summary>Messages that link rows, in order.</summary>
    public List<string> Messages { get; } = new List<string>();

    /// <summary>Values of secret environment variables, as the vault gives them out.</summary>
    public Dictionary<string, string> Secrets { get; } = new Dictionary<string, string>();

    /// <summary>Rows as the client reads and writes them.</summary>
    public IOrganizationService Rows { get; }

    /// <summary>A stored row.</summary>
    public Entity Row(string table, Guid id) => Tables[table][id];

    /// <summary>All stored rows of a table, in no order that counts.</summary>
    public IEnumerable<Entity> All(string table) =>
        Tables.TryGetValue(table, out Dictionary<Guid, Entity>? rows) ? rows.Values : Enumerable.Empty<Entity>();

    /// <summary>Sets an environment variable.</summary>
    public void SetVariable(string name, string value)
    {
        Guid definition = Seed(new Entity("environmentvariabledefinition") { ["schemaname"] = name });
        Seed(new Entity("environmentvariablevalue")
        {
            ["environmentvariabledefinitionid"] = new EntityReference("environmentvariabledefinition", definition),
            ["value"] = value,
        });
    }

    /// <summary>Puts a row in its table; no plugin sees it.</summary>
    public Guid Seed(Entity row)
    {
        if (row.Id == Guid.Empty) row.Id = Guid.NewGuid();
        Table(row.LogicalName)[row.Id] = row;
        return row.Id;
    }

    /// <summary>Calls the custom API that publishes; the answer is the version.</summary>
    public int Publish(Guid definition, string? reason)
    {
        var parameters = new ParameterCollection { ["Target"] = new EntityReference(CrmNames.Definition, definition) };
        if (reason != null) parameters["Reason"] = reason;
        return (int)Call(CrmNames.Publish, parameters)["Version"];
    }

    /// <summary>Calls a custom API.</summary>
    public ParameterCollection Call(string name, ParameterCollection parameters) => InTransaction(() =>
    {
        var target = parameters.TryGetValue("Target", out object row) ? (EntityReference)row : null;
        RemoteExecutionContext context = pipeline.Context(name, target?.LogicalName ?? "none", target?.Id ?? Guid.Empty, parent: null);
        context.Stage = (int)PipelineStage.MainOperation;
        context.InputParameters.AddRange(parameters);
        pipeline.Run(StepCatalog.CustomApis.Single(api => api.UniqueName == name).PluginType, context);
        return context.OutputParameters;
    });

    internal Dictionary<Guid, Entity> Table(string name)
    {
        if (!Tables.TryGetValue(name, out Dictionary<Guid, Entity>? rows)) Tables[name] = rows = new Dictionary<Guid, Entity>();
        return rows;
    }

    internal void Enqueue(Job job) => jobs.Add(job);

    /// <summary>All or nothing; jobs run after the commit.</summary>
    internal T InTransaction<T>(Func<T> work)
    {
        var saved = Tables.ToDictionary(table => table.Key, table => table.Value.ToDictionary(row => row.Key, row => RowCopy.Of(row.Value)));
        try
        {
            T result = work();
            RunJobs();
            return result;
        }
        catch
        {
            jobs.Clear();
            Tables = saved;
            throw;
        }
    }

    void RunJobs()
    {
        Job[] due = jobs.ToArray();
        jobs.Clear();
        foreach (Job job in due)
        {
            BeforeJob?.Invoke(job.Context);
            for (int attempt = 1; attempt <= Attempts && !Attempt(job); attempt++)
            {
            }
        }
    }

    bool Attempt(Job job)
    {
        try
        {
            pipeline.Run(job.PluginType, job.Context);
            return true;
        }
        catch (InvalidPluginExecutionException failure)
        {
            JobFailures.Add(failure);
            return failure.Status != OperationStatus.Retry;
        }
    }
}
