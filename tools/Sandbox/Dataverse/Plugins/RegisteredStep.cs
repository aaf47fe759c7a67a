using System;
using System.Collections.Frozen;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>An active step, as the rows of <c>sdkmessageprocessingstep</c> and its images say.</summary>
internal sealed record RegisteredStep
{
    public const int PreValidation = 10, PreOperation = 20, MainOperation = 30, PostOperation = 40;

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Message { get; init; }

    /// <summary>Logical name; null for any table.</summary>
    public string? Table { get; init; }

    public required int Stage { get; init; }

    public required bool IsAsync { get; init; }

    public int Rank { get; init; }

    /// <summary>Of Update: runs only when one of these is written; empty is every one.</summary>
    public FrozenSet<string> FilteringColumns { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The class that runs; null when a service endpoint does.</summary>
    public Guid? PluginTypeId { get; init; }

    /// <summary>The endpoint that is told; null when a class runs.</summary>
    public Guid? EndpointId { get; init; }

    public string? Configuration { get; init; }

    public bool DeletesJob { get; init; }

    /// <summary>The user it runs as; null is the caller.</summary>
    public Guid? RunsAs { get; init; }

    public IReadOnlyList<RegisteredImage> Images { get; init; } = [];
}

/// <summary>A snapshot that a step asked for.</summary>
/// <param name="Alias">Key in the context.</param>
/// <param name="IsPre">Whether it is wanted from before.</param>
/// <param name="IsPost">Whether it is wanted from after.</param>
/// <param name="Columns">Its columns; empty is all.</param>
internal sealed record RegisteredImage(string Alias, bool IsPre, bool IsPost, IReadOnlyList<string> Columns);
