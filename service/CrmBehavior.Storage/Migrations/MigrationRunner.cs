using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Storage.Migrations;

/// <summary>A database whose schema is brought forward.</summary>
internal interface IMigrationTarget
{
    /// <summary>
    /// In one transaction that no other starter shares: makes the table of steps if there is none, takes the given step unless it has been
    /// taken, and notes it.
    /// </summary>
    /// <returns>The number of the latest step taken, this one included.</returns>
    Task<int> TakeAsync(Migration step, CancellationToken cancellation);
}

/// <summary>Brings a schema up to date step by step; killed half-way, the next start goes on where it stopped.</summary>
internal static class MigrationRunner
{
    /// <exception cref="StoreException">The schema is newer than this program knows.</exception>
    public static async Task RunAsync(IMigrationTarget target, IReadOnlyList<Migration> steps, CancellationToken cancellation)
    {
        int known = steps.Max(x => x.Number);
        foreach (Migration step in steps)
        {
            int latest = await target.TakeAsync(step, cancellation);
            if (latest > known)
            {
                throw new StoreException(
                    $"The database has schema {latest}, and this program knows {known} at most: a newer version has been here. Start that version, or restore a copy from before.",
                    isTransient: false);
            }
        }
    }
}
