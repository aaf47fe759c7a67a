using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;
using CrmBehavior.TestServers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>
/// A store with as many contacts as wanted, under the workload's twenty definitions: a thousand of them got their states from real
/// behaviour, the others were laid beside them with copies of these states.
/// </summary>
internal sealed class BigStore : IAsyncDisposable
{
    const int Samples = 1000, Batch = 1000;

    readonly string folder = Directory.CreateTempSubdirectory("crmb-big-").FullName;
    PostgresCluster? cluster;
    IAsyncDisposable opened = null!;

    BigStore()
    {
    }

    /// <summary>Where the database is.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>Whether it is PostgreSQL; else it is SQLite.</summary>
    public bool IsPostgres => cluster != null;

    /// <summary>Takes events in, and serves timers.</summary>
    public ContactProcessor Processor { get; private set; } = null!;

    /// <summary>A store with the thousand.</summary>
    public static async Task<BigStore> OpenAsync(string provider)
    {
        var store = new BigStore { cluster = provider == "postgres" ? await PostgresCluster.StartAsync() : null };
        store.Connection = store.cluster is null ? $"Data Source={Path.Combine(store.folder, "store.db")}" : store.cluster.ConnectionString(await store.cluster.CreateDatabaseAsync());
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes(store.folder));
        store.opened = store.IsPostgres
            ? PostgresStore.Open(new PostgresStoreOptions { ConnectionString = store.Connection, LeaseOwner = "big", ErasureKey = key })
            : SqliteStore.Open(new SqliteStoreOptions { ConnectionString = store.Connection, LeaseOwner = "big", ErasureKey = key });
        var service = (IServiceStore)store.opened;
        await service.MigrateAsync(default);
        var plans = new PlanHolder();
        plans.Set(Plan());
        store.Processor = new ContactProcessor((IProfileStore)store.opened, service, plans, new EffectFactory(new EffectOptions()), new EffectNews(), TimeProvider.System, NullLogger<ContactProcessor>.Instance);
        foreach (AcceptedEvent[] batch in Events(Samples * 10, i => Key(-1 - i % Samples)).Chunk(Batch)) await store.Processor.ProcessAsync(batch, default);
        return store;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        if (cluster != null) await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A connection of its own to the database.</summary>
    public async Task<DbConnection> ConnectAsync()
    {
        DbConnection connection = IsPostgres ? new NpgsqlConnection(Connection) : new SqliteConnection(Connection);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Lays contacts beside those that are there, with the states of those.</summary>
    /// <param name="contacts">How many.</param>
    /// <param name="due">When time alone may change the contact of a place in the order of ids; milliseconds since 1970.</param>
    public async Task FillAsync(int contacts, Func<int, long> due)
    {
        Guid[] keys = [.. Enumerable.Range(0, contacts).Select(Key).Order()];
        await using DbConnection connection = await ConnectAsync();
        var samples = new List<(byte[] State, long Sequence)>();
        await using (DbCommand command = connection.CreateCommand())
        {
            command.CommandText = "SELECT state, sequence FROM profile ORDER BY contact";
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) samples.Add(((byte[])reader[0], reader.GetInt64(1)));
        }
        if (connection is NpgsqlConnection postgres)
        {
            await using (NpgsqlBinaryImporter import = await postgres.BeginBinaryImportAsync("COPY profile (contact, generation, sequence, due, state) FROM STDIN (FORMAT BINARY)"))
            {
                for (int i = 0; i < keys.Length; i++)
                {
                    (byte[] state, long sequence) = samples[i % samples.Count];
                    await import.StartRowAsync();
                    await import.WriteAsync(keys[i], NpgsqlDbType.Uuid);
                    await import.WriteAsync(1, NpgsqlDbType.Integer);
                    await import.WriteAsync(sequence, NpgsqlDbType.Bigint);
                    await import.WriteAsync(due(i), NpgsqlDbType.Bigint);
                    await import.WriteAsync(state, NpgsqlDbType.Bytea);
                }
                await import.CompleteAsync();
            }
            await using var analyze = new NpgsqlCommand("VACUUM ANALYZE profile", postgres);
            await analyze.ExecuteNonQueryAsync();
            return;
        }
        await using DbTransaction transaction = await connection.BeginTransactionAsync();
        await using var insert = (SqliteCommand)connection.CreateCommand();
        insert.CommandText = "INSERT INTO profile (contact, state, generation, sequence, due) VALUES ($contact, $state, 1, $sequence, $due)";
        foreach (string name in new[] { "$contact", "$state", "$sequence", "$due" }) insert.Parameters.Add(new SqliteParameter(name, null));
        for (int i = 0; i < keys.Length; i++)
        {
            (byte[] state, long sequence) = samples[i % samples.Count];
            insert.Parameters[0].Value = keys[i].ToByteArray(bigEndian: true);
            insert.Parameters[1].Value = state;
            insert.Parameters[2].Value = sequence;
            insert.Parameters[3].Value = due(i);
            insert.ExecuteNonQuery();
        }
        await transaction.CommitAsync();
    }

    /// <summary>The workload's events, of contacts as told.</summary>
    public static IEnumerable<AcceptedEvent> Events(int count, Func<int, Guid> contact)
    {
        EventLog log = EventGenerator.Generate(Samples * 10, count, seed: 3);
        for (int i = 0; i < count; i++)
        {
            (byte[] buffer, int start, int length) = log[i];
            JsonObject line = JsonNode.Parse(buffer.AsSpan(start, length))!.AsObject();
            line.Remove("contactId");
            long at = DateTimeOffset.Parse((string)line["at"]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            yield return new AcceptedEvent(string.Create(CultureInfo.InvariantCulture, $"{(string)line["id"]!}-{i}"), (string)line["name"]!, at, at + 1000, JsonSerializer.SerializeToUtf8Bytes(line)) { Contact = contact(i) };
        }
    }

    /// <summary>Id of the contact of a number.</summary>
    public static Guid Key(int contact) => new(SHA256.HashData(BitConverter.GetBytes(contact)).AsSpan(0, 16));


    static ActivePlan Plan()
    {
        PublishedDefinition[] published = [.. WorkloadDefinitions.Documents(20).Select(d => new PublishedDefinition((string)d["kind"]!, (string)d["name"]!, 1, IsPaused: false, IsCurrent: true, d.ToJsonString()))];
        return ActivePlan.Compile(new StoredPlan(1, EventLog.Start, published, [], "")).Plan;
    }
}
