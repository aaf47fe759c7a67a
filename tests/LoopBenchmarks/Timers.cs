using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>
/// What timers cost: a look while nothing is due, and a hundred thousand contacts who are due in the same millisecond, beside as many as
/// wanted who are not. Every window and wait of theirs ends in it, so all have something to decide.
/// </summary>
internal static class Timers
{
    const int Due = 100_000, Looks = 2000, Page = 1000;

    public static async Task RunAsync(string provider, int contacts)
    {
        await using BigStore store = await BigStore.OpenAsync(provider);
        long due = EventLog.Start + 400 * Duration.Day;
        while (await store.Processor.RunTimersAsync(due - 1, Page, default) > 0)
        {
            // What the thousand of the beginning have due is served first.
        }
        await store.FillAsync(contacts, i => i % (contacts / Due) == 0 ? due : due + Duration.Day + i % 1000);

        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < Looks; i++)
        {
            if (await store.Processor.RunTimersAsync(due - 1, Page, default) > 0) throw new InvalidOperationException("Somebody was due.");
        }
        double look = Loop.Seconds(begun) / Looks;
        begun = Stopwatch.GetTimestamp();
        int served = 0;
        for (int page = 1; page > 0; served += page) page = await store.Processor.RunTimersAsync(due, Page, default);
        double seconds = Loop.Seconds(begun);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{provider,-8} {contacts,9} contacts pending: a look in vain {look * 1e6:F0} µs; {served} due at once served in {seconds:F1} s, {seconds / served * 1e6:F0} µs each"));
    }
}
