using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Erasure;
using Npgsql;

namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// The store for any number of service processes beside each other. A contact belongs to the batch that has locked its row; batches of other
/// contacts go on in parallel. READ COMMITTED, visitors locked before contacts and both in order, so that batches never wait in a circle.
/// </summary>
public sealed partial class PostgresStore : IProfileStore, IOutbox, IServiceStore, IAsyncDisposable
{
    private readonly PostgresStoreOptions options;
    private readonly ErasureMarks marks;
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource maintenance;
    private readonly PartitionCatalog partitions;

    private PostgresStore(PostgresStoreOptions options)
    {
        this.options = options;
        marks = new ErasureMarks(options.ErasureKey);
        source = PostgresSources.Hot(options);
        maintenance = PostgresSources.Maintenance(options);
        partitions = new PartitionCatalog(maintenance);
    }

    /// <summary>Prepares the way to a database; it is gone only when something is asked of it. <see cref="MigrateAsync"/> then brings the schema.</summary>
    /// <param name="options">Where, and how.</param>
    /// <returns>The store.</returns>
    /// <exception cref="ArgumentException">A setting is wrong; it is named.</exception>
    public static PostgresStore Open(PostgresStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new PostgresStore(options);
    }

    /// <summary>Closes all connections.</summary>
    /// <returns>When they are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await maintenance.DisposeAsync();
    }

    /// <summary>Does something with a connection of its own; what fails becomes an exception of the store.</summary>
    private async Task<T> CallAsync<T>(Func<NpgsqlConnection, Task<T>> call, CancellationToken cancellation, NpgsqlDataSource? from = null)
    {
        try
        {
            await using NpgsqlConnection connection = await (from ?? source).OpenConnectionAsync(cancellation);
            return await call(connection);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>An exception as one of the store, or null; notes what it means for connections and partitions.</summary>
    internal StoreException? Fault(Exception exception, bool isCommit = false)
    {
        if (PostgresErrors.SpoilsPool(exception))
        {
            // A server that was restarted has closed them all; without this each would fail once more.
            source.Clear();
            maintenance.Clear();
        }
        if (exception is PostgresException { SqlState: PostgresErrors.NoPartition }) partitions.Forget();
        return PostgresErrors.From(exception, isCommit);
    }
}
