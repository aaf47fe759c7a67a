using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>How long after the answer to an order the VIP tag stands at the contact.</summary>
internal static class AcceptToRow
{
    const int Probes = 300, Background = 2000;

    public static async Task RunAsync(string store, double load)
    {
        await using Loop loop = await Loop.StartAsync(store, Loop.Definitions, "2026-01-05T09:00:00Z");
        await loop.CreateContactsAsync(Probes + Background + 20);
        using var stop = new CancellationTokenSource();
        Task offering = load > 0 ? OfferAsync(loop, load, stop.Token) : Task.CompletedTask;
        for (int i = 1; i <= 20; i++) await ProbeAsync(loop, Background + i);
        var accepts = new List<double>();
        var rows = new List<double>();
        for (int i = 1; i <= Probes; i++)
        {
            (double accept, double row) = await ProbeAsync(loop, Background + 20 + i);
            accepts.Add(accept);
            rows.Add(row);
        }
        await stop.CancelAsync();
        await offering;
        accepts.Sort();
        rows.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            store {store}, offered meanwhile {load:F0} events/s, {Probes} probes
            request to accept (durable, decided)   median {Loop.Percentile(accepts, 0.5):F1} ms   p99 {Loop.Percentile(accepts, 0.99):F1} ms
            accept to the CRM's row                median {Loop.Percentile(rows, 0.5):F1} ms   p99 {Loop.Percentile(rows, 0.99):F1} ms
            """));
    }

    static async Task<(double Accept, double Row)> ProbeAsync(Loop loop, int contact)
    {
        long sent = Stopwatch.GetTimestamp();
        await loop.PostAsync([Order(contact, 200)]);
        long accepted = Stopwatch.GetTimestamp();
        while (true)
        {
            string answer = await loop.Crm.GetStringAsync($"contacts({Loop.Contact(contact)})?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)");
            if (answer.Contains("\"VIP\"", StringComparison.Ordinal)) return (Stopwatch.GetElapsedTime(sent, accepted).TotalMilliseconds, Stopwatch.GetElapsedTime(accepted).TotalMilliseconds);
            await Task.Delay(1);
        }
    }

    static JsonNode Order(int contact, decimal amount) => new JsonObject
    {
        ["type"] = "track",
        ["event"] = "order_completed",
        ["userId"] = Loop.Contact(contact).ToString(),
        ["properties"] = new JsonObject { ["amount"] = amount },
    };

    /// <summary>Small orders of other contacts at a steady rate, ten times a second.</summary>
    static async Task OfferAsync(Loop loop, double rate, CancellationToken stop)
    {
        var random = new Random(1);
        var under = new List<Task>();
        double due = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                due += rate / 10;
                int now = (int)due;
                due -= now;
                under.RemoveAll(t => t.IsCompletedSuccessfully);
                if (now > 0) under.Add(loop.PostAsync(Enumerable.Range(0, now).Select(_ => Order(random.Next(1, Background + 1), 0.01m)).ToArray()));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(under);
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException("The load could not be offered: " + e.Message, e);
        }
    }
}
