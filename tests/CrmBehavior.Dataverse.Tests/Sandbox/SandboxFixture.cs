using System.Collections.Generic;
using System.Net.Http;
using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Sandbox;

/// <summary>A sandbox for the tests of a class.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    SandboxProcess? sandbox;

    /// <summary>What it printed: settings by name.</summary>
    public IReadOnlyDictionary<string, string> Settings => sandbox!.Settings;

    public HttpClient Http => sandbox!.Http;

    public string Url => sandbox!.Url;

    public async Task InitializeAsync() => sandbox = await SandboxProcess.StartAsync();

    public async Task DisposeAsync() => await sandbox!.DisposeAsync();
}
