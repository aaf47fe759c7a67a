using System;
using System.Collections.Generic;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>What a solution zip holds, ready to be imported or looked at.</summary>
public sealed record Solution
{
    /// <summary>Unique name.</summary>
    public required string UniqueName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>Version of four parts.</summary>
    public required Version Version { get; init; }

    /// <summary>Whether it is the managed form.</summary>
    public bool Managed { get; init; }

    /// <summary>Who publishes it.</summary>
    public required Publisher Publisher { get; init; }

    /// <summary>The components that the solution names itself; subcomponents of a whole table are not among them.</summary>
    public IReadOnlyList<RootComponent> RootComponents { get; init; } = [];

    /// <summary>Components of other solutions that must be there first.</summary>
    public IReadOnlyList<MissingDependency> MissingDependencies { get; init; } = [];

    /// <summary>
    /// New tables, whole, and extensions of existing ones (<see cref="Table.IsExtension"/>), with their relationships and shared choices.
    /// </summary>
    public TableSchema Schema { get; init; } = new();

    /// <summary>Views of all tables.</summary>
    public IReadOnlyList<View> Views { get; init; } = [];

    /// <summary>Forms of all tables.</summary>
    public IReadOnlyList<Form> Forms { get; init; } = [];

    /// <summary>Charts of all tables.</summary>
    public IReadOnlyList<Chart> Charts { get; init; } = [];

    /// <summary>Dashboards.</summary>
    public IReadOnlyList<Dashboard> Dashboards { get; init; } = [];

    /// <summary>Security roles.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>Web resources with their bytes.</summary>
    public IReadOnlyList<WebResource> WebResources { get; init; } = [];

    /// <summary>Plugin assemblies with their bytes.</summary>
    public IReadOnlyList<PluginAssembly> PluginAssemblies { get; init; } = [];

    /// <summary>Steps of plugins and of service endpoints.</summary>
    public IReadOnlyList<ProcessingStep> Steps { get; init; } = [];

    /// <summary>Service endpoints, without secrets.</summary>
    public IReadOnlyList<ServiceEndpoint> ServiceEndpoints { get; init; } = [];

    /// <summary>Site maps.</summary>
    public IReadOnlyList<SiteMap> SiteMaps { get; init; } = [];

    /// <summary>Model-driven apps.</summary>
    public IReadOnlyList<AppModule> AppModules { get; init; } = [];

    /// <summary>Definitions of environment variables; values do not travel.</summary>
    public IReadOnlyList<EnvironmentVariable> EnvironmentVariables { get; init; } = [];

    /// <summary>Custom APIs.</summary>
    public IReadOnlyList<CustomApi> CustomApis { get; init; } = [];
}

/// <summary>Who publishes a solution; owns the prefix of its names.</summary>
public sealed record Publisher
{
    /// <summary>Unique name.</summary>
    public required string UniqueName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>Prefix of schema names, without the underscore.</summary>
    public required string Prefix { get; init; }

    /// <summary>Prefix of option values: they are this number times 10,000 and up.</summary>
    public required int OptionValuePrefix { get; init; }
}

/// <summary>A component that the solution names itself.</summary>
public sealed record RootComponent
{
    /// <summary>Component type, one of <see cref="ComponentTypes"/>.</summary>
    public required int Type { get; init; }

    /// <summary>Schema name, where the type goes by name; else null.</summary>
    public string? SchemaName { get; init; }

    /// <summary>Id, where the type goes by id; else null.</summary>
    public Guid? Id { get; init; }

    /// <summary>0 with all subcomponents, 1 without, 2 the shell only.</summary>
    public int Behavior { get; init; }
}

/// <summary>A component of another solution that must be there before the import.</summary>
public sealed record MissingDependency
{
    /// <summary>Component type of what is required.</summary>
    public required int Type { get; init; }

    /// <summary>Its schema name, or null.</summary>
    public string? SchemaName { get; init; }

    /// <summary>Its id, where the type goes by id; else null.</summary>
    public Guid? Id { get; init; }

    /// <summary>The solution that brings it, with version, or null.</summary>
    public string? Solution { get; init; }

    /// <summary>Unique name of <see cref="Solution"/> without the version, or null.</summary>
    public string? SolutionName => Solution?.Split(' ')[0];
}
