using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>
/// Columns that a request writes, by logical name; null clears. Values: string, int (also choices), long, decimal (also money), double,
/// bool, Guid, DateTime (UTC, whole seconds), <see cref="Lookup"/>, and for a multi-choice the numbers joined by commas.
/// </summary>
internal sealed class RowValues : Dictionary<string, object?>
{
    public RowValues() : base(StringComparer.Ordinal)
    {
    }

    public RowValues(IEnumerable<KeyValuePair<string, object?>> values) : base(values, StringComparer.Ordinal)
    {
    }

    /// <summary>The value, or null.</summary>
    public object? Value(string column) => TryGetValue(column, out object? value) ? value : null;

    /// <summary>The value as text, or null.</summary>
    public string? Text(string column) => Value(column) as string;

    /// <summary>Sets a value unless the request brought one.</summary>
    public void Default(string column, object? value)
    {
        if (!TryGetValue(column, out object? present) || present is null) this[column] = value;
    }
}
