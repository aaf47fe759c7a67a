using System;
using System.Collections.Concurrent;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>
/// Connections that only read; they see the last commit and wait for nobody. Each is held for one short statement, for a reader that lingers
/// keeps the write-ahead log from being emptied.
/// </summary>
internal sealed class SqliteReaders(string file, TimeSpan limit) : IDisposable
{
    private readonly ConcurrentBag<SqliteLink> idle = [];
    private volatile bool isClosed;

    /// <summary>Runs one short query.</summary>
    public T Read<T>(Func<SqliteLink, T> query)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (!idle.TryTake(out SqliteLink? link))
            link = new SqliteLink(file, FormattableString.Invariant($"PRAGMA busy_timeout = {(int)limit.TotalMilliseconds}"), "PRAGMA query_only = ON", "PRAGMA cache_size = -8192");
        try
        {
            return query(link);
        }
        finally
        {
            link.ResetAll();
            idle.Add(link);
            if (isClosed) Dispose();
        }
    }

    public void Dispose()
    {
        isClosed = true;
        while (idle.TryTake(out SqliteLink? link)) link.Dispose();
    }
}
