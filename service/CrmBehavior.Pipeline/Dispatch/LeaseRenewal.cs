using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Keeps effects for as long as work on them lasts: leases are short, so that a dead process's work moves soon, and are renewed by a living one.</summary>
internal static class LeaseRenewal
{
    /// <summary>Does some work and renews leases meanwhile, at a third of their length.</summary>
    /// <param name="outbox">Where the effects are.</param>
    /// <param name="leased">The effects.</param>
    /// <param name="times">How long leases last, and by which clock.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Ends the renewing; the work has it too.</param>
    /// <returns>What the work gives.</returns>
    public static async Task<T> WhileAsync<T>(IOutbox outbox, IReadOnlyCollection<LeasedEffect> leased, DispatchOptions times, Func<Task<T>> work, CancellationToken cancellation)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task renewing = RenewAsync(outbox, leased, times, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            done.Cancel();
            await renewing;
        }
    }

    static async Task RenewAsync(IOutbox outbox, IReadOnlyCollection<LeasedEffect> leased, DispatchOptions times, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(times.Lease / 3, times.Time, done);
                await outbox.RenewAsync(leased, times.Lease, done);
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
