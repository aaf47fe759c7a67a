using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Running;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Ingest;

/// <summary>Events on their way into batches: with senders and takers on all processors, with two pumps that are woken at once, and with no room left.</summary>
public sealed class EventQueueTests
{
    static readonly AcceptedEvent One = new("a", "page_viewed", 0, 0, []);

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
        Lane[] lanes = Enum.GetValues<Lane>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 10_000; i++) await queue.AddAsync([One with { Lane = lanes[i % lanes.Length] }], CancellationToken.None);
        })));
        queue.Waiting.ShouldBe(0);
        await stop.CancelAsync();
        await Task.WhenAll(takers);
    }

    [Fact]
    public void Pump_that_takes_what_another_was_woken_for_does_not_wait_for_more()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var world = new World(seed);
            using var queue = new EventQueue();
            int taken = 0;
            for (int pump = 0; pump < 2; pump++) world.Begin(async () => taken += (await queue.TakeAsync(1000, default)).Sum(t => t.Events.Count));
            world.Begin(async () =>
            {
                await Task.Yield();
                await Task.Yield();
                foreach (string id in new[] { "a", "b" }) _ = queue.AddAsync([One with { Id = id }], default);
            });
            world.Run(() => true);
            taken.ShouldBe(2, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(Lane.Fresh)]
    [InlineData(Lane.Bulk)]
    public async Task Senders_from_outside_leave_a_tenth_of_the_room_to_reports_and_wishes(Lane outside)
    {
        using var queue = new EventQueue { Capacity = 20 };
        for (int i = 0; i < 18; i++) _ = queue.AddAsync([One with { Lane = outside }], default);

        queue.AddAsync([One with { Lane = Lane.Fresh }], default).Exception.ShouldNotBeNull().InnerException.ShouldBeOfType<QueueFullException>();
        queue.AddAsync([One with { Lane = Lane.Bulk }], default).Exception.ShouldNotBeNull().InnerException.ShouldBeOfType<QueueFullException>();

        Task report = queue.AddAsync([One with { Lane = Lane.Reported }], default), wish = queue.AddAsync([One with { Lane = Lane.Wish }], default);
        queue.Waiting.ShouldBe(20);
        queue.AddAsync([One with { Lane = Lane.Wish }], default).Exception.ShouldNotBeNull().InnerException.ShouldBeOfType<QueueFullException>();
        queue.Settle(await queue.TakeAsync(20, default), null);
        await Task.WhenAll(report, wish);
    }

    [Fact]
    public async Task What_people_wish_goes_ahead_of_what_came_before()
    {
        using var queue = new EventQueue();
        foreach (Lane lane in new[] { Lane.Fresh, Lane.Reported, Lane.Bulk, Lane.Wish }) _ = queue.AddAsync([One with { Lane = lane }], default);

        (await queue.TakeAsync(1, default)).ShouldHaveSingleItem().Events.ShouldHaveSingleItem().Lane.ShouldBe(Lane.Wish);
    }
}
