using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Storage.Waiting;

/// <summary>Gives one caller at a time its turn, in the order in which they came.</summary>
internal sealed class TurnQueue
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> waiting = [];
    private bool isTaken;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    /// <summary>Waits for a turn, to be passed on with <see cref="Pass"/>.</summary>
    /// <exception cref="TimeoutException">It took longer than the limit.</exception>
    public Task TakeAsync(TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place;
        lock (gate)
        {
            if (!isTaken)
            {
                isTaken = true;
                return Task.CompletedTask;
            }
            place = waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        return WaitAsync(place, limit, cancellation);
    }

    /// <summary>Passes the turn on.</summary>
    public void Pass()
    {
        TaskCompletionSource? next = null;
        lock (gate)
        {
            if (waiting.First is { } first)
            {
                waiting.RemoveFirst();
                next = first.Value;
            }
            else
            {
                isTaken = false;
            }
        }
        next?.SetResult();
    }

    private async Task WaitAsync(LinkedListNode<TaskCompletionSource> place, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await place.Value.Task.WaitAsync(limit, cancellation);
        }
        catch
        {
            bool wasGivenMeanwhile;
            lock (gate)
            {
                wasGivenMeanwhile = place.List is null;
                if (!wasGivenMeanwhile) waiting.Remove(place);
            }
            if (wasGivenMeanwhile) Pass();
            throw;
        }
    }
}
