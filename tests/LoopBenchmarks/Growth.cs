using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>
/// What taking an event in costs while the store grows: open, evaluate by the workload's twenty definitions, commit; no HTTP. Contacts are
/// laid into the store with states that real behaviour left, the events concern contacts drawn evenly from all.
/// </summary>
internal static class Growth
{
    const int Batch = 1000, Batches = 40, WarmUp = 10;

    public static async Task RunAsync(string store, IReadOnlyList<int> sizes)
    {
        foreach (int contacts in sizes) await RunAsync(store, contacts);
    }

    static async Task RunAsync(string provider, int contacts)
    {
        await using BigStore store = await BigStore.OpenAsync(provider);
        long empty = await SizeAsync(store);
        // Due long after the run, as most timers of most contacts are.
        await store.FillAsync(contacts, i => EventLog.Start + 400 * Duration.Day + i % 1000);
        long filled = await SizeAsync(store);

        var random = new Random(1);
        AcceptedEvent[][] batches = [.. BigStore.Events(Batch * (Batches + WarmUp), _ => BigStore.Key(random.Next(contacts))).Chunk(Batch)];
        foreach (AcceptedEvent[] batch in batches.Take(WarmUp)) await store.Processor.ProcessAsync(batch, default);
        long before = await SizeAsync(store);
        TimeSpan busy = Busy();
        long begun = Stopwatch.GetTimestamp();
        foreach (AcceptedEvent[] batch in batches.Skip(WarmUp)) await store.Processor.ProcessAsync(batch, default);
        double seconds = Loop.Seconds(begun), processorTime = (Busy() - busy).TotalSeconds;
        long after = await SizeAsync(store);
        double events = Batch * Batches;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{provider,-8} {contacts,9} contacts: {seconds / events * 1e6,6:F1} µs an event by the clock, {processorTime / events * 1e6,6:F1} µs of processor time, store included; {(filled - empty) / (double)contacts:F0} bytes a contact, {(after - before) / events:F0} bytes an event"));
    }

    /// <summary>Bytes of the database, all of its tables and indexes.</summary>
    static async Task<long> SizeAsync(BigStore store)
    {
        await using DbConnection connection = await store.ConnectAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = store.IsPostgres ? "SELECT pg_database_size(current_database())" : "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
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
