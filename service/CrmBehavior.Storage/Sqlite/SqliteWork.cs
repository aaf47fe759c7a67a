using System;
using SQLitePCL;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>A transaction that writes. Disposed without commit it leaves no trace.</summary>
internal sealed class SqliteWork(SqliteWriter writer, SqliteLink link) : IDisposable
{
    private bool isOver;
    private bool isCommitted;

    /// <summary>Whether people were erased, so that the write-ahead log is to be emptied after the commit.</summary>
    public bool Erases { get; set; }

    /// <summary>A prepared statement.</summary>
    /// <param name="sql">A constant.</param>
    public SqliteStatement Use(string sql)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        return link.Use(sql);
    }

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql) => link.Execute(sql);

    /// <summary>Commits; on return it is on the disk, and the next may write.</summary>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        int answer = link.TryExecute("COMMIT");
        if (answer != raw.SQLITE_OK) throw link.Fault(answer, isCommit: true);
        isCommitted = true;
        Dispose();
    }

    public void Dispose()
    {
        if (isOver) return;
        isOver = true;
        writer.End(Erases && isCommitted);
    }
}
