using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Options;

namespace CrmBehavior.Service.Upkeep;

/// <summary>Drops what is older than the settings keep.</summary>
internal sealed class Retention(IProfileStore profiles, ServiceSettings settings, TimeProvider clock)
{
    public Task RunOnceAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return profiles.DropOldAsync(Instant.From(now - settings.KeepEvents), Instant.From(now - settings.KeepKeys), cancellation);
    }
}
