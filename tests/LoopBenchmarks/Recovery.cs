using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.TestServers;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>
/// How long after kill -9 under load the service answers again, and how long until all that was accepted before stands in the CRM. What the
/// dead process had at hand comes free when its leases lapse.
/// </summary>
internal static class Recovery
{
    const int Rounds = 8, Rate = 200;

    static readonly TimeSpan Load = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(string store)
    {
        int processes = store == "postgres" ? 2 : 1, perRound = (int)(Rate * Load.TotalSeconds) * 2;
        await using Loop loop = await Loop.StartAsync(store, Loop.Definitions, "2026-01-05T09:00:00Z", processes);
        await loop.CreateContactsAsync(Rounds * perRound);
        var random = new Random(1);
        var answering = new List<double>();
        var complete = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            ServiceProcess victim = loop.Services[random.Next(processes)];
            var accepted = new ConcurrentBag<int>();
            int next = round * perRound;
            using var stop = new CancellationTokenSource();
            Task[] senders = [.. loop.Services.Select(service => OfferAsync(service, () => Interlocked.Increment(ref next), accepted, stop.Token))];
            await Task.Delay(Load - TimeSpan.FromMilliseconds(random.Next(1000)));
            int[] before = [.. accepted];
            await victim.KillAsync();
            long killed = Stopwatch.GetTimestamp();
            await stop.CancelAsync();
            await Task.WhenAll(senders);
            await victim.StartAgainAsync();
            answering.Add(Loop.Seconds(killed));
            foreach (int contact in before) await StandsAsync(loop, contact);
            complete.Add(Loop.Seconds(killed));
            await loop.Sandbox.SettleAsync();
        }
        answering.Sort();
        complete.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            store {store}, {processes} process(es), {Rate} events/s each, {Rounds} rounds
            killed until started and ready again             median {Loop.Percentile(answering, 0.5):F1} s   longest {answering[^1]:F1} s
            killed until the CRM has all accepted before     median {Loop.Percentile(complete, 0.5):F1} s   longest {complete[^1]:F1} s (wanted: at most 45 s)
            """));
    }

    static async Task OfferAsync(ServiceProcess service, Func<int> next, ConcurrentBag<int> accepted, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await tick.WaitForNextTickAsync(stop))
            {
                int[] contacts = [.. Enumerable.Range(0, Rate / 20).Select(_ => next())];
                var calls = new JsonArray([.. contacts.Select(c => (JsonNode)new JsonObject
                {
                    ["type"] = "track",
                    ["event"] = "order_completed",
                    ["userId"] = Loop.Contact(c).ToString(),
                    ["properties"] = new JsonObject { ["amount"] = 200 },
                })]);
                using HttpResponseMessage answer = await service.Http.PostAsync("/v1/batch", Loop.Json(new JsonObject { ["writeKey"] = "sandbox", ["batch"] = calls }), stop);
                if (!answer.IsSuccessStatusCode) continue;
                foreach (int contact in contacts) accepted.Add(contact);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The process was killed, or the round is over.
        }
    }

    static async Task StandsAsync(Loop loop, int contact)
    {
        while (!(await loop.Crm.GetStringAsync($"contacts({Loop.Contact(contact)})?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)")).Contains("\"VIP\"", StringComparison.Ordinal))
            await Task.Delay(20);
    }
}
