using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;

namespace CrmBehavior.Dataverse.Throttling;

/// <summary>
/// What every request of the process passes: it is shut as long as the CRM asks to be left alone, and lets in as many at once as the CRM
/// takes gladly. Source: Microsoft's "Service protection API limits".
/// </summary>
sealed class ProtectionGate(TimeProvider time)
{
    /// <summary>The platform refuses more than this at once from one user.</summary>
    const int Most = 52;

    const int FirstCeiling = 16;
    static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(5);

    readonly Lock state = new();
    readonly Queue<TaskCompletionSource> waiting = new();
    double limit = 4;
    int ceiling = FirstCeiling;
    int running;
    int refusals;
    long closedAt;
    TimeSpan closedFor;

    /// <summary>How many run, how many may, and how long it is still shut.</summary>
    public (int Running, int Limit, TimeSpan Closed) Load
    {
        get { lock (state) return (running, (int)limit, Closed()); }
    }

    /// <summary>Waits to be let in.</summary>
    /// <param name="patience">How long it may wait for a shut gate.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The permit and how long a shut gate was waited for; or no permit, and how long it is shut.</returns>
    public async Task<(Permit? Permit, TimeSpan Waited, TimeSpan Closed)> EnterAsync(TimeSpan patience, CancellationToken cancellation)
    {
        TimeSpan waited = TimeSpan.Zero;
        while (true)
        {
            TaskCompletionSource? turn = null;
            TimeSpan closed;
            lock (state)
            {
                closed = Closed();
                if (closed == TimeSpan.Zero)
                {
                    if (running < (int)limit)
                    {
                        running++;
                        return (new Permit(this), waited, TimeSpan.Zero);
                    }
                    turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    waiting.Enqueue(turn);
                }
                else if (waited + closed > patience) return (null, waited, closed);
            }
            if (turn is not null)
            {
                await TakeTurnAsync(turn, cancellation);
                continue;
            }
            await Task.Delay(closed, time, cancellation);
            waited += closed;
        }
    }

    async Task TakeTurnAsync(TaskCompletionSource turn, CancellationToken cancellation)
    {
        try
        {
            await turn.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A turn that came at the same moment goes to the next in line.
            if (!turn.TrySetCanceled(CancellationToken.None))
                lock (state) Wake();
            throw;
        }
    }

    /// <summary>The CRM refused to look at a request.</summary>
    /// <param name="retryAfter">What it asks for, or null.</param>
    /// <param name="code">Which limit it was.</param>
    /// <returns>How long the gate is shut for it.</returns>
    public TimeSpan Throttled(TimeSpan? retryAfter, string? code)
    {
        lock (state)
        {
            refusals++;
            if (code == ErrorCodes.ThrottledByConcurrency) limit = Math.Max(1, limit / 2);
            TimeSpan wait = retryAfter ?? Shorter(Unsaid * Math.Pow(2, Math.Min(refusals - 1, 10)), Longest);
            if (wait > Closed()) (closedAt, closedFor) = (time.GetTimestamp(), wait);
            return wait;
        }
    }

    /// <summary>The CRM took a request.</summary>
    /// <param name="hint">How many at once it recommends, or null.</param>
    public void Answered(int? hint)
    {
        lock (state)
        {
            refusals = 0;
            if (hint is { } recommended) ceiling = Math.Clamp(recommended, 1, Most);
            // One more for each round of answers: slow enough for the CRM's own hint to catch up.
            limit = Math.Min(ceiling, limit + 1 / limit);
        }
    }

    TimeSpan Closed()
    {
        if (closedFor == TimeSpan.Zero) return TimeSpan.Zero;
        TimeSpan left = closedFor - time.GetElapsedTime(closedAt);
        if (left > TimeSpan.Zero) return left;
        closedFor = TimeSpan.Zero;
        return TimeSpan.Zero;
    }

    void Leave()
    {
        lock (state)
        {
            running--;
            Wake();
        }
    }

    void Wake()
    {
        // Before a shut gate everybody decides for himself how long to wait.
        int free = Closed() > TimeSpan.Zero ? int.MaxValue : (int)limit - running;
        while (free > 0 && waiting.TryDequeue(out TaskCompletionSource? next))
            if (next.TrySetResult()) free--;
    }

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Leave to send one request.</summary>
    public sealed class Permit(ProtectionGate gate) : IDisposable
    {
        bool left;

        public void Dispose()
        {
            if (left) return;
            left = true;
            gate.Leave();
        }
    }
}
