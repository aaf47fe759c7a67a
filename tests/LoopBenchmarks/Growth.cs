using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Time;
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
/// What taking an event in costs while the store grows: open, evaluate by the workload's twenty definitions, commit; no HTTP. Contacts are
/// laid into the store with states that real behaviour left, the events concern contacts drawn evenly from all.
/// </summary>
internal static class Growth
{
    const int Samples = 1000, Batch = 1000, Batches = 40, WarmUp = 10;

    public static async Task RunAsync(string store, IReadOnlyList<int> sizes)
    {
        foreach (int contacts in sizes) await RunAsync(store, contacts);
    }

    static async Task RunAsync(string provider, int contacts)
    {
        string folder = Directory.CreateTempSubdirectory("crmb-growth-").FullName;
        await using PostgresCluster? cluster = provider == "postgres" ? await PostgresCluster.StartAsync() : null;
        string connection = cluster is null ? $"Data Source={Path.Combine(folder, "store.db")}" : cluster.ConnectionString(await cluster.CreateDatabaseAsync());
        try
        {
            await using IAsyncDisposable opened = Open(cluster is not null, connection, folder);
            var profiles = (IProfileStore)opened;
            var service = (IServiceStore)opened;
            await service.MigrateAsync(default);
            var plans = new PlanHolder();
            plans.Set(Plan());
            var processor = new ContactProcessor(profiles, service, plans, new EffectFactory(new EffectOptions()), new EffectNews(), TimeProvider.System, NullLogger<ContactProcessor>.Instance);
            foreach (AcceptedEvent[] batch in Events(Samples * 10, i => Key(-1 - i % Samples)).Chunk(Batch)) await processor.ProcessAsync(batch, default);

            long empty = await SizeAsync(cluster is not null, connection);
            await FillAsync(cluster is not null, connection, contacts);
            long filled = await SizeAsync(cluster is not null, connection);

            var random = new Random(1);
            AcceptedEvent[][] batches = [.. Events(Batch * (Batches + WarmUp), _ => Key(random.Next(contacts))).Chunk(Batch)];
            foreach (AcceptedEvent[] batch in batches.Take(WarmUp)) await processor.ProcessAsync(batch, default);
            long before = await SizeAsync(cluster is not null, connection);
            TimeSpan busy = Busy();
            long begun = Stopwatch.GetTimestamp();
            foreach (AcceptedEvent[] batch in batches.Skip(WarmUp)) await processor.ProcessAsync(batch, default);
            double seconds = Loop.Seconds(begun), processorTime = (Busy() - busy).TotalSeconds;
            long after = await SizeAsync(cluster is not null, connection);
            double events = Batch * Batches;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{provider,-8} {contacts,9} contacts: {seconds / events * 1e6,6:F1} µs an event by the clock, {processorTime / events * 1e6,6:F1} µs of processor time, store included; {(filled - empty) / (double)contacts:F0} bytes a contact, {(after - before) / events:F0} bytes an event"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static IAsyncDisposable Open(bool isPostgres, string connection, string folder)
    {
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes(folder));
        return isPostgres
            ? PostgresStore.Open(new PostgresStoreOptions { ConnectionString = connection, LeaseOwner = "growth", ErasureKey = key })
            : SqliteStore.Open(new SqliteStoreOptions { ConnectionString = connection, LeaseOwner = "growth", ErasureKey = key });
    }

    static ActivePlan Plan()
    {
        PublishedDefinition[] published = [.. WorkloadDefinitions.Documents(20).Select(d => new PublishedDefinition((string)d["kind"]!, (string)d["name"]!, 1, IsPaused: false, IsCurrent: true, d.ToJsonString()))];
        return ActivePlan.Compile(new StoredPlan(1, EventLog.Start, published, [], "")).Plan;
    }

    /// <summary>The workload's events, of contacts as told.</summary>
    static IEnumerable<AcceptedEvent> Events(int count, Func<int, Guid> contact)
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

    static Guid Key(int contact) => new(SHA256.HashData(BitConverter.GetBytes(contact)).AsSpan(0, 16));

    /// <summary>Contacts beside those that are there, with the states of those.</summary>
    static async Task FillAsync(bool isPostgres, string connectionString, int contacts)
    {
        Guid[] keys = [.. Enumerable.Range(0, contacts).Select(Key).Order()];
        await using DbConnection connection = isPostgres ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync();
        var samples = new List<(byte[] State, long Sequence)>();
        await using (DbCommand command = connection.CreateCommand())
        {
            command.CommandText = "SELECT state, sequence FROM profile ORDER BY contact";
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) samples.Add(((byte[])reader[0], reader.GetInt64(1)));
        }
        // Due long after the run, as most timers of most contacts are.
        long due = EventLog.Start + 400 * Duration.Day;
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
                    await import.WriteAsync(due + i % 1000, NpgsqlDbType.Bigint);
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
            insert.Parameters[3].Value = due + i % 1000;
            insert.ExecuteNonQuery();
        }
        await transaction.CommitAsync();
    }

    /// <summary>Bytes of the database, all of its tables and indexes.</summary>
    static async Task<long> SizeAsync(bool isPostgres, string connectionString)
    {
        await using DbConnection connection = isPostgres ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = isPostgres ? "SELECT pg_database_size(current_database())" : "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time of this process and of PostgreSQL's.</summary>
    static TimeSpan Busy()
    {
        TimeSpan all = Process.GetCurrentProcess().TotalProcessorTime;
        foreach (Process server in Process.GetProcessesByName("postgres"))
        {
            using (server) all += server.TotalProcessorTime;
        }
        return all;
    }
}
