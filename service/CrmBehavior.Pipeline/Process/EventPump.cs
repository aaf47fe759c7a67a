using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Takes events from the queue into batches, one batch after the other.</summary>
public sealed class EventPump(EventQueue queue, ContactProcessor processor, TimeProvider clock)
{
    /// <summary>Events in a batch at most, as near as the senders' own groups allow.</summary>
    const int BatchSize = 1000;

    /// <summary>Takes one batch in, waiting for the first event.</summary>
    /// <param name="cancellation">Stops waiting, and gives up the batch.</param>
    /// <returns>When it is durable, and those who wait have been told.</returns>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        List<EventQueue.Ticket> tickets = await queue.TakeAsync(BatchSize, cancellation);
        try
        {
            AcceptedEvent[] events = [.. tickets.SelectMany(t => t.Events)];
            using (PipelineTelemetry.Traces.StartActivity("commit batch")?.SetTag("crmb.events", events.Length)) await processor.ProcessAsync(events, cancellation);
            queue.Settle(tickets, null);
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (AcceptedEvent taken in events) PipelineTelemetry.Lagged(now - taken.ReceivedAt);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // Whoever waits is told, and sends again; the events are nowhere else.
            queue.Settle(tickets, e);
            throw;
        }
        catch (Exception e) when (tickets.Count == 1)
        {
            queue.Settle(tickets, e);
            throw;
        }
        catch (Exception)
        {
            await OneByOneAsync(tickets, cancellation);
        }
    }

    /// <summary>One that cannot be taken in must not keep its neighbours out.</summary>
    async Task OneByOneAsync(List<EventQueue.Ticket> tickets, CancellationToken cancellation)
    {
        Exception? last = null;
        foreach (EventQueue.Ticket ticket in tickets)
        {
            try
            {
                await processor.ProcessAsync(ticket.Events, cancellation);
                queue.Settle([ticket], null);
            }
            catch (Exception e)
            {
                queue.Settle([ticket], e);
                last = e;
            }
        }
        if (last != null) ExceptionDispatchInfo.Throw(last);
    }
}
