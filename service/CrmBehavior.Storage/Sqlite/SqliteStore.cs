using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Erasure;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>
/// The embedded store: one file, nothing to install. One writer at a time, so while a batch is open everything else that writes waits for
/// it; who holds a batch must not call another writing member before it is committed or disposed. Readers never wait. Several processes of
/// one machine may share the file.
/// </summary>
public sealed partial class SqliteStore : IProfileStore, IOutbox, IServiceStore, IAsyncDisposable
{
    private readonly SqliteStoreOptions options;
    private readonly ErasureMarks marks;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private bool isDisposed;

    private SqliteStore(SqliteStoreOptions options, string file)
    {
        this.options = options;
        marks = new ErasureMarks(options.ErasureKey);
        File = file;
        writer = new SqliteWriter(file, options.CommandTimeout);
        readers = new SqliteReaders(file, options.CommandTimeout);
    }

    /// <summary>Full path of the file.</summary>
    public string File { get; }

    /// <summary>The one that writes, for tests that bring it into trouble.</summary>
    internal SqliteWriter Writer => writer;

    /// <summary>Opens the file, which is made if it is not there; <see cref="MigrateAsync"/> then brings the schema.</summary>
    /// <param name="options">Where, and how.</param>
    /// <returns>The store.</returns>
    /// <exception cref="ArgumentException">A setting is wrong; it is named.</exception>
    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public static SqliteStore Open(SqliteStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new SqliteStore(options, SqliteFile.Find(options.ConnectionString));
    }

    /// <summary>Waits for the batch that is open and closes the file.</summary>
    /// <returns>When it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        readers.Dispose();
        await writer.CloseAsync();
    }

    private async Task WriteAsync(Action<SqliteWork> work, CancellationToken cancellation)
    {
        using SqliteWork transaction = await writer.BeginAsync(cancellation);
        work(transaction);
        transaction.Commit();
    }

    private async Task<T> WriteAsync<T>(Func<SqliteWork, T> work, CancellationToken cancellation)
    {
        using SqliteWork transaction = await writer.BeginAsync(cancellation);
        T result = work(transaction);
        transaction.Commit();
        return result;
    }

    private Task<T> ReadAsync<T>(Func<SqliteLink, T> query, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read(query));
    }
}
