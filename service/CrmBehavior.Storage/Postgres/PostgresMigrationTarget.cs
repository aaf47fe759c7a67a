using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Migrations;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>The schema of the database, brought forward under an advisory lock: one starter at a time, others wait and find it done.</summary>
internal sealed class PostgresMigrationTarget(NpgsqlDataSource source, TimeProvider time) : IMigrationTarget
{
    /// <summary>The number of the lock: "crmb" in ASCII.</summary>
    public const long Lock = 0x63726D62;

    public async Task<int> TakeAsync(Migration step, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // Another starter's step may take long.
        await connection.RunAsync("SET LOCAL lock_timeout = 0", cancellation);
        await connection.RunAsync("SELECT pg_advisory_xact_lock($1)", cancellation, P(Lock));
        await connection.RunAsync("SET LOCAL lock_timeout = 5000", cancellation);
        await connection.RunAsync(
            "CREATE TABLE IF NOT EXISTS migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL, taken_at timestamptz NOT NULL)", cancellation);
        await using (NpgsqlCommand query = connection.Command("SELECT coalesce(max(number), 0) FROM migration"))
        {
            int latest = (int)(await query.ExecuteScalarAsync(cancellation))!;
            if (latest >= step.Number) return latest;
        }
        await connection.RunAsync(step.Sql, cancellation);
        await connection.RunAsync(
            "INSERT INTO migration (number, name, taken_at) VALUES ($1, $2, $3)", cancellation, P(step.Number), P(step.Name), P(time.GetUtcNow().UtcDateTime));
        await transaction.CommitAsync(cancellation);
        return step.Number;
    }
}
