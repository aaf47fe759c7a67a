using System;
using System.Net.Http;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Mail.Links;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Clock;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Telemetry;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Startup;

/// <summary>What must stand before anything else can: the store with its schema, the clock, and the secrets that the store keeps.</summary>
internal sealed class Foundation : IAsyncDisposable
{
    /// <summary>How long a store is waited for that does not answer yet.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly IAsyncDisposable store;

    Foundation(IAsyncDisposable store, TimeProvider clock, LinkTokens links)
    {
        this.store = store;
        Clock = clock;
        Links = links;
    }

    public IProfileStore Profiles => (IProfileStore)store;

    public IOutbox Outbox => (IOutbox)store;

    public IServiceStore Service => (IServiceStore)store;

    /// <summary>The product's clock: the machine's, or a sandbox's.</summary>
    public TimeProvider Clock { get; }

    public LinkTokens Links { get; }

    /// <summary>Opens the store and brings it up to this version.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer, or cannot be used.</exception>
    /// <exception cref="HttpRequestException">The sandbox that the settings name does not answer.</exception>
    public static async Task<Foundation> LayAsync(ServiceSettings settings, ILogger log, CancellationToken cancellation)
    {
        IAsyncDisposable store = Open(settings);
        var service = (IServiceStore)store;
        await MigrateAsync(service, log, cancellation);
        string secret = await service.EnsureSettingAsync("links.secret", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellation);
        TimeProvider clock = TimeProvider.System;
        if (settings.Sandbox is { } sandbox)
        {
            var shared = new SandboxTime();
            using var http = new HttpClient();
            await shared.FollowAsync(http, sandbox, cancellation);
            clock = shared;
        }
        return new Foundation(store, clock, new LinkTokens([new LinkKey(1, Convert.FromBase64String(secret))]));
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    static IAsyncDisposable Open(ServiceSettings settings)
    {
        string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
        try
        {
            return Open(settings, owner);
        }
        catch (ArgumentException e)
        {
            throw new SettingException([$"Store:ConnectionString is not usable for {(settings.IsPostgres ? "PostgreSQL" : "SQLite")}: {e.Message.TrimEnd('.')}"]);
        }
    }

    static IAsyncDisposable Open(ServiceSettings settings, string owner) =>
        settings.IsPostgres
            ? PostgresStore.Open(new PostgresStoreOptions { ConnectionString = settings.StoreConnection, LeaseOwner = owner, ErasureKey = settings.ErasureKey })
            : SqliteStore.Open(new SqliteStoreOptions { ConnectionString = settings.StoreConnection, LeaseOwner = owner, ErasureKey = settings.ErasureKey });

    static async Task MigrateAsync(IServiceStore store, ILogger log, CancellationToken cancellation)
    {
        var begun = DateTimeOffset.UtcNow;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await store.MigrateAsync(cancellation);
                return;
            }
            catch (StoreUnavailableException e) when (e.IsTransient && DateTimeOffset.UtcNow - begun < Patience)
            {
                TimeSpan wait = Backoff.After(Math.Min(attempt, 3), Random.Shared.NextDouble());
                log.WorkerRetries("Opening the store", e.Message, wait.TotalSeconds);
                await Task.Delay(wait, cancellation);
            }
        }
    }
}
