using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>The rows of one table with their indexes. Writes happen under the store's write lock only.</summary>
internal sealed class TableRows(TableInfo table)
{
    const int WorthAnIndex = 500;
    readonly Dictionary<Guid, Row> rows = [];
    readonly Lock indexing = new();
    Dictionary<string, ValueIndex> indexes = table.IndexedLookups.ToDictionary(c => c, c => new ValueIndex(c), StringComparer.Ordinal);
    List<KeyIndex> keys = [.. table.Keys.Select(k => new KeyIndex(k))];

    public TableInfo Table { get; private set; } = table;

    public int Count => rows.Count;

    /// <summary>Grows with every change, so that what is derived from the rows knows when to be derived again.</summary>
    public long Changes { get; private set; }

    public IEnumerable<Row> All => rows.Values;

    public Row? Find(Guid id) => rows.GetValueOrDefault(id);

    /// <summary>The row that an alternate key names; null when there is none.</summary>
    public Row? FindByKey(AlternateKey key, Func<string, object?> value)
    {
        KeyIndex? index = keys.Find(k => k.Key.Name == key.Name);
        return index?.Find(value) is { } id ? rows[id] : null;
    }

    /// <summary>The alternate key that another row holds already with the same values; null when the row may be written.</summary>
    public AlternateKey? Conflict(Row row) => keys.Find(k => k.Find(c => row[c]) is { } id && id != row.Id)?.Key;

    public void Add(Row row)
    {
        Changes++;
        rows.Add(row.Id, row);
        foreach (ValueIndex index in indexes.Values) index.Add(row);
        foreach (KeyIndex key in keys) key.Add(row);
    }

    public void Replace(Row before, Row after)
    {
        Changes++;
        rows[after.Id] = after;
        foreach (ValueIndex index in indexes.Values) index.Replace(before, after);
        foreach (KeyIndex key in keys)
        {
            key.Remove(before);
            key.Add(after);
        }
    }

    public void Remove(Row row)
    {
        Changes++;
        rows.Remove(row.Id);
        foreach (ValueIndex index in indexes.Values) index.Remove(row);
        foreach (KeyIndex key in keys) key.Remove(row);
    }

    /// <summary>
    /// Rows whose column equals a value, by an index; null when walking the table is as good. Text columns get their index the first
    /// time they are asked for in a table that has grown.
    /// </summary>
    public IEnumerable<Row>? FindEqual(string column, object value)
    {
        if (column == Table.PrimaryId) return value is Guid id ? rows.TryGetValue(id, out Row? row) ? [row] : [] : null;
        if (!indexes.TryGetValue(column, out ValueIndex? index))
        {
            if (value is not string || rows.Count < WorthAnIndex) return null;
            index = Make(column);
        }
        return index.Find(value).Select(i => rows[i]);
    }

    /// <summary>Takes the table as an import changed it: new lookups and keys are indexed, the rows stay.</summary>
    public void Become(TableInfo changed)
    {
        Changes++;
        Table = changed;
        indexes = changed.IndexedLookups.ToDictionary(c => c, c => new ValueIndex(c), StringComparer.Ordinal);
        keys = [.. changed.Keys.Select(k => new KeyIndex(k))];
        foreach (Row row in rows.Values)
        {
            foreach (ValueIndex index in indexes.Values) index.Add(row);
            foreach (KeyIndex key in keys) key.Add(row);
        }
    }

    // Readers may ask at the same time; each sees either the old or the new dictionary, never one being changed.
    ValueIndex Make(string column)
    {
        lock (indexing)
        {
            if (indexes.TryGetValue(column, out ValueIndex? made)) return made;
            var index = new ValueIndex(column);
            foreach (Row row in rows.Values) index.Add(row);
            indexes = new Dictionary<string, ValueIndex>(indexes, StringComparer.Ordinal) { [column] = index };
            return index;
        }
    }
}
