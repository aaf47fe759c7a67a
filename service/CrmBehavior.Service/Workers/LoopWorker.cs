using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Bus;
using CrmBehavior.Service.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Workers;

/// <summary>
/// Does one bounded piece of work again and again: at once while there is more, else after a pause or when woken. A failure never ends it;
/// it tries again later, and says so on the health page.
/// </summary>
/// <param name="name">What it is called in logs and on the health page.</param>
/// <param name="runOnce">One piece of work; true when there may be more at once.</param>
/// <param name="pause">How long to rest when there is nothing to do.</param>
/// <param name="health">Where troubles are told.</param>
/// <param name="log">Where they are logged.</param>
internal sealed class LoopWorker(string name, Func<CancellationToken, Task<bool>> runOnce, TimeSpan pause, WorkerHealth health, ILogger log) : BackgroundService
{
    readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>Ends a rest.</summary>
    public void Wake()
    {
        try
        {
            if (wake.CurrentCount == 0) wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was faster.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        int failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                bool more = await runOnce(stoppingToken);
                failures = 0;
                if (health.Recover(name)) log.WorkerRecovered(name);
                if (!more && pause > TimeSpan.Zero) await wake.WaitAsync(pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong in one piece of work, the worker goes on with the next.
            catch (Exception e)
#pragma warning restore CA1031
            {
                TimeSpan wait = Backoff.After(Math.Min(++failures, 6), Random.Shared.NextDouble());
                bool isExpected = e is CrmException or BusException or StoreUnavailableException;
                if (health.Fail(name, e.Message) || failures % 10 == 0)
                {
                    if (isExpected) log.WorkerRetries(name, e.Message, wait.TotalSeconds);
                    else log.WorkerFailed(name, wait.TotalSeconds, e);
                }
                try
                {
                    await Task.Delay(wait, stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }
}
