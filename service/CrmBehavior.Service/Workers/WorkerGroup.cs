using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace CrmBehavior.Service.Workers;

/// <summary>Several workers of a kind, started and stopped together.</summary>
internal sealed class WorkerGroup(int size, Func<LoopWorker> make) : IHostedService, IDisposable
{
    readonly LoopWorker[] workers = [.. Enumerable.Range(1, size).Select(_ => make())];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(workers.Select(w => w.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(workers.Select(w => w.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (LoopWorker worker in workers) worker.Dispose();
    }
}
