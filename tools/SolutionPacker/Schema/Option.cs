namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>One value of a choice, of <c>statecode</c> or of <c>statuscode</c>.</summary>
public sealed record Option
{
    /// <summary>The number that is stored and travels.</summary>
    public required int Value { get; init; }

    /// <summary>The English label.</summary>
    public required string Label { get; init; }

    /// <summary>Of a status: the state it belongs to; else null.</summary>
    public int? State { get; init; }

    /// <summary>Of a state: the status a row gets that enters it without naming one; else null.</summary>
    public int? DefaultStatus { get; init; }
}

/// <summary>A choice that several columns share.</summary>
public sealed record OptionSet
{
    /// <summary>Name with prefix, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The English label.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Its values, in order.</summary>
    public required System.Collections.Generic.IReadOnlyList<Option> Options { get; init; }
}
