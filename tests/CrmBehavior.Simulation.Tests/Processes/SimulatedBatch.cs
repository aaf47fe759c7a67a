using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Planted;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>A batch over a wire; it ends with its connection.</summary>
public sealed class SimulatedBatch(Simulation simulation, SimulatedStore store, IProfileBatch inner, Sabotage sabotage) : IProfileBatch
{
    bool isRolledBack;

    /// <summary>Whether a commit is on its way.</summary>
    public bool IsCommitting { get; private set; }

    public IReadOnlyDictionary<Guid, Profile> Profiles => inner.Profiles;

    public IReadOnlyDictionary<string, Guid> Claims => inner.Claims;

    public Task<IReadOnlySet<EventKey>> FindSeenAsync(IReadOnlyCollection<EventKey> keys, CancellationToken cancellation) => store.ReadAsync("seen", () => sabotage.SeenAsync(inner, keys));

    public Task<IReadOnlyList<KeptEvent>> ReadKeptAsync(IReadOnlyCollection<string> visitors, CancellationToken cancellation) => store.ReadAsync("kept", () => sabotage.KeptAsync(inner, visitors));

    public Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(Guid contact, CancellationToken cancellation) => store.ReadAsync("log", () => inner.ReadLogAsync(contact, default));

    public Task CommitAsync(ProfileCommit commit, CancellationToken cancellation)
    {
        IsCommitting = true;
        return store.WriteAsync(
            $"commit {commit.Events.Count} {commit.Decisions.Count} {commit.Effects.Count}",
            async () =>
            {
                // Its connection broke before it arrived.
                if (isRolledBack) throw new StoreUnavailableException("the connection was closed", isTransient: true);
                await sabotage.CommitAsync(inner, commit);
                simulation.Observer.Committed(commit);
                store.Forget(this);
            },
            () => _ = RollBackAsync());
    }

    public async Task RollBackAsync()
    {
        isRolledBack = true;
        store.Forget(this);
        await inner.DisposeAsync();
        simulation.Nudge();
    }

    public async ValueTask DisposeAsync()
    {
        if (!isRolledBack) await RollBackAsync();
    }
}
