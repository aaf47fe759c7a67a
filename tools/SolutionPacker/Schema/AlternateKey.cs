using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>Columns that together name one row, for upserts and key addresses.</summary>
public sealed record AlternateKey
{
    /// <summary>Logical name of the key.</summary>
    public required string Name { get; init; }

    /// <summary>Schema name of the key.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Logical names of its columns, in order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
}
