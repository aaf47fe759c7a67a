using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>A batch under way; it holds the turn to write.</summary>
internal sealed class SqliteBatch(SqliteWork work, BatchScope scope, SqliteStoreOptions options, ErasureMarks marks) : IProfileBatch
{
    public IReadOnlyDictionary<Guid, Profile> Profiles => scope.Profiles;

    public IReadOnlyDictionary<string, Guid> Claims => scope.Claims;

    public Task<IReadOnlySet<EventKey>> FindSeenAsync(IReadOnlyCollection<EventKey> keys, CancellationToken cancellation)
    {
        var seen = new HashSet<EventKey>();
        List<long> weeks = work.Use(SqliteWeeks.Newest).All(row => row.Long(0));
        SqliteStatement logged = work.Use("SELECT 1 FROM event WHERE contact = ?1 AND key = ?2");
        SqliteStatement noted = work.Use("SELECT 1 FROM seen WHERE contact = ?1 AND key = ?2 AND week = ?3");
        // In the order of the contacts, neighbours share pages.
        foreach (EventKey key in keys.OrderBy(x => x.Contact))
        {
            long hash = EventHash.Of(key.Id);
            bool isSeen = logged.Bind(1, key.Contact).Bind(2, hash).Number() is not null;
            for (int i = 0; i < weeks.Count && !isSeen; i++) isSeen = noted.Bind(1, key.Contact).Bind(2, hash).Bind(3, weeks[i]).Number() is not null;
            if (isSeen) seen.Add(key);
        }
        return Task.FromResult<IReadOnlySet<EventKey>>(seen);
    }

    public Task<IReadOnlyList<KeptEvent>> ReadKeptAsync(IReadOnlyCollection<string> visitors, CancellationToken cancellation)
    {
        var kept = new List<KeptEvent>();
        SqliteStatement rows = work.Use($"SELECT {SqliteRows.KeptColumns} FROM kept WHERE visitor = ?1 ORDER BY number");
        foreach (string visitor in visitors.Distinct(StringComparer.Ordinal)) kept.AddRange(rows.Bind(1, visitor).All(SqliteRows.Kept));
        return Task.FromResult(Arrival.Sort(kept));
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(Guid contact, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LoggedEvent>>([.. work.Use($"SELECT {SqliteRows.EventColumns} FROM event WHERE contact = ?1")
            .Bind(1, contact).All(SqliteRows.Event).OrderBy(x => x.Sequence)]);

    public Task CommitAsync(ProfileCommit commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(commit);
        cancellation.ThrowIfCancellationRequested();
        var rows = new CommitRows(commit, scope, options.Now);
        new SqliteCommit(work, rows, scope).Write(options.Now);
        SqliteErasure.Erase(work, rows.Erased, marks);
        work.Commit();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        work.Dispose();
        return ValueTask.CompletedTask;
    }
}
