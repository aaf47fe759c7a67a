using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>One table with its columns.</summary>
public sealed record Table
{
    /// <summary>Logical name, lower case.</summary>
    public required string LogicalName { get; init; }

    /// <summary>Schema name; equal to <see cref="LogicalName"/> but for case.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Name of its set in the Web API.</summary>
    public required string EntitySetName { get; init; }

    /// <summary>English name of one row.</summary>
    public string Label { get; init; } = "";

    /// <summary>English name of several rows.</summary>
    public string CollectionLabel { get; init; } = "";

    /// <summary>The platform's number of the table; null for custom ones, whose number every environment gives itself.</summary>
    public int? TypeCode { get; init; }

    /// <summary>Logical name of the primary key.</summary>
    public required string PrimaryId { get; init; }

    /// <summary>Logical name of the column that names a row; null where there is none.</summary>
    public string? PrimaryName { get; init; }

    /// <summary>Who owns its rows.</summary>
    public Ownership Ownership { get; init; }

    /// <summary>
    /// What follows the verb in the names of its privileges, such as <c>User</c> in <c>prvReadUser</c>; all activities share one.
    /// Null for tables without privileges of their own.
    /// </summary>
    public string? PrivilegeName { get; init; }

    /// <summary>Whether its rows are activities: they are rows of <c>activitypointer</c> too and inherit its navigation properties.</summary>
    public bool IsActivity { get; init; }

    /// <summary>Whether it only carries an N:N relationship.</summary>
    public bool IsIntersect { get; init; }

    /// <summary>Whether changes can be tracked by delta links.</summary>
    public bool ChangeTracking { get; init; }

    /// <summary>Whether a solution made it, rather than the platform.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Whether notes may hang on its rows.</summary>
    public bool HasNotes { get; init; }

    /// <summary>Whether activities may regard its rows.</summary>
    public bool HasActivities { get; init; }

    /// <summary>
    /// True when this is not the whole table but what a solution adds to one that exists (columns, views, forms); then only
    /// <see cref="LogicalName"/>, <see cref="SchemaName"/>, <see cref="Columns"/> and <see cref="Keys"/> say something.
    /// </summary>
    public bool IsExtension { get; init; }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>Its alternate keys.</summary>
    public IReadOnlyList<AlternateKey> Keys { get; init; } = [];

    /// <summary>The column of that logical name, or null.</summary>
    public Column? Column(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
}
