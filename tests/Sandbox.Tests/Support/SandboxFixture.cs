using System;
using System.Net.Http;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>A sandbox in this process on a free port, with the built solution imported; tests that share it use rows of their own.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    SandboxHost? host;

    internal SandboxHost Host => host ?? throw new InvalidOperationException("The sandbox has not started.");

    public string Url => Host.Url;

    internal Crm Crm => new(Url, "sandbox");

    internal Controls Controls => new(Url);

    internal BusClient Bus => new(Url, Host.Bus.KeyName, Host.Bus.Key);

    public async Task InitializeAsync() => host = await SandboxHost.StartAsync(Settings);

    public async Task DisposeAsync()
    {
        if (host is not null) await host.DisposeAsync();
    }

    internal static SandboxSettings Settings => new() { Port = 0, NoService = true, NoDemo = true };

    /// <summary>One of its own for a test that changes what others would see.</summary>
    internal static async Task<SandboxFixture> StartAsync(Func<SandboxSettings, SandboxSettings>? change = null)
    {
        SandboxSettings settings = Settings;
        return new SandboxFixture { host = await SandboxHost.StartAsync(change is null ? settings : change(settings)) };
    }

    internal HttpClient Http() => new() { BaseAddress = new Uri(Url) };
}

/// <summary>Tests that share one sandbox.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSandbox : ICollectionFixture<SandboxFixture>
{
    public const string Name = "shared sandbox";
}
