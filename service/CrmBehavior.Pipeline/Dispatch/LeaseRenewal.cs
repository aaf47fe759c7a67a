using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Keeps effects for as long as work on them lasts: leases are short, so that a dead process's work moves soon, and are renewed by a living one.</summary>
internal sealed class LeaseRenewal
{
    readonly DispatchOptions times;
    long renewed;

    LeaseRenewal(DispatchOptions times, long leased)
    {
        this.times = times;
        renewed = leased;
    }

    /// <summary>
    /// Whether the leases may have run out: this process, or its way to the store, stood still. Then nothing may be written any more; it
    /// would end when somebody else has written something newer.
    /// </summary>
    public bool HasLapsed => times.Time.GetElapsedTime(Volatile.Read(ref renewed)) >= times.Lease;

    /// <summary>Does some work and renews leases meanwhile, at a third of their length.</summary>
    /// <param name="outbox">Where the effects are.</param>
    /// <param name="leased">The effects.</param>
    /// <param name="times">How long leases last, and by which clock.</param>
    /// <param name="asked">When they were asked for, by that clock's timestamp.</param>
    /// <param name="work">The work; it asks whether the leases still hold before it does what cannot be undone.</param>
    /// <param name="cancellation">Ends the renewing; the work has it too.</param>
    /// <returns>What the work gives.</returns>
    public static async Task<T> WhileAsync<T>(IOutbox outbox, IReadOnlyCollection<LeasedEffect> leased, DispatchOptions times, long asked, Func<LeaseRenewal, Task<T>> work, CancellationToken cancellation)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var renewal = new LeaseRenewal(times, asked);
        Task renewing = renewal.RenewAsync(outbox, leased, done.Token);
        try
        {
            return await work(renewal);
        }
        finally
        {
            done.Cancel();
            await renewing;
        }
    }

    async Task RenewAsync(IOutbox outbox, IReadOnlyCollection<LeasedEffect> leased, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(times.Lease / 3, times.Time, done);
                long asked = times.Time.GetTimestamp();
                // What has run out cannot be renewed: somebody else may hold it.
                if (HasLapsed) return;
                await outbox.RenewAsync(leased, times.Lease, done);
                Volatile.Write(ref renewed, asked);
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
        catch (StoreUnavailableException)
        {
            // The lease runs out; whoever takes the effects over does them again, which changes nothing.
        }
    }
}
