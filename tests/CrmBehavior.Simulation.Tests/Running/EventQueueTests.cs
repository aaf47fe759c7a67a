using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>What the simulation once found in the queue: two pumps that are woken at once.</summary>
public sealed class EventQueueTests
{
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
                foreach (string id in new[] { "a", "b" }) _ = queue.AddAsync([new AcceptedEvent(id, "page_viewed", 0, 0, [])], default);
            });
            world.Run(() => true);
            taken.ShouldBe(2, $"seed {seed}");
        }
    }
}
