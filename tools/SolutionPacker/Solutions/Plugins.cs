using System;
using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>A plugin assembly with its bytes.</summary>
public sealed record PluginAssembly
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name with version, culture and public key token.</summary>
    public required string FullName { get; init; }

    /// <summary>2 sandbox, 1 none.</summary>
    public int IsolationMode { get; init; }

    /// <summary>Path in the zip, without leading slash.</summary>
    public required string FileName { get; init; }

    /// <summary>The DLL.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The classes that steps and custom APIs may name.</summary>
    public IReadOnlyList<PluginType> Types { get; init; } = [];
}

/// <summary>A class of a plugin assembly.</summary>
public sealed record PluginType
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Full name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Full name of the class, and of its assembly.</summary>
    public required string AssemblyQualifiedName { get; init; }

    /// <summary>Unique text.</summary>
    public string FriendlyName { get; init; } = "";
}

/// <summary>A registered step.</summary>
public sealed record ProcessingStep
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name in the list of steps.</summary>
    public required string Name { get; init; }

    /// <summary>Assembly-qualified name of the class that runs; null when a service endpoint does.</summary>
    public string? PluginTypeName { get; init; }

    /// <summary>Id of the class that runs; null when a service endpoint does.</summary>
    public Guid? PluginTypeId { get; init; }

    /// <summary>Id of the service endpoint that runs; null when a class does.</summary>
    public Guid? ServiceEndpointId { get; init; }

    /// <summary>Logical name of the table; null for any.</summary>
    public string? Table { get; init; }

    /// <summary>Id of the message; see <see cref="Messages"/>.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Name of the message, or null when the id is not one of <see cref="Messages"/>.</summary>
    public string? Message { get; init; }

    /// <summary>10 before validation, 20 before, 40 after the operation.</summary>
    public required int Stage { get; init; }

    /// <summary>0 synchronous, 1 asynchronous.</summary>
    public required int Mode { get; init; }

    /// <summary>Order within a stage.</summary>
    public int Rank { get; init; }

    /// <summary>Logical names; an Update that writes none of them does not run the step. Empty is every Update.</summary>
    public IReadOnlyList<string> FilteringColumns { get; init; } = [];

    /// <summary>Unsecure configuration, or null.</summary>
    public string? Configuration { get; init; }

    /// <summary>Description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the job of an asynchronous step goes when it succeeded.</summary>
    public bool AsyncAutoDelete { get; init; }

    /// <summary>Snapshots handed to the step.</summary>
    public IReadOnlyList<StepImage> Images { get; init; } = [];
}

/// <summary>A snapshot handed to a step.</summary>
public sealed record StepImage
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Key in the context's images.</summary>
    public required string Alias { get; init; }

    /// <summary>0 before, 1 after, 2 both.</summary>
    public required int ImageType { get; init; }

    /// <summary>The parameter that names the row: <c>Target</c>, or <c>Id</c> after Create.</summary>
    public required string MessageProperty { get; init; }

    /// <summary>Logical names of its columns; empty is all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];
}
