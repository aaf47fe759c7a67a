using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>Real orders through the whole loop, clock and all.</summary>
internal static class CdnowReplay
{
    sealed record Order(int Number, int Customer, DateTimeOffset At, decimal Amount);

    public static async Task RunAsync(string store)
    {
        Order[] orders = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cdnow_sample_orders.csv")).Skip(1).Select((line, i) =>
        {
            string[] f = line.Split(',');
            return new Order(i, int.Parse(f[1], CultureInfo.InvariantCulture), DateTimeOffset.Parse(f[2] + "T12:00:00Z", CultureInfo.InvariantCulture), decimal.Parse(f[4], CultureInfo.InvariantCulture));
        })];
        await using Loop loop = await Loop.StartAsync(store, Loop.Definitions, "1997-01-01T00:00:00Z");
        long begun = Stopwatch.GetTimestamp();
        await loop.CreateContactsAsync(2357);
        double contacts = Loop.Seconds(begun);
        long before = await loop.CrmRequestsAsync();
        begun = Stopwatch.GetTimestamp();
        double posting = 0, settling = 0;
        ILookup<DateTimeOffset, Order> byDay = orders.ToLookup(o => o.At);
        for (DateTimeOffset day = orders.Min(o => o.At); day <= orders.Max(o => o.At); day = day.AddDays(1))
        {
            await loop.Sandbox.AdvanceToAsync(day);
            long at = Stopwatch.GetTimestamp();
            if (byDay[day].Any())
            {
                await loop.PostAsync(byDay[day].Select(o => (JsonNode)new JsonObject
                {
                    ["type"] = "track",
                    ["event"] = "order_completed",
                    ["messageId"] = string.Create(CultureInfo.InvariantCulture, $"cdnow-{o.Number}"),
                    ["userId"] = Loop.Contact(o.Customer).ToString(),
                    ["timestamp"] = o.At.ToString("O", CultureInfo.InvariantCulture),
                    ["properties"] = new JsonObject { ["amount"] = o.Amount },
                }));
            }
            posting += Loop.Seconds(at);
            at = Stopwatch.GetTimestamp();
            await loop.Sandbox.SettleAsync();
            settling += Loop.Seconds(at);
        }
        double seconds = Loop.Seconds(begun);
        long requests = await loop.CrmRequestsAsync() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            store                         {store}
            contacts created and known    2357 in {contacts:F1} s
            orders                        {orders.Length} in {seconds:F1} s over 546 days: {orders.Length / seconds:F0} events/s through the whole loop
            of that                       {posting:F1} s until accepted ({orders.Length / posting:F0} events/s), {settling:F1} s until the CRM had every row
            CRM requests                  {requests} ({requests * 1000.0 / orders.Length:F0} per 1,000 events)
            """));
    }
}
