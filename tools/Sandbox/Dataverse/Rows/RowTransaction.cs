using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>
/// The changes of one transaction, made in place and remembered both ways: to be written down when it commits, to be taken back when
/// it fails.
/// </summary>
internal sealed class RowTransaction(RowStore store)
{
    readonly List<RowChange> rows = [];
    readonly List<LinkChange> links = [];
    readonly List<(string Table, Deletion Deletion)> deletions = [];
    readonly List<Action<JournalWriter>> alsoWritten = [];
    readonly List<Action> onceCommitted = [];
    readonly List<Action> afterCommit = [];

    /// <summary>The store it works on.</summary>
    public RowStore Store => store;

    /// <summary>Set when an operation inside failed: the platform then refuses to go on, whatever the caller made of the failure.</summary>
    public bool IsDoomed { get; set; }

    public void Insert(Row row)
    {
        store[row.Table].Add(row);
        rows.Add(new RowChange(null, row));
    }

    public void Replace(Row before, Row after)
    {
        store[after.Table].Replace(before, after);
        rows.Add(new RowChange(before, after));
    }

    public void Remove(Row row)
    {
        store[row.Table].Remove(row);
        rows.Add(new RowChange(row, null));
        if (store[row.Table].Table.Definition.ChangeTracking)
            deletions.Add((row.Table, new Deletion(row.Id, store.NextVersion(), store.Clock.UtcNow)));
    }

    public void AddLink(string relationship, Guid first, Guid second)
    {
        long storageId = store.NextStorageId();
        store.Links(relationship).Add(first, second, storageId);
        links.Add(new LinkChange(relationship, first, second, storageId, IsAdded: true));
    }

    public void RemoveLink(string relationship, Guid first, Guid second)
    {
        long storageId = store.Links(relationship).StorageId(first, second);
        store.Links(relationship).Remove(first, second);
        links.Add(new LinkChange(relationship, first, second, storageId, IsAdded: false));
    }

    /// <summary>Something to do once the transaction is committed and its lock released.</summary>
    public void OnCommit(Action action) => afterCommit.Add(action);

    /// <summary>Something else to write in the same transaction of the journal.</summary>
    public void AlsoWrite(Action<JournalWriter> write) => alsoWritten.Add(write);

    /// <summary>Something to do once the transaction is committed, while its lock is still held.</summary>
    public void OnceCommitted(Action action) => onceCommitted.Add(action);

    internal void Commit()
    {
        if (IsDoomed) throw Failure.NoTransaction();
        if (rows.Count > 0 || links.Count > 0 || deletions.Count > 0 || alsoWritten.Count > 0) WriteDown();
        foreach ((string table, Deletion deletion) in deletions) store.Remember(table, deletion);
        foreach (Action action in onceCommitted) action();
    }

    void WriteDown()
    {
        var last = new Dictionary<long, RowChange>(rows.Count);
        foreach (RowChange change in rows) last[change.StorageId] = change;
        store.Journal.Write(w =>
        {
            using var codec = new RowCodec();
            foreach ((long id, RowChange change) in last) Write(w, codec, id, change);
            foreach (LinkChange link in links)
            {
                if (link.IsAdded)
                    w.Run("INSERT INTO crm_link (id, relationship, first, second) VALUES ($0, $1, $2, $3)", link.StorageId, link.Relationship,
                        link.First.ToByteArray(), link.Second.ToByteArray());
                else w.Run("DELETE FROM crm_link WHERE id = $0", link.StorageId);
            }
            foreach ((string table, Deletion deletion) in deletions)
                w.Run("INSERT INTO crm_deletion (tbl, row, version, at) VALUES ($0, $1, $2, $3)", table, deletion.Id.ToByteArray(), deletion.Version,
                    deletion.At.Ticks);
            foreach (Action<JournalWriter> write in alsoWritten) write(w);
        });
    }

    internal void AfterCommit()
    {
        foreach (Action action in afterCommit) action();
    }

    internal void Rollback()
    {
        for (int i = links.Count - 1; i >= 0; i--)
        {
            LinkChange link = links[i];
            if (link.IsAdded) store.Links(link.Relationship).Remove(link.First, link.Second);
            else store.Links(link.Relationship).Add(link.First, link.Second, link.StorageId);
        }
        for (int i = rows.Count - 1; i >= 0; i--)
        {
            RowChange change = rows[i];
            if (change.Before is null) store[change.After!.Table].Remove(change.After);
            else if (change.After is null) store[change.Before.Table].Add(change.Before);
            else store[change.After.Table].Replace(change.After, change.Before);
        }
    }

    static void Write(JournalWriter w, RowCodec codec, long id, RowChange change)
    {
        if (change.After is { } row)
            w.Run("INSERT INTO crm_row (id, tbl, content) VALUES ($0, $1, $2) ON CONFLICT (id) DO UPDATE SET content = excluded.content", id, row.Table,
                codec.Write(row));
        else w.Run("DELETE FROM crm_row WHERE id = $0", id);
    }

    readonly record struct RowChange(Row? Before, Row? After)
    {
        public long StorageId => (After ?? Before)!.StorageId;
    }

    readonly record struct LinkChange(string Relationship, Guid First, Guid Second, long StorageId, bool IsAdded);
}
