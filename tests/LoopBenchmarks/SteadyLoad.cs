using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Benchmarks.Workload;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>The requests that a steady stream of the workload's behaviour costs the CRM, with as many definitions as are asked for.</summary>
internal static class SteadyLoad
{
    const int Contacts = 10_000;

    /// <param name="store">sqlite or postgres.</param>
    /// <param name="definitions">How many definitions; each segment of them sets a tag.</param>
    /// <param name="rate">Events per second.</param>
    /// <param name="seconds">For how long.</param>
    public static async Task RunAsync(string store, int definitions, double rate, int seconds)
    {
        string folder = Directory.CreateTempSubdirectory("crmb-load-").FullName;
        try
        {
            Write(folder, definitions);
            await using Loop loop = await Loop.StartAsync(store, folder, "2026-01-05T09:00:00Z");
            await loop.CreateContactsAsync(Contacts);
            JsonNode[] calls = [.. Calls((int)(rate * seconds))];
            Dictionary<string, long> before = await loop.RequestsAsync();
            var posts = new List<Task>();
            long begun = Stopwatch.GetTimestamp();
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (int sent = 0; sent < calls.Length && await tick.WaitForNextTickAsync(CancellationToken.None);)
            {
                int due = (int)Math.Min(calls.Length, rate * Loop.Seconds(begun));
                if (due > sent) posts.Add(loop.PostAsync(calls[sent..due]));
                sent = due;
            }
            await Task.WhenAll(posts);
            double offered = Loop.Seconds(begun);
            await loop.Sandbox.SettleAsync();
            Dictionary<string, long> after = await loop.RequestsAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"store {store}, {definitions} definitions, {calls.Length} events of {Contacts} contacts at {calls.Length / offered:F0} events/s, {Loop.Seconds(begun) - offered:F1} s more until all was settled"));
            long all = 0;
            foreach ((string route, long count) in after.OrderByDescending(r => r.Value))
            {
                long more = count - before.GetValueOrDefault(route);
                if (more == 0) continue;
                all += more;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {more * 1000.0 / calls.Length,6:F1}  {route}"));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {all * 1000.0 / calls.Length,6:F1}  CRM requests per 1,000 events (wanted: at most 20)"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Write(string folder, int count)
    {
        foreach (JsonObject document in WorkloadDefinitions.Documents(count))
        {
            string name = (string)document["name"]!;
            if ((string?)document["kind"] == "segment") document["tag"] = name;
            File.WriteAllText(Path.Combine(folder, name + ".json"), document.ToJsonString());
        }
    }

    /// <summary>The workload's events as calls; what the CRM itself would report is left out.</summary>
    static IEnumerable<JsonNode> Calls(int most)
    {
        EventLog log = EventGenerator.Generate(Contacts, most + most / 10);
        int given = 0;
        for (int i = 0; i < log.Count && given < most; i++)
        {
            (byte[] buffer, int start, int length) = log[i];
            JsonNode line = JsonNode.Parse(buffer.AsSpan(start, length))!;
            if (line["properties"] == null) continue;
            given++;
            yield return new JsonObject
            {
                ["type"] = "track",
                ["event"] = (string)line["name"]!,
                ["messageId"] = (string)line["id"]!,
                ["userId"] = Loop.Contact(int.Parse(((string)line["contactId"]!)[1..], CultureInfo.InvariantCulture) + 1).ToString(),
                ["properties"] = line["properties"]!.DeepClone(),
            };
        }
    }
}
