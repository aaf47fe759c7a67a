using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;

namespace CrmBehavior.Storage.Tests;

/// <summary>A store with its three sides.</summary>
public sealed record OpenStore(IProfileStore Profiles, IOutbox Outbox, IServiceStore Service, IAsyncDisposable Whole) : IAsyncDisposable
{
    public static OpenStore Of(SqliteStore store) => new(store, store, store, store);

    public static OpenStore Of(PostgresStore store) => new(store, store, store, store);

    public static OpenStore Of(MemoryStore store) => new(store, store, store, new Nothing());

    /// <summary>Opens a batch, lets it be filled, and commits it.</summary>
    public async Task CommitAsync(IReadOnlyCollection<Guid> contacts, Action<ProfileCommit> fill) => await CommitAsync(contacts, [], (_, commit) => fill(commit));

    /// <summary>Opens a batch, lets it be filled, and commits it.</summary>
    public async Task CommitAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, Action<IProfileBatch, ProfileCommit> fill)
    {
        await using IProfileBatch batch = await Profiles.OpenAsync(contacts, visitors, default);
        var commit = new ProfileCommit();
        fill(batch, commit);
        await batch.CommitAsync(commit, default);
    }

    /// <summary>The whole log of a contact.</summary>
    public async Task<List<LoggedEvent>> LogAsync(Guid contact)
    {
        var log = new List<LoggedEvent>();
        await foreach (LoggedEvent logged in Profiles.ReadLogAsync(contact, default)) log.Add(logged);
        return log;
    }

    /// <summary>What is kept of visitors.</summary>
    public async Task<IReadOnlyList<KeptEvent>> KeptAsync(params string[] visitors)
    {
        await using IProfileBatch batch = await Profiles.OpenAsync([], visitors, default);
        return await batch.ReadKeptAsync(visitors, default);
    }

    public ValueTask DisposeAsync() => Whole.DisposeAsync();

    /// <summary>What has nothing to give back.</summary>
    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
