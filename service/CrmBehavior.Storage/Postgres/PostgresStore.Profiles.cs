using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

public sealed partial class PostgresStore
{
    private const int LogPage = 500;

    /// <inheritdoc/>
    public Task<IProfileBatch> OpenAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        ArgumentNullException.ThrowIfNull(visitors);
        foreach (string visitor in visitors) StoredText.Check(visitor, "A visitor of the batch", "name");
        var opening = new PostgresOpening([.. contacts.Distinct()], [.. visitors.Distinct(StringComparer.Ordinal)], marks);
        return OpenAsync(opening.ReadAsync, cancellation)!;
    }

    /// <inheritdoc/>
    public Task<IProfileBatch?> OpenDueAsync(long now, int most, CancellationToken cancellation) => OpenAsync(
        (connection, stop) => PostgresOpening.ReadFreeAsync(
            connection.Command($"SELECT {PostgresRows.ProfileColumns} FROM profile p WHERE due <= $1 ORDER BY due, contact LIMIT $2 FOR UPDATE SKIP LOCKED", P(now), P(most)), stop),
        cancellation);

    /// <inheritdoc/>
    public Task<IProfileBatch?> OpenOutdatedAsync(int generation, int most, CancellationToken cancellation) => OpenAsync(
        (connection, stop) => PostgresOpening.ReadFreeAsync(
            connection.Command(
                $"SELECT {PostgresRows.ProfileColumns} FROM profile p WHERE generation < $1 ORDER BY generation LIMIT $2 FOR UPDATE SKIP LOCKED", P(generation), P(most)),
            stop),
        cancellation);

    /// <inheritdoc/>
    public Task<Profile?> FindAsync(Guid contact, CancellationToken cancellation) => CallAsync(
        async connection =>
        {
            List<Profile> found = await connection.Command(
                    $"SELECT {PostgresRows.ProfileColumns} FROM profile p WHERE contact = $1 AND generation IS NOT NULL", P(contact))
                .AllAsync(PostgresRows.Profile, cancellation);
            if (found.Count > 0) return found[0];
            await using NpgsqlCommand erased = connection.Command("SELECT 1 FROM erased WHERE mark = $1", P(marks.Of(contact)));
            return await erased.ExecuteScalarAsync(cancellation) is null ? null : BatchScope.Erased(contact);
        },
        cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadLogAsync(Guid contact, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // In pages: who takes long over them must not hold a connection, nor the rows that others have replaced meanwhile.
        List<LoggedEvent> page;
        long after = 0;
        do
        {
            page = await CallAsync(connection => LogAsync(connection, contact, after, LogPage, cancellation), cancellation);
            foreach (LoggedEvent logged in page) yield return logged;
            if (page.Count > 0) after = page[^1].Sequence;
        }
        while (page.Count == LogPage);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadMergedAsync(Guid contact, CancellationToken cancellation) => CallAsync<IReadOnlyList<Guid>>(
        async connection => await connection.Command(
            """
            WITH RECURSIVE merged (contact) AS (
              SELECT contact FROM profile WHERE master = $1 UNION SELECT p.contact FROM merged m JOIN profile p ON p.master = m.contact)
            SELECT contact FROM merged WHERE contact <> $1 ORDER BY contact
            """, P(contact)).AllAsync(row => row.GetGuid(0), cancellation),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredDecision>> ReadDecisionsAsync(Guid contact, int most, CancellationToken cancellation) => CallAsync<IReadOnlyList<StoredDecision>>(
        async connection => await connection.Command(
                $"SELECT {PostgresRows.DecisionColumns} FROM decision WHERE contact = $1 ORDER BY ordinal DESC LIMIT $2", P(contact), P(most))
            .AllAsync(PostgresRows.Decision, cancellation),
        cancellation);

    /// <inheritdoc/>
    public async Task<long> DropOldAsync(long eventsBefore, long keysBefore, CancellationToken cancellation)
    {
        try
        {
            return await new PostgresRetention(maintenance, partitions).DropAsync(eventsBefore, keysBefore, cancellation);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadContactsAsync(Guid? after, int most, CancellationToken cancellation) => CallAsync<IReadOnlyList<Guid>>(
        async connection => await connection.Command(
                "SELECT contact FROM profile WHERE generation IS NOT NULL AND contact > $1 ORDER BY contact LIMIT $2", P(after ?? Guid.Empty), P(most))
            .AllAsync(row => row.GetGuid(0), cancellation),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DecisionCount>> CountDecisionsAsync(long from, long before, CancellationToken cancellation) => CallAsync<IReadOnlyList<DecisionCount>>(
        async connection => await connection.Command(
                """
                SELECT at / 86400000 AS day, kind COLLATE "C", definition COLLATE "C", effect COLLATE "C", count(*) FROM decision WHERE at >= $1 AND at < $2
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
                """, P(from), P(before))
            .AllAsync(row => new DecisionCount(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)), cancellation),
        cancellation);

    /// <inheritdoc/>
    public Task<(long Due, long Outdated)> CountWorkAsync(long now, int generation, CancellationToken cancellation) => CallAsync(
        async connection => (await connection.Command(
                "SELECT (SELECT count(*) FROM profile WHERE due <= $1), (SELECT count(*) FROM profile WHERE generation < $2)", P(now), P(generation))
            .AllAsync(row => (row.GetInt64(0), row.GetInt64(1)), cancellation))[0],
        cancellation);

    internal static Task<List<LoggedEvent>> LogAsync(NpgsqlConnection connection, Guid contact, long after, long most, CancellationToken cancellation) =>
        connection.Command($"SELECT {PostgresRows.EventColumns} FROM event WHERE contact = $1 AND sequence > $2 ORDER BY sequence LIMIT $3", P(contact), P(after), P(most))
            .AllAsync(PostgresRows.Event, cancellation);

    private async Task<IProfileBatch?> OpenAsync(Func<NpgsqlConnection, CancellationToken, Task<BatchScope?>> read, CancellationToken cancellation)
    {
        const int Most = 10;
        try
        {
            // A row that another batch takes away between its being made and its being locked is made again.
            for (int attempt = 1; attempt <= Most; attempt++)
            {
                if (await TryOpenAsync(read, cancellation) is { } opened) return opened.Batch;
            }
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
        throw new StoreException($"PostgreSQL: rows of this batch were taken away {Most} times while it waited for them.", isTransient: true);
    }

    /// <returns>The batch, or null inside when there is nothing to do; null when rows that were asked for could not be locked.</returns>
    private async Task<Opened?> TryOpenAsync(Func<NpgsqlConnection, CancellationToken, Task<BatchScope?>> read, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellation);
            BatchScope? scope = await read(connection, cancellation);
            if (scope is { Contacts.Count: > 0 } or { IsNamed: true })
            {
                var batch = new PostgresBatch(this, connection, transaction, scope, options, marks, partitions);
                (connection, transaction) = (null!, null);
                return new Opened(batch);
            }
            return scope is null ? null : new Opened(null);
        }
        finally
        {
            if (transaction is not null) await transaction.DisposeAsync();
            if (connection is not null) await connection.DisposeAsync();
        }
    }

    private sealed record Opened(IProfileBatch? Batch);
}
