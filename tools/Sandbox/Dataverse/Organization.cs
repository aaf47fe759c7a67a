using System;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Dataverse.Import;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Query;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Faults;
using CrmBehavior.Sandbox.Storage;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse;

/// <summary>One Dataverse organisation: its rows and the parts that work on them.</summary>
internal sealed class Organization : IDisposable
{
    /// <summary>Unique name.</summary>
    public const string Name = "sandbox";

    public Organization(Journal journal, SandboxClock clock, MessageBus bus, FaultBoard faults, TimeSpan? pluginTimeout, string serviceUrl, bool hasSales)
    {
        Standard = StandardTables.Load(includeSales: hasSales);
        ServiceUrl = serviceUrl;
        PluginTimeout = pluginTimeout ?? TimeSpan.FromMinutes(2);
        Store = new RowStore(journal, clock);
        Solutions = new InstalledSolutions(journal);
        Store.Become(OrgSchema.Build(Standard, Solutions.All));
        Store.Load();
        GeneratedRows.Refresh(Store, Solutions.All);
        Directory = new CallerDirectory(Store, Solutions);
        Entities = new EntityMapping(Store);
        Steps = new StepRegistry(Store);
        Traces = new TraceLog(Store, Id);
        Endpoints = new ServiceEndpoints(Store, bus);
        Plugins = new PluginRuntime(this);
        Pipeline = new Pipeline(Store, Steps, Plugins);
        Rows = new RowMessages(Store, Pipeline);
        Links = new LinkMessages(Store, Rows, Pipeline);
        Vault = new SecretVault(journal);
        Variables = new EnvironmentVariables(Store, Vault);
        Apis = new CustomApis(this);
        Jobs = new AsyncJobs(this, faults);
        Importer = new SolutionImport(this, bus);
        SeedRows.Plant(this);
    }

    /// <summary>The organisation's id, the same in every sandbox.</summary>
    public static Guid Id => SeedIds.Organization;

    /// <summary>The platform's own tables in this organisation, with those of Dynamics 365 Sales where it is installed.</summary>
    public TableSchema Standard { get; }

    /// <summary>After this a plugin is cut off.</summary>
    public TimeSpan PluginTimeout { get; }

    public RowStore Store { get; }

    public InstalledSolutions Solutions { get; }

    public CallerDirectory Directory { get; }

    public EntityMapping Entities { get; }

    public StepRegistry Steps { get; }

    public TraceLog Traces { get; }

    public ServiceEndpoints Endpoints { get; }

    public PluginRuntime Plugins { get; }

    public Pipeline Pipeline { get; }

    public RowMessages Rows { get; }

    public LinkMessages Links { get; }

    public CustomApis Apis { get; }

    public SecretVault Vault { get; }

    public EnvironmentVariables Variables { get; }

    /// <summary>Where custom APIs find the service: what <c>crmb_ServiceUrl</c> is set to.</summary>
    public string ServiceUrl { get; }

    public AsyncJobs Jobs { get; }

    public SolutionImport Importer { get; }

    public PageCache Pages { get; } = new();

    /// <summary>A call by the platform itself.</summary>
    public CallContext SystemCall() => new() { Caller = Directory.System, InitiatingUserId = CallerDirectory.SystemId };

    /// <inheritdoc/>
    public void Dispose()
    {
        Jobs.Dispose();
        Store.Dispose();
    }
}
