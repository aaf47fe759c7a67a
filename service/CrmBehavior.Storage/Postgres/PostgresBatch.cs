using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>A batch under way: a connection with its transaction, which holds the locks.</summary>
internal sealed class PostgresBatch(
    PostgresStore store, NpgsqlConnection connection, NpgsqlTransaction transaction, BatchScope scope, PostgresStoreOptions options, ErasureMarks marks,
    PartitionCatalog partitions) : IProfileBatch
{
    private bool isOver;

    public IReadOnlyDictionary<Guid, Profile> Profiles => scope.Profiles;

    public IReadOnlyDictionary<string, Guid> Claims => scope.Claims;

    public Task<IReadOnlySet<EventKey>> FindSeenAsync(IReadOnlyCollection<EventKey> keys, CancellationToken cancellation) => CallAsync<IReadOnlySet<EventKey>>(
        async () =>
        {
            EventKey[] sought = [.. keys.OrderBy(x => x.Contact)];
            if (sought.Length == 0) return new HashSet<EventKey>();
            List<long> seen = await connection.Command(
                    """
                    SELECT k.n FROM unnest($1, $2) WITH ORDINALITY k (contact, key, n)
                    WHERE EXISTS (SELECT 1 FROM seen s WHERE s.contact = k.contact AND s.key = k.key)
                    """,
                    P(Array.ConvertAll(sought, x => x.Contact)), P(Array.ConvertAll(sought, x => EventHash.Of(x.Id))))
                .AllAsync(row => row.GetInt64(0), cancellation);
            return seen.Select(n => sought[n - 1]).ToHashSet();
        });

    public Task<IReadOnlyList<KeptEvent>> ReadKeptAsync(IReadOnlyCollection<string> visitors, CancellationToken cancellation) => CallAsync(
        async () => Arrival.Sort(
            await connection.Command($"SELECT {PostgresRows.KeptColumns} FROM kept WHERE visitor = ANY ($1) ORDER BY sequence", P<string[]>([.. visitors]))
                .AllAsync(PostgresRows.Kept, cancellation)));

    public Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(Guid contact, CancellationToken cancellation) => CallAsync<IReadOnlyList<LoggedEvent>>(
        async () => await PostgresStore.LogAsync(connection, contact, 0, long.MaxValue, cancellation));

    public async Task CommitAsync(ProfileCommit commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var rows = new CommitRows(commit, scope, options.Now);
        await CallAsync(
            async () =>
            {
                await partitions.EnsureAsync(rows, cancellation);
                TracedRows? traced = null;
                if (rows.Erased.Count > 0)
                {
                    // First of all, before anything in the outbox is touched, it takes the people's locks: so does whoever else writes about a person outside a batch.
                    traced = await PostgresTraces.FindAsync(connection, rows.Erased, marks, cancellation);
                    rows.Kept.RemoveAll(x => traced.Traces.AreIn(x.Body) || traced.Traces.AreIn(x.Visitor));
                }
                await using NpgsqlBatch batch = connection.CreateBatch();
                new PostgresCommit(batch, rows, scope, marks, traced).Add(options.Now);
                if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellation);
                return true;
            });
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception e) when (store.Fault(e, isCommit: true) is { } fault)
        {
            throw fault;
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isOver) return;
        isOver = true;
        try
        {
            await transaction.DisposeAsync();
        }
        catch (Exception e) when (store.Fault(e) is not null)
        {
            // The connection is gone, and the transaction with it: that is all a rollback could do.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        try
        {
            return await call();
        }
        catch (Exception e) when (store.Fault(e) is { } fault)
        {
            throw fault;
        }
    }
}
