using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>
/// A stored row. It never changes: a write makes another one, so that images and answers can keep what they saw. Only columns with a
/// value take room, and names are shared texts.
/// </summary>
internal sealed class Row
{
    readonly Cell[] cells;

    /// <summary>Makes a row of the values that are not null; <paramref name="storageId"/> is its key in the journal.</summary>
    public Row(string table, Guid id, long version, long storageId, IReadOnlyCollection<KeyValuePair<string, object?>> values)
    {
        Table = table;
        Id = id;
        Version = version;
        StorageId = storageId;
        int count = 0;
        foreach (KeyValuePair<string, object?> value in values)
            if (value.Value is not null) count++;
        cells = new Cell[count];
        int i = 0;
        foreach ((string name, object? value) in values)
            if (value is not null) cells[i++] = new Cell(name, value);
    }

    /// <summary>Logical name of its table.</summary>
    public string Table { get; }

    public Guid Id { get; }

    /// <summary>The row version: greater after every write.</summary>
    public long Version { get; }

    /// <summary>Key in the journal; the same for all versions of the row.</summary>
    public long StorageId { get; }

    /// <summary>The columns that have a value.</summary>
    public ReadOnlySpan<Cell> Cells => cells;

    /// <summary>A column's value, or null.</summary>
    public object? this[string column]
    {
        get
        {
            foreach (ref readonly Cell cell in cells.AsSpan())
                if (ReferenceEquals(cell.Name, column) || string.Equals(cell.Name, column, StringComparison.Ordinal)) return cell.Value;
            return column == Metadata.SystemColumns.Version ? Version : null;
        }
    }

    /// <summary>A text column's value, or null.</summary>
    public string? Text(string column) => this[column] as string;

    /// <summary>A lookup's row, or null.</summary>
    public Lookup? Lookup(string column) => this[column] as Lookup;

    /// <summary>A number, or null.</summary>
    public int? Int(string column) => this[column] as int?;

    /// <summary>All values in a form that can be changed.</summary>
    public RowValues ToValues()
    {
        var values = new RowValues();
        foreach (Cell cell in cells) values[cell.Name] = cell.Value;
        return values;
    }
}

/// <summary>One column of a row that has a value.</summary>
internal readonly record struct Cell(string Name, object Value);
