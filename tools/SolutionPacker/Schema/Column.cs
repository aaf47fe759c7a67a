using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>One column of a table.</summary>
public sealed record Column
{
    /// <summary>Logical name, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Schema name; equal to <see cref="Name"/> but for case.</summary>
    public required string SchemaName { get; init; }

    /// <summary>English label; empty where the platform has none.</summary>
    public string Label { get; init; } = "";

    /// <summary>What it holds.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Of text: the most characters; else null.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Of text: <c>text</c>, <c>textarea</c>, <c>email</c>, <c>phone</c>, <c>url</c>, <c>json</c> …; null is plain.</summary>
    public string? Format { get; init; }

    /// <summary>Of a number: the least value; null is the type's own.</summary>
    public decimal? Min { get; init; }

    /// <summary>Of a number: the greatest value; null is the type's own.</summary>
    public decimal? Max { get; init; }

    /// <summary>Of decimal, double and money: places after the point.</summary>
    public int? Precision { get; init; }

    /// <summary>Of a date: how it treats time zones; else null.</summary>
    public DateBehavior? DateBehavior { get; init; }

    /// <summary>Of a choice: name of its option set, global or <c>table_column</c>.</summary>
    public string? OptionSet { get; init; }

    /// <summary>Of a choice, state, status or bool: its values.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Of a choice or bool: the value of a new row; null is none (a bool then is false).</summary>
    public int? Default { get; init; }

    /// <summary>Of a lookup: logical names of the tables it may point to.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>How far a value is demanded.</summary>
    public RequiredLevel Required { get; init; }

    /// <summary>Whether a caller may set it when creating a row.</summary>
    public bool Create { get; init; } = true;

    /// <summary>Whether a caller may set it when updating a row.</summary>
    public bool Update { get; init; } = true;

    /// <summary>Whether a caller may read it.</summary>
    public bool Read { get; init; } = true;

    /// <summary>Whether a solution made it, rather than the platform.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Whether it is a lookup of any kind, read as <c>_name_value</c> and written through a navigation property.</summary>
    public bool IsLookup => Type is ColumnType.Lookup or ColumnType.Customer or ColumnType.Owner;
}
