namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>Definition of an environment variable.</summary>
public sealed record EnvironmentVariable
{
    /// <summary>Type of a plain text variable.</summary>
    public const int StringType = 100000000;

    /// <summary>Type of a variable whose value names a secret in a key vault.</summary>
    public const int SecretType = 100000005;

    /// <summary>Schema name.</summary>
    public required string SchemaName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>What to put there.</summary>
    public string Description { get; init; } = "";

    /// <summary>100000000 text, 100000001 number, 100000002 yes/no, 100000003 JSON, 100000004 data source, 100000005 secret.</summary>
    public required int Type { get; init; }

    /// <summary>Value where an environment has none, or null.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>Where a secret's value lies: 0 key vault, 1 Dataverse; null for other types.</summary>
    public int? SecretStore { get; init; }

    /// <summary>Whether the import asks for a value.</summary>
    public bool IsRequired { get; init; }
}
