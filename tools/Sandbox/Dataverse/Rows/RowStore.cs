using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>
/// All rows of the organisation, in memory. Many may read at once; one transaction writes at a time, in place, and takes its changes
/// back when it fails, so nobody ever sees half of one.
/// </summary>
internal sealed class RowStore(Journal journal, SandboxClock clock) : IDisposable
{
    readonly ReaderWriterLockSlim access = new();
    readonly Dictionary<string, TableRows> rowsByTable = new(StringComparer.Ordinal);
    readonly Dictionary<string, LinkRows> linksByRelationship = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Deletion>> deletionsByTable = new(StringComparer.Ordinal);
    OrgSchema? schema;
    long lastVersion;
    long lastStorageId;

    /// <summary>The tables as of now.</summary>
    public OrgSchema Schema => schema ?? throw new InvalidOperationException("The store has no schema yet.");

    internal SandboxClock Clock => clock;

    internal Journal Journal => journal;

    internal long NextVersion() => ++lastVersion;

    internal long NextStorageId() => ++lastStorageId;

    /// <summary>The greatest row version given so far; the mark of a delta token.</summary>
    public long LastVersion => lastVersion;

    /// <summary>Runs a reading under the shared lock.</summary>
    public T Read<T>(Func<T> read)
    {
        access.EnterReadLock();
        try
        {
            return read();
        }
        finally
        {
            access.ExitReadLock();
        }
    }

    /// <summary>Runs one transaction under the exclusive lock: committed and in the journal when this returns, undone when it throws.</summary>
    public T Write<T>(Func<RowTransaction, T> change)
    {
        RowTransaction transaction;
        T result;
        access.EnterWriteLock();
        try
        {
            transaction = new RowTransaction(this);
            try
            {
                result = change(transaction);
                transaction.Commit();
            }
            catch
            {
                transaction.Rollback();
                throw;
            }
        }
        finally
        {
            access.ExitWriteLock();
        }
        transaction.AfterCommit();
        return result;
    }

    /// <summary>The rows of a table.</summary>
    public TableRows this[string table] => rowsByTable[table];

    /// <summary>The pairs of an N:N relationship.</summary>
    public LinkRows Links(string relationship) => linksByRelationship[relationship];

    /// <summary>A row by table and id; an activity is found under <c>activitypointer</c> too.</summary>
    public Row? Find(string table, Guid id)
    {
        if (!rowsByTable.TryGetValue(table, out TableRows? rows)) return null;
        if (rows.Table.Definition.IsIntersect) return IntersectRows.All(this, rows.Table).FirstOrDefault(r => r.Id == id);
        if (!rows.Table.IsActivityBase) return rows.Find(id);
        foreach (TableInfo activity in Schema.ActivityTables)
            if (this[activity.LogicalName].Find(id) is { } row) return row;
        return null;
    }

    /// <summary>All rows of a table; for <c>activitypointer</c> those of every activity table.</summary>
    public IEnumerable<Row> All(TableInfo table) => table.Definition.IsIntersect ? IntersectRows.All(this, table)
        : table.IsActivityBase ? Schema.ActivityTables.SelectMany(t => this[t.LogicalName].All) : this[table.LogicalName].All;

    /// <summary>Rows whose column equals a value by an index; null when there is none.</summary>
    public IEnumerable<Row>? FindEqual(TableInfo table, string column, object value)
    {
        if (table.Definition.IsIntersect) return IntersectRows.FindEqual(this, table, column, value);
        if (!table.IsActivityBase) return this[table.LogicalName].FindEqual(column, value);
        var found = new List<Row>();
        foreach (TableInfo activity in Schema.ActivityTables)
        {
            if (this[activity.LogicalName].FindEqual(column, value) is not { } rows) return null;
            found.AddRange(rows);
        }
        return found;
    }

    /// <summary>Deletions of a table after a version, oldest first.</summary>
    public IReadOnlyList<Deletion> Deletions(string table, long afterVersion) =>
        deletionsByTable.TryGetValue(table, out List<Deletion>? all) ? [.. all.Where(d => d.Version > afterVersion)] : [];

    /// <summary>Takes a schema: new tables appear, dropped ones go with their rows; call under the write lock or before anybody reads.</summary>
    internal void Become(OrgSchema changed)
    {
        schema = changed;
        foreach (string gone in rowsByTable.Keys.Where(t => changed.Find(t) is null).ToList()) rowsByTable.Remove(gone);
        foreach (TableInfo table in changed.Tables)
        {
            if (rowsByTable.TryGetValue(table.LogicalName, out TableRows? rows)) rows.Become(table);
            else rowsByTable.Add(table.LogicalName, new TableRows(table));
        }
        var relationships = changed.ManyToMany.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string gone in linksByRelationship.Keys.Where(r => !relationships.Contains(r)).ToList()) linksByRelationship.Remove(gone);
        foreach (string relationship in relationships) linksByRelationship.TryAdd(relationship, new LinkRows());
    }

    /// <summary>Loads what the journal holds into a schema that is there already.</summary>
    internal void Load()
    {
        using var codec = new RowCodec();
        journal.Read("SELECT id, tbl, content FROM crm_row ORDER BY id", r =>
        {
            long storageId = r.GetInt64(0);
            lastStorageId = Math.Max(lastStorageId, storageId);
            if (!rowsByTable.TryGetValue(r.GetString(1), out TableRows? rows)) return false;
            Row row = codec.Read(rows.Table, storageId, (byte[])r.GetValue(2));
            lastVersion = Math.Max(lastVersion, row.Version);
            rows.Add(row);
            return true;
        });
        journal.Read("SELECT id, relationship, first, second FROM crm_link ORDER BY id", r =>
        {
            lastStorageId = Math.Max(lastStorageId, r.GetInt64(0));
            if (linksByRelationship.TryGetValue(r.GetString(1), out LinkRows? links))
                links.Add(new Guid((byte[])r.GetValue(2)), new Guid((byte[])r.GetValue(3)), r.GetInt64(0));
            return true;
        });
        journal.Read("SELECT tbl, row, version, at FROM crm_deletion ORDER BY id", r =>
        {
            Remember(r.GetString(0), new Deletion(new Guid((byte[])r.GetValue(1)), r.GetInt64(2), new DateTime(r.GetInt64(3), DateTimeKind.Utc)));
            lastVersion = Math.Max(lastVersion, r.GetInt64(2));
            return true;
        });
        // Versions of rows that were deleted without a trace must not be given again.
        lastVersion += 1000;
    }

    internal void Remember(string table, Deletion deletion)
    {
        if (!deletionsByTable.TryGetValue(table, out List<Deletion>? all)) deletionsByTable.Add(table, all = []);
        all.Add(deletion);
    }

    /// <inheritdoc/>
    public void Dispose() => access.Dispose();
}

/// <summary>A row that was deleted, for change tracking.</summary>
internal readonly record struct Deletion(Guid Id, long Version, DateTime At);
