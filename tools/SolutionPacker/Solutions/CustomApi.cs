using System;
using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>A custom API: a message of our own with parameters, run by a plugin type.</summary>
public sealed record CustomApi
{
    /// <summary>Unique name, also the name of the message.</summary>
    public required string UniqueName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>What it does.</summary>
    public string Description { get; init; } = "";

    /// <summary>0 global, 1 bound to a row, 2 bound to a set.</summary>
    public int BindingType { get; init; }

    /// <summary>Logical name of the table it is bound to, or null.</summary>
    public string? BoundTable { get; init; }

    /// <summary>Whether it is a function (GET) rather than an action (POST).</summary>
    public bool IsFunction { get; init; }

    /// <summary>Whether clients do not see it in the metadata.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>0 no steps of others, 1 asynchronous only, 2 synchronous and asynchronous.</summary>
    public int AllowedStepType { get; init; }

    /// <summary>Assembly-qualified name of the class that does it, or null.</summary>
    public string? PluginTypeName { get; init; }

    /// <summary>Id of the class that does it, or null.</summary>
    public Guid? PluginTypeId { get; init; }

    /// <summary>Name of the privilege a caller needs, or null.</summary>
    public string? ExecutePrivilege { get; init; }

    /// <summary>What a call brings.</summary>
    public IReadOnlyList<CustomApiParameter> Request { get; init; } = [];

    /// <summary>What the answer brings.</summary>
    public IReadOnlyList<CustomApiParameter> Response { get; init; } = [];
}

/// <summary>A request parameter or response property of a custom API.</summary>
public sealed record CustomApiParameter
{
    /// <summary>Name on the wire.</summary>
    public required string UniqueName { get; init; }

    /// <summary>What it means.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// 0 bool, 1 datetime, 2 decimal, 3 row, 4 rows, 5 reference, 6 float, 7 int, 8 money, 9 choice, 10 text, 11 list of texts, 12 GUID.
    /// </summary>
    public required int Type { get; init; }

    /// <summary>Of a request parameter: whether a call may leave it out.</summary>
    public bool IsOptional { get; init; }
}
