using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Retention;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Drops what is older than is kept: months and weeks as a whole, the rest in small portions.</summary>
internal sealed class PostgresRetention(NpgsqlDataSource maintenance, PartitionCatalog partitions)
{
    private const int Portion = 1000;

    // Visitors first, as batches do; those that a batch has at hand are left to the next time.
    private const string LockVisitors = """
        SELECT visitor FROM visitor WHERE visitor IN (SELECT visitor FROM kept WHERE received < $1 ORDER BY received LIMIT $2)
        ORDER BY visitor FOR UPDATE SKIP LOCKED
        """;

    private const string DropKept = """
        WITH gone AS (DELETE FROM kept WHERE visitor = ANY ($2) AND received < $1 RETURNING 1),
        empty AS (
          DELETE FROM visitor v
          WHERE visitor = ANY ($2) AND contact IS NULL AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.visitor = v.visitor AND k.received >= $1))
        SELECT count(*) FROM gone
        """;

    private const string DropParked =
        "WITH gone AS (DELETE FROM parked_input WHERE number IN (SELECT number FROM parked_input WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1) SELECT count(*) FROM gone";

    /// <returns>How many rows went.</returns>
    public async Task<long> DropAsync(long eventsBefore, long keysBefore, CancellationToken cancellation) =>
        await partitions.DropAsync("event", eventsBefore, cancellation)
        + await partitions.DropAsync("decision", eventsBefore, cancellation)
        + await partitions.DropAsync("seen", Week.Of(keysBefore), cancellation)
        + await InPortionsAsync(connection => DropKeptAsync(connection, eventsBefore, cancellation), cancellation)
        + await InPortionsAsync(connection => CountAsync(connection, DropParked, cancellation, P(eventsBefore), P(Portion)), cancellation);

    private static async Task<long> DropKeptAsync(NpgsqlConnection connection, long before, CancellationToken cancellation)
    {
        List<string> visitors = await connection.Command(LockVisitors, P(before), P(Portion)).AllAsync(row => row.GetString(0), cancellation);
        // A statement of its own, so that it sees what the last batch of these visitors has kept.
        return visitors.Count == 0 ? 0 : await CountAsync(connection, DropKept, cancellation, P(before), P<string[]>([.. visitors]));
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using NpgsqlCommand command = connection.Command(sql, parameters);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<long> InPortionsAsync(Func<NpgsqlConnection, Task<long>> drop, CancellationToken cancellation)
    {
        long dropped = 0, portion;
        do
        {
            await using NpgsqlConnection connection = await maintenance.OpenConnectionAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            portion = await drop(connection);
            await transaction.CommitAsync(cancellation);
            dropped += portion;
        }
        while (portion > 0);
        return dropped;
    }
}
