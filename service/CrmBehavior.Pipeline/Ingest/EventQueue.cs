using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>There is no room for more events; the sender is asked to come again.</summary>
public sealed class QueueFullException : Exception
{
    /// <summary>An exception.</summary>
    public QueueFullException() : base("Too many events are waiting to be taken in; send again in a moment.")
    {
    }
}

/// <summary>
/// Events on their way into a batch. Who adds some waits until they are durable, so nothing is acknowledged that could be lost. What people
/// wish goes first, then fresh behaviour; the other lanes get a share, so that none starves. Senders from outside cannot fill the queue: a tenth
/// of it is left to what the CRM and the mail provider report, and to wishes.
/// </summary>
public sealed class EventQueue : IDisposable
{
    readonly object gate = new();
    readonly Queue<Ticket>[] lanes = [new(), new(), new(), new()];
    readonly SemaphoreSlim arrived = new(0);
    int waiting;

    /// <summary>Events that may wait at most.</summary>
    /// <value>The default is 50,000.</value>
    public int Capacity { get; init; } = 50_000;

    /// <summary>Events that wait.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Some events that were added together.</summary>
    internal sealed record Ticket(IReadOnlyList<AcceptedEvent> Events, TaskCompletionSource Done);

    /// <summary>Adds events and waits until they are durable.</summary>
    /// <param name="events">In order of arrival, of one lane.</param>
    /// <param name="cancellation">Gives up waiting; they are taken in all the same.</param>
    /// <returns>When they are durable.</returns>
    /// <exception cref="QueueFullException">There is no room.</exception>
    public async Task AddAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0) return;
        if (Activity.Current?.Id is { } trace) events = [.. events.Select(e => e.Trace == null ? e with { Trace = trace } : e)];
        var ticket = new Ticket(events, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (waiting + events.Count > RoomFor(events[0].Lane)) throw new QueueFullException();
            // They are counted off without the gate.
            Interlocked.Add(ref waiting, events.Count);
            lanes[(int)events[0].Lane].Enqueue(ticket);
        }
        arrived.Release();
        await ticket.Done.Task.WaitAsync(cancellation);
    }

    /// <summary>Takes the next tickets for a batch, waiting for the first.</summary>
    internal async Task<List<Ticket>> TakeAsync(int most, CancellationToken cancellation)
    {
        while (true)
        {
            await arrived.WaitAsync(cancellation);
            var taken = new List<Ticket>();
            int count = 0;
            lock (gate)
            {
                // Wishes, a tenth of the room for each of the slower lanes, then what is fresh, then whatever there is.
                Take(lanes[(int)Lane.Wish], most, taken, ref count);
                Take(lanes[(int)Lane.Bulk], count + most / 10, taken, ref count);
                Take(lanes[(int)Lane.Reported], count + most / 10, taken, ref count);
                foreach (Queue<Ticket> lane in lanes) Take(lane, most, taken, ref count);
            }
            // Somebody else may have been woken for a ticket that is taken here already: he finds nothing and waits again. Waiting here for
            // what he was told would hold these tickets until the next arrives.
            for (int i = 1; i < taken.Count && arrived.Wait(0, CancellationToken.None); i++)
            {
            }
            if (taken.Count > 0) return taken;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => arrived.Dispose();

    int RoomFor(Lane lane) => lane is Lane.Fresh or Lane.Bulk ? Capacity - Capacity / 10 : Capacity;

    static void Take(Queue<Ticket> lane, int most, List<Ticket> taken, ref int count)
    {
        while (count < most && lane.TryDequeue(out Ticket? ticket))
        {
            taken.Add(ticket);
            count += ticket.Events.Count;
        }
    }

    internal void Settle(List<Ticket> tickets, Exception? failure)
    {
        foreach (Ticket ticket in tickets)
        {
            Interlocked.Add(ref waiting, -ticket.Events.Count);
            if (failure == null) ticket.Done.TrySetResult();
            else ticket.Done.TrySetException(failure);
        }
    }
}
