using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Waiting;
using SQLitePCL;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>
/// The one connection that writes. Callers of this process queue for it in order; against other processes SQLite's own lock decides.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly TurnQueue turns = new();
    private readonly SqliteLink link;
    private readonly string file;
    private readonly TimeSpan limit;
    private bool owesTruncation;

    public SqliteWriter(string file, TimeSpan limit)
    {
        this.file = file;
        this.limit = limit;
        link = new SqliteLink(
            file,
            "PRAGMA busy_timeout = 100",
            // An event is acknowledged once committed, so a commit must survive a power failure: FULL, not WAL's usual NORMAL.
            "PRAGMA synchronous = FULL",
            // What is deleted or replaced is overwritten where it stands.
            "PRAGMA secure_delete = ON",
            "PRAGMA cache_size = -65536",
            // A page that many batches touch goes into the file once for all of them.
            "PRAGMA wal_autocheckpoint = 10000",
            "PRAGMA journal_size_limit = 67108864");
        try
        {
            UseWriteAheadLog();
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>How many callers of this process wait for their turn.</summary>
    public int Waiting => turns.Waiting;

    /// <summary>The connection itself, for tests that bring it into trouble.</summary>
    internal SqliteLink Link => link;

    /// <summary>Waits for the turn and begins a transaction.</summary>
    /// <exception cref="StoreException">It took too long, or the file cannot be written.</exception>
    public async Task<SqliteWork> BeginAsync(CancellationToken cancellation, bool isExclusive = false)
    {
        await TakeTurnAsync(cancellation);
        try
        {
            string begin = isExclusive ? "BEGIN EXCLUSIVE" : "BEGIN IMMEDIATE";
            long started = Stopwatch.GetTimestamp();
            int answer;
            // The thread is given back between short waits: the other process may take long.
            while (((answer = link.TryExecute(begin)) & 0xFF) == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < limit) await Task.Delay(10, cancellation);
            if (answer != raw.SQLITE_OK) throw link.Fault(answer);
            return new SqliteWork(this, link);
        }
        catch
        {
            turns.Pass();
            throw;
        }
    }

    /// <summary>Rewrites the whole file without the unused parts of its pages. Everybody who writes waits meanwhile, about a second per 50 MB.</summary>
    /// <returns>False when another process was in the way.</returns>
    public async Task<bool> TryRewriteAsync(CancellationToken cancellation)
    {
        await TakeTurnAsync(cancellation);
        try
        {
            int answer = link.TryExecute("VACUUM");
            if ((answer & 0xFF) == raw.SQLITE_BUSY) return false;
            if (answer != raw.SQLITE_OK) throw link.Fault(answer);
            owesTruncation = !TryTruncate();
            return true;
        }
        finally
        {
            turns.Pass();
        }
    }

    /// <summary>Ends the transaction's turn.</summary>
    internal void End(bool erased)
    {
        try
        {
            if (raw.sqlite3_get_autocommit(link.Handle) == 0) link.TryExecute("ROLLBACK");
            owesTruncation |= erased;
            if (owesTruncation) owesTruncation = !TryTruncate();
        }
        finally
        {
            turns.Pass();
        }
    }

    /// <summary>Waits for the last turn and closes the connection.</summary>
    public async Task CloseAsync()
    {
        await TakeTurnAsync(CancellationToken.None);
        link.Dispose();
    }

    public void Dispose() => link.Dispose();

    /// <summary>Moves the write-ahead log into the file and empties it: old pages in it hold what has been erased since.</summary>
    /// <returns>False when a reader or another process kept it from doing so; the next transaction tries again.</returns>
    private bool TryTruncate()
    {
        try
        {
            return link.Use("PRAGMA wal_checkpoint(TRUNCATE)").Number() == 0;
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return false;
        }
    }

    private async Task TakeTurnAsync(CancellationToken cancellation)
    {
        try
        {
            await turns.TakeAsync(limit, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new StoreException(
                $"SQLite: the turn to write to '{file}' did not come within {limit.TotalSeconds:0} s; a batch is held open that long, or {turns.Waiting} others wait.",
                isTransient: true, "SQLITE_BUSY", e);
        }
    }

    private void UseWriteAheadLog()
    {
        long started = Stopwatch.GetTimestamp();
        int answer;
        // Another starter may be doing the same; SQLite does not wait for that by itself.
        while (((answer = link.TryExecute("PRAGMA journal_mode = WAL")) & 0xFF) == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < limit) Thread.Sleep(10);
        if (answer != raw.SQLITE_OK) throw link.Fault(answer);
        // What an earlier start erased and could not wipe from the log.
        owesTruncation = !TryTruncate();
    }
}
