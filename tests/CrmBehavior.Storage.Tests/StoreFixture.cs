using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Storage.Migrations;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;
using CrmBehavior.TestServers;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace CrmBehavior.Storage.Tests;

/// <summary>A place where one test after the other finds an empty database.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    /// <summary>Why these tests cannot run here; null when they can.</summary>
    public virtual string? Missing => null;

    /// <summary>Makes the database empty, without even a schema.</summary>
    public abstract Task ClearAsync();

    /// <summary>Opens the database as a process of its own would.</summary>
    public abstract OpenStore Open(string owner, TimeProvider time, TimeSpan limit, byte[] key);

    /// <summary>How many rows a table has, seen from beside the store.</summary>
    public abstract Task<long> CountRowsAsync(string table);

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;
}

/// <summary>A place with a database that speaks SQL.</summary>
public abstract class DatabaseFixture : StoreFixture
{
    /// <summary>Brings the schema forward by some steps.</summary>
    internal abstract Task MigrateAsync(IReadOnlyList<Migration> steps);

    /// <summary>The dialect of the shipped steps.</summary>
    public abstract string Dialect { get; }

    /// <summary>Runs SQL beside the store.</summary>
    /// <returns>The first value of the first row.</returns>
    public abstract Task<object?> ExecuteAsync(string sql);

    public override async Task<long> CountRowsAsync(string table) => (long)(await ExecuteAsync($"SELECT count(*) FROM {table}"))!;
}

/// <summary>The memory of this process.</summary>
public sealed class MemoryFixture : StoreFixture
{
    private MemoryDatabase database = new();

    public override Task ClearAsync()
    {
        database = new MemoryDatabase();
        return Task.CompletedTask;
    }

    public override OpenStore Open(string owner, TimeProvider time, TimeSpan limit, byte[] key) => OpenStore.Of(new MemoryStore(database, time, key, limit));

    public override Task<long> CountRowsAsync(string table) => Task.FromResult(database.CountRows(table));
}

/// <summary>A file in a temporary folder, another one for each test.</summary>
public sealed class SqliteFixture : DatabaseFixture
{
    private readonly string folder = Directory.CreateTempSubdirectory("crmb-sqlite-").FullName;
    private int count;

    public string File => Path.Combine(folder, $"store-{count}.db");

    public override Task ClearAsync()
    {
        count++;
        return Task.CompletedTask;
    }

    public override OpenStore Open(string owner, TimeProvider time, TimeSpan limit, byte[] key) =>
        OpenStore.Of(SqliteStore.Open(new SqliteStoreOptions { ConnectionString = File, LeaseOwner = owner, Time = time, CommandTimeout = limit, ErasureKey = key }));

    public override string Dialect => "Sqlite";

    internal override async Task MigrateAsync(IReadOnlyList<Migration> steps)
    {
        using var writer = new SqliteWriter(File, TimeSpan.FromMinutes(1));
        await MigrationRunner.RunAsync(new SqliteMigrationTarget(writer, TimeProvider.System), steps, default);
    }

    public override async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public override Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>A database on the server that all tests share.</summary>
public sealed class PostgresFixture : DatabaseFixture
{
    private PostgresCluster? cluster;
    private string database = "";

    public override string? Missing => PostgresPrograms.Missing;

    public string ConnectionString => cluster!.ConnectionString(database);

    public override async Task InitializeAsync()
    {
        if (Missing is not null) return;
        cluster = await PostgresCluster.SharedAsync();
        database = await cluster.CreateDatabaseAsync();
    }

    public override async Task ClearAsync() => await ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    public override OpenStore Open(string owner, TimeProvider time, TimeSpan limit, byte[] key) => OpenStore.Of(
        PostgresStore.Open(new PostgresStoreOptions { ConnectionString = ConnectionString, LeaseOwner = owner, Time = time, CommandTimeout = limit, ErasureKey = key }));

    public override string Dialect => "Postgres";

    internal override async Task MigrateAsync(IReadOnlyList<Migration> steps)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString);
        await MigrationRunner.RunAsync(new PostgresMigrationTarget(source, TimeProvider.System), steps, default);
    }

    public override Task<object?> ExecuteAsync(string sql) => cluster!.ExecuteAsync(database, sql);

    public override async Task DisposeAsync()
    {
        if (cluster is not null) await cluster.ExecuteAsync("postgres", $"DROP DATABASE {database} WITH (FORCE)");
    }
}
