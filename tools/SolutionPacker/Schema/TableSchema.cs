using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>A set of tables with the relationships and shared choices between them.</summary>
public sealed record TableSchema
{
    /// <summary>The tables.</summary>
    public IReadOnlyList<Table> Tables { get; init; } = [];

    /// <summary>The 1:N relationships.</summary>
    public IReadOnlyList<OneToMany> OneToMany { get; init; } = [];

    /// <summary>The N:N relationships.</summary>
    public IReadOnlyList<ManyToMany> ManyToMany { get; init; } = [];

    /// <summary>Choices that several columns share.</summary>
    public IReadOnlyList<OptionSet> OptionSets { get; init; } = [];

    /// <summary>The table of that logical name, or null.</summary>
    public Table? Table(string logicalName) => Tables.FirstOrDefault(t => string.Equals(t.LogicalName, logicalName, StringComparison.Ordinal));
}
