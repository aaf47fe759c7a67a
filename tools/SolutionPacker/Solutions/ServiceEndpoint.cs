using System;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>A service endpoint; its key never travels and its address is set per environment.</summary>
public sealed record ServiceEndpoint
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>1 one way, 2 queue, 5 topic, 6 queue (persistent), 7 event hub, 8 webhook.</summary>
    public int Contract { get; init; }

    /// <summary>2 SAS key, 3 SAS token.</summary>
    public int AuthType { get; init; }

    /// <summary>1 .NET binary, 2 JSON, 3 XML.</summary>
    public int MessageFormat { get; init; }

    /// <summary>Name of the queue.</summary>
    public string Path { get; init; } = "";

    /// <summary>Address of the namespace, a placeholder until set in the environment.</summary>
    public string NamespaceAddress { get; init; } = "";

    /// <summary>Name of the SAS key.</summary>
    public string SasKeyName { get; init; } = "";

    /// <summary>1 none, 2 user id, 3 user information.</summary>
    public int UserClaim { get; init; }
}
