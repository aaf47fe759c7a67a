using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>As many events as it takes, from several senders at once.</summary>
internal static class Throughput
{
    const int Contacts = 10_000, Events = 100_000, Batch = 500, Senders = 8;

    public static async Task RunAsync(string store, int processes)
    {
        await using Loop loop = await Loop.StartAsync(store, Loop.Definitions, "2026-01-05T09:00:00Z", processes);
        await loop.CreateContactsAsync(Contacts);
        long before = await loop.CrmRequestsAsync();
        TimeSpan cpu = Cpu(loop);
        long begun = Stopwatch.GetTimestamp();
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            var random = new Random(sender);
            for (int batch; (batch = Interlocked.Increment(ref next)) <= Events / Batch;)
            {
                await loop.PostAsync(Enumerable.Range(0, Batch).Select(_ => (JsonNode)new JsonObject
                {
                    ["type"] = "track",
                    ["event"] = "order_completed",
                    ["userId"] = Loop.Contact(random.Next(1, Contacts + 1)).ToString(),
                    ["properties"] = new JsonObject { ["amount"] = random.Next(1, 3000) / 100m },
                }), batch % processes);
            }
        }));
        double accepted = Loop.Seconds(begun);
        await loop.Sandbox.SettleAsync();
        double settled = Loop.Seconds(begun);
        double busy = (Cpu(loop) - cpu).TotalSeconds;
        long requests = await loop.CrmRequestsAsync() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            store {store}, {processes} process(es), {Events} events of {Contacts} contacts, {Senders} senders, batches of {Batch}
            accepted and decided      {Events / accepted:F0} events/s
            until the CRM has it all  {Events / settled:F0} events/s
            processor of the service  {Events / busy:F0} events/s
            CRM requests              {requests * 1000.0 / Events:F1} per 1,000 events
            """));
    }

    static TimeSpan Cpu(Loop loop) => TimeSpan.FromTicks(loop.Services.Sum(s => s.Program.ProcessorTime.Ticks));
}
