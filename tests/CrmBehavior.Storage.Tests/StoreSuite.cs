using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Xunit;

namespace CrmBehavior.Storage.Tests;

/// <summary>Tests of a promise that every store makes.</summary>
public abstract class StoreSuite(StoreFixture fixture) : IAsyncLifetime
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly List<OpenStore> opened = [];

    protected StoreFixture Fixture { get; } = fixture;

    protected ManualClock Clock { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (OpenStore store in opened.AsEnumerable().Reverse()) await store.DisposeAsync();
    }

    /// <summary>A store of an empty database, with its schema.</summary>
    protected async Task<OpenStore> FreshAsync(TimeSpan? limit = null)
    {
        await EmptyAsync();
        OpenStore store = Another(limit: limit);
        await store.Service.MigrateAsync(default);
        return store;
    }

    /// <summary>An empty database.</summary>
    protected async Task EmptyAsync()
    {
        Skip.If(Fixture.Missing is not null, Fixture.Missing);
        await Fixture.ClearAsync();
    }

    /// <summary>The same database, opened by another process as it were.</summary>
    protected OpenStore Another(string owner = "one", TimeSpan? limit = null, byte secret = 7)
    {
        OpenStore store = Fixture.Open(owner, Clock, limit ?? Minute, [.. Enumerable.Repeat(secret, 32)]);
        opened.Add(store);
        return store;
    }

    /// <summary>Effects of some kinds that are due, for a minute.</summary>
    protected static Task<IReadOnlyList<LeasedEffect>> LeaseAsync(OpenStore store, params string[] kinds) => store.Outbox.LeaseAsync(kinds, 10, Minute, false, default);

    /// <summary>Commits effects.</summary>
    protected static Task AddAsync(OpenStore store, params Effect[] effects) =>
        store.CommitAsync([.. effects.Select(x => x.Contact).Distinct()], commit => commit.Effects.AddRange(effects));
}
