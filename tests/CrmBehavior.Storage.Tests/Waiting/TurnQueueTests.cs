using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Waiting;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Waiting;

public sealed class TurnQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Turns_are_given_in_the_order_in_which_they_were_asked_for()
    {
        var queue = new TurnQueue();
        await queue.TakeAsync(Long, default);
        var order = new List<int>();
        async Task AskAsync(Task turn, int number)
        {
            await turn;
            order.Add(number);
            queue.Pass();
        }

        Task[] asking = [.. Enumerable.Range(0, 20).Select(n => AskAsync(queue.TakeAsync(Long, default), n))];
        queue.Pass();
        await Task.WhenAll(asking);
        order.ShouldBe(Enumerable.Range(0, 20));
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_turn_to_the_next()
    {
        var queue = new TurnQueue();
        await queue.TakeAsync(Long, default);
        using var patience = new CancellationTokenSource();
        Task impatient = queue.TakeAsync(Long, patience.Token), next = queue.TakeAsync(Long, default);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        queue.Waiting.ShouldBe(1);
        queue.Pass();
        await next;
        queue.Pass();
        await queue.TakeAsync(Long, default);
    }

    [Fact]
    public async Task Turn_that_does_not_come_in_time_is_given_up()
    {
        var queue = new TurnQueue();
        await queue.TakeAsync(Long, default);
        await Should.ThrowAsync<TimeoutException>(queue.TakeAsync(TimeSpan.FromMilliseconds(1), default));
        queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Turn_is_never_two_callers_at_once_nor_lost_when_many_give_up()
    {
        var queue = new TurnQueue();
        int inside = 0, turns = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(async () =>
        {
            using var patience = new CancellationTokenSource();
            if (n % 3 == 0) patience.CancelAfter(TimeSpan.FromMilliseconds(n % 7));
            try
            {
                await queue.TakeAsync(Long, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            Interlocked.Increment(ref inside).ShouldBe(1);
            await Task.Yield();
            Interlocked.Increment(ref turns);
            Interlocked.Decrement(ref inside);
            queue.Pass();
        })));
        turns.ShouldBeGreaterThan(100);
        await queue.TakeAsync(Long, default);
    }
}
