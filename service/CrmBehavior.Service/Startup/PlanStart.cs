using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using Microsoft.Extensions.Hosting;

namespace CrmBehavior.Service.Startup;

/// <summary>Puts the stored plan in force before any worker runs, so that the service works also while the CRM is away.</summary>
internal sealed class PlanStart(DefinitionFollower follower) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => follower.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
