using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Retention;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// The months and weeks that tables are divided into. One is made when its first row is about to be written, together with the next, so
/// that the turn of a month costs no batch anything.
/// </summary>
internal sealed class PartitionCatalog(NpgsqlDataSource maintenance)
{
    /// <summary>The number of the lock under which partitions come and go: "crmp" in ASCII.</summary>
    private const long Lock = 0x63726D70;

    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Makes the partitions that a commit needs, where they are not there.</summary>
    public async Task EnsureAsync(CommitRows rows, CancellationToken cancellation)
    {
        List<Partition> missing = [];
        foreach (Month month in rows.Events.Select(x => Month.Of(x.Event.ReceivedAt)).Distinct()) Need(Partition.Of("event", month), missing);
        foreach (int week in rows.Events.Select(x => x.Week).Distinct()) Need(Partition.OfWeek("seen", week), missing);
        foreach (Month month in rows.Decisions.Select(x => Month.Of(x.At)).Distinct()) Need(Partition.Of("decision", month), missing);
        if (missing.Count > 0) await MakeAsync(missing, cancellation);
    }

    /// <summary>Forgets what is there: another process has dropped some.</summary>
    public void Forget() => known.Clear();

    /// <summary>Drops the partitions of a table that lie wholly before a bound.</summary>
    /// <param name="table">The table.</param>
    /// <param name="before">The bound, in the unit of the table's partitions.</param>
    /// <param name="cancellation">Stops between two partitions.</param>
    /// <returns>How many rows went.</returns>
    public async Task<long> DropAsync(string table, long before, CancellationToken cancellation)
    {
        long dropped = 0;
        foreach (Partition partition in await ReadAsync(table, cancellation))
        {
            if (partition.End > before) continue;
            dropped += await Repeated(() => DropAsync(partition, cancellation), cancellation);
            known.TryRemove(partition.Name, out _);
        }
        return dropped;
    }

    private void Need(Partition partition, List<Partition> missing)
    {
        if (!known.ContainsKey(partition.Name)) missing.AddRange(partition, partition.Next);
    }

    private async Task MakeAsync(List<Partition> partitions, CancellationToken cancellation)
    {
        foreach (Partition partition in partitions.Distinct())
        {
            await Repeated(() => MakeAsync(partition, cancellation), cancellation);
            known[partition.Name] = true;
        }
    }

    private async Task<long> MakeAsync(Partition partition, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await maintenance.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.RunAsync("SELECT pg_advisory_xact_lock($1)", cancellation, P(Lock));
        if (!await IsThereAsync(connection, partition, cancellation))
        {
            // Made apart and then attached, it needs no lock that a batch would have to wait for.
            await connection.RunAsync($"CREATE TABLE {partition.Name} (LIKE {partition.Table} INCLUDING ALL)", cancellation);
            await connection.RunAsync(partition.AttachSql, cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return 0;
    }

    private async Task<long> DropAsync(Partition partition, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await maintenance.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.RunAsync("SELECT pg_advisory_xact_lock($1)", cancellation, P(Lock));
        if (!await IsThereAsync(connection, partition, cancellation)) return 0;
        await using NpgsqlCommand count = connection.Command($"SELECT count(*) FROM {partition.Name}");
        long rows = (long)(await count.ExecuteScalarAsync(cancellation))!;
        await connection.RunAsync($"DROP TABLE {partition.Name}", cancellation);
        await transaction.CommitAsync(cancellation);
        return rows;
    }

    private async Task<List<Partition>> ReadAsync(string table, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await maintenance.OpenConnectionAsync(cancellation);
        List<string> names = await connection.Command(
                "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) ORDER BY 1", P(table))
            .AllAsync(row => row.GetString(0), cancellation);
        return [.. names.Select(name => Partition.Parse(table, name)).OfType<Partition>()];
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, Partition partition, CancellationToken cancellation)
    {
        await using NpgsqlCommand query = connection.Command("SELECT to_regclass($1) IS NOT NULL", P(partition.Name));
        return (bool)(await query.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Tries again a few times when a lock is not free at once: waiting for it longer would hold up every batch.</summary>
    private static async Task<long> Repeated(Func<Task<long>> change, CancellationToken cancellation)
    {
        const int Most = 10;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await change();
            }
            catch (PostgresException e) when (e.SqlState is "55P03" or "40P01" && attempt < Most)
            {
                await Task.Delay(Random.Shared.Next(50, 250), cancellation);
            }
        }
    }
}
