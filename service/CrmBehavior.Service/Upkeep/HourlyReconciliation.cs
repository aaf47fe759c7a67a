using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Reconcile;

namespace CrmBehavior.Service.Upkeep;

/// <summary>Looks for changes that did not arrive once at the start and then every hour of the product's clock.</summary>
internal sealed class HourlyReconciliation(Reconciliation reconciliation, TimeProvider clock)
{
    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Whether a look is due.</summary>
    public bool IsDue => clock.GetUtcNow() >= next;

    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        if (!IsDue) return;
        DateTimeOffset begun = clock.GetUtcNow();
        await reconciliation.RunOnceAsync(cancellation);
        next = begun + Every;
    }
}
