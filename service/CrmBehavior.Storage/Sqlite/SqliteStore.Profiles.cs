using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;

namespace CrmBehavior.Storage.Sqlite;

public sealed partial class SqliteStore
{
    private const int LogPage = 256;

    /// <inheritdoc/>
    public async Task<IProfileBatch> OpenAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        ArgumentNullException.ThrowIfNull(visitors);
        foreach (string visitor in visitors) StoredText.Check(visitor, "A visitor of the batch", "name");
        return await OpenAsync(
            work =>
            {
                var scope = new BatchScope();
                scope.Contacts.UnionWith(contacts);
                scope.Visitors.UnionWith(visitors);
                foreach (string visitor in scope.Visitors)
                {
                    SqliteStatement row = work.Use("SELECT contact FROM visitor WHERE visitor = ?1").Bind(1, visitor);
                    if (row.Step()) scope.Claims.Add(visitor, row.Guid(0));
                    row.Reset();
                }
                scope.Contacts.UnionWith(scope.Claims.Values);
                // In order, neighbours share pages.
                foreach (Guid contact in scope.Contacts.Order()) ReadInto(scope, work, contact);
                return scope;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IProfileBatch?> OpenDueAsync(long now, int most, CancellationToken cancellation)
    {
        // Looking first costs no turn: most of the time nothing is due.
        if (await ReadAsync(link => link.Use("SELECT 1 FROM profile WHERE due <= ?1 LIMIT 1").Bind(1, now).Number(), cancellation) is null) return null;
        return await OpenSomeAsync(
            work => work.Use($"SELECT {SqliteRows.ProfileColumns} FROM profile WHERE due <= ?1 ORDER BY due, contact LIMIT ?2").Bind(1, now).Bind(2, most),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IProfileBatch?> OpenOutdatedAsync(int generation, int most, CancellationToken cancellation)
    {
        if (await ReadAsync(link => link.Use("SELECT 1 FROM profile WHERE generation < ?1 LIMIT 1").Bind(1, generation).Number(), cancellation) is null) return null;
        return await OpenSomeAsync(
            work => work.Use($"SELECT {SqliteRows.ProfileColumns} FROM profile WHERE generation < ?1 ORDER BY generation LIMIT ?2").Bind(1, generation).Bind(2, most),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<Profile?> FindAsync(Guid contact, CancellationToken cancellation) => ReadAsync(
        link =>
        {
            SqliteStatement row = link.Use($"SELECT {SqliteRows.ProfileColumns} FROM profile WHERE contact = ?1").Bind(1, contact);
            if (row.Step()) return SqliteRows.Profile(row);
            bool isErased = link.Use("SELECT 1 FROM erased WHERE mark = ?1").Bind(1, marks.Of(contact)).Number() is not null;
            return isErased ? BatchScope.Erased(contact) : null;
        },
        cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadLogAsync(Guid contact, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // In pages, each read for itself: who takes long over them must not hold the file's old state.
        List<(long Sequence, long Number)> places = await ReadAsync(
            link => link.Use("SELECT sequence, number FROM event WHERE contact = ?1").Bind(1, contact).All(row => (row.Long(0), row.Long(1))), cancellation);
        places.Sort();
        foreach ((long, long Number)[] page in places.Chunk(LogPage))
        {
            List<LoggedEvent> events = await ReadAsync(
                link =>
                {
                    SqliteStatement one = link.Use($"SELECT {SqliteRows.EventColumns} FROM event WHERE number = ?1 AND contact = ?2").Bind(2, contact);
                    return page.SelectMany(place => one.Bind(1, place.Number).All(SqliteRows.Event)).ToList();
                },
                cancellation);
            foreach (LoggedEvent logged in events) yield return logged;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadMergedAsync(Guid contact, CancellationToken cancellation) => ReadAsync<IReadOnlyList<Guid>>(
        link => link.Use("""
            WITH RECURSIVE merged (contact) AS (
              SELECT contact FROM profile WHERE master = ?1 UNION SELECT p.contact FROM merged m JOIN profile p ON p.master = m.contact)
            SELECT contact FROM merged WHERE contact <> ?1 ORDER BY contact
            """).Bind(1, contact).All(row => row.Guid(0)),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredDecision>> ReadDecisionsAsync(Guid contact, int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<StoredDecision>>(
        link => link.Use($"SELECT {SqliteRows.DecisionColumns} FROM decision WHERE contact = ?1 ORDER BY ordinal DESC LIMIT ?2")
            .Bind(1, contact).Bind(2, most).All(SqliteRows.Decision),
        cancellation);

    /// <inheritdoc/>
    public Task<long> DropOldAsync(long eventsBefore, long keysBefore, CancellationToken cancellation) =>
        new SqliteRetention(writer).DropAsync(eventsBefore, keysBefore, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadContactsAsync(Guid? after, int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<Guid>>(
        link => (after is { } last
                ? link.Use("SELECT contact FROM profile WHERE contact > ?1 ORDER BY contact LIMIT ?2").Bind(1, last).Bind(2, most)
                : link.Use("SELECT contact FROM profile ORDER BY contact LIMIT ?1").Bind(1, most))
            .All(row => row.Guid(0)),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DecisionCount>> CountDecisionsAsync(long from, long before, CancellationToken cancellation) => ReadAsync<IReadOnlyList<DecisionCount>>(
        link => link.Use("""
                SELECT at / 86400000 AS day, kind, definition, effect, count(*) FROM decision WHERE at >= ?1 AND at < ?2
                GROUP BY day, kind, definition, effect ORDER BY day, kind, definition, effect
                """).Bind(1, from).Bind(2, before).All(row => new DecisionCount(row.Long(0), row.Text(1), row.Text(2), row.Text(3), row.Long(4))),
        cancellation);

    /// <inheritdoc/>
    public Task<(long Due, long Outdated)> CountWorkAsync(long now, int generation, CancellationToken cancellation) => ReadAsync(
        link => (
            link.Use("SELECT count(*) FROM profile WHERE due <= ?1").Bind(1, now).Number() ?? 0,
            link.Use("SELECT count(*) FROM profile WHERE generation < ?1").Bind(1, generation).Number() ?? 0),
        cancellation);

    private async Task<IProfileBatch> OpenAsync(Func<SqliteWork, BatchScope> read, CancellationToken cancellation)
    {
        SqliteWork work = await writer.BeginAsync(cancellation);
        try
        {
            return new SqliteBatch(work, read(work), options, marks);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    private async Task<IProfileBatch?> OpenSomeAsync(Func<SqliteWork, SqliteStatement> query, CancellationToken cancellation)
    {
        IProfileBatch batch = await OpenAsync(
            work =>
            {
                var scope = new BatchScope();
                SqliteStatement rows = query(work);
                while (rows.Step())
                {
                    scope.Add(SqliteRows.Profile(rows), SqliteRows.Due(rows));
                    scope.Contacts.Add(rows.Guid(0));
                }
                return scope;
            },
            cancellation);
        if (batch.Profiles.Count > 0) return batch;
        await batch.DisposeAsync();
        return null;
    }

    private void ReadInto(BatchScope scope, SqliteWork work, Guid contact)
    {
        SqliteStatement row = work.Use($"SELECT {SqliteRows.ProfileColumns} FROM profile WHERE contact = ?1").Bind(1, contact);
        if (row.Step())
        {
            scope.Add(SqliteRows.Profile(row), SqliteRows.Due(row));
            row.Reset();
        }
        else if (work.Use("SELECT 1 FROM erased WHERE mark = ?1").Bind(1, marks.Of(contact)).Number() is not null)
        {
            scope.AddErased(contact);
        }
    }
}
