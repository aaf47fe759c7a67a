using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Retention;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>Drops what is older than is kept, in portions so small that batches in between hardly wait.</summary>
internal sealed class SqliteRetention(SqliteWriter writer)
{
    private const int Portion = 500;

    private const string OldEvents = "SELECT number FROM event WHERE number < ?2 AND received < ?3 ORDER BY number LIMIT ?1";

    /// <returns>How many rows went.</returns>
    public async Task<long> DropAsync(long eventsBefore, long keysBefore, CancellationToken cancellation)
    {
        long dayAfter = SqliteCommit.FirstNumber(eventsBefore + SqliteCommit.Day);
        int firstWeek = Week.Of(keysBefore);
        long dropped = await DropAsync(work => DropEvents(work, dayAfter, eventsBefore, firstWeek), cancellation)
            + await DropAsync(
                work => work.Use("DELETE FROM decision WHERE number IN (SELECT number FROM decision WHERE number < ?2 AND at < ?3 ORDER BY number LIMIT ?1)")
                    .Bind(1, Portion).Bind(2, dayAfter).Bind(3, eventsBefore).Run(),
                cancellation)
            + await DropAsync(
                work => work.Use("DELETE FROM kept WHERE number IN (SELECT number FROM kept WHERE received < ?2 ORDER BY received LIMIT ?1)")
                    .Bind(1, Portion).Bind(2, eventsBefore).Run(),
                cancellation)
            + await DropAsync(
                work => work.Use("DELETE FROM parked_input WHERE number IN (SELECT number FROM parked_input WHERE at < ?2 ORDER BY at LIMIT ?1)")
                    .Bind(1, Portion).Bind(2, eventsBefore).Run(),
                cancellation)
            + await DropAsync(
                work => work.Use("""
                    DELETE FROM seen
                    WHERE (week, contact, key) IN (SELECT week, contact, key FROM seen WHERE week < ?2 ORDER BY week, contact, key LIMIT ?1)
                    """).Bind(1, Portion).Bind(2, firstWeek).Run(),
                cancellation);
        await SqliteErasure.WipeAsync(writer, cancellation);
        return dropped;
    }

    /// <summary>Drops events from the log; keys that are to be known for longer go on by themselves.</summary>
    private static int DropEvents(SqliteWork work, long dayAfter, long eventsBefore, int firstWeek)
    {
        work.Use($"""
            INSERT INTO seen (week, contact, key)
            SELECT max(now, received) / {Week.Milliseconds}, contact, key FROM event
            WHERE number IN ({OldEvents}) AND max(now, received) / {Week.Milliseconds} >= ?4
            """).Bind(1, Portion).Bind(2, dayAfter).Bind(3, eventsBefore).Bind(4, firstWeek).Run();
        return work.Use($"DELETE FROM event WHERE number IN ({OldEvents})").Bind(1, Portion).Bind(2, dayAfter).Bind(3, eventsBefore).Run();
    }

    private async Task<long> DropAsync(Func<SqliteWork, int> drop, CancellationToken cancellation)
    {
        long dropped = 0;
        int portion;
        do
        {
            using SqliteWork work = await writer.BeginAsync(cancellation);
            portion = drop(work);
            work.Commit();
            dropped += portion;
        }
        while (portion == Portion);
        return dropped;
    }
}
