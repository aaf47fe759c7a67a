using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Dispatch;

/// <summary>Events on their way into batches, with senders and takers on all processors.</summary>
public sealed class EventQueueTests
{
    [Fact]
    public async Task What_waits_is_counted_right_however_many_come_and_go_at_once()
    {
        using var queue = new EventQueue();
        using var stop = new CancellationTokenSource();
        Task[] takers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true) queue.Settle(await queue.TakeAsync(10, stop.Token), null);
            }
            catch (OperationCanceledException)
            {
                // All are done.
            }
        }))];
        var one = new AcceptedEvent("a", "page_viewed", 0, 0, []);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 10_000; i++) await queue.AddAsync([one with { Lane = (Lane)(i % 3) }], CancellationToken.None);
        })));
        queue.Waiting.ShouldBe(0);
        await stop.CancelAsync();
        await Task.WhenAll(takers);
    }
}
