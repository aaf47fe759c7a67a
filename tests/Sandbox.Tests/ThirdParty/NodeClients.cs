using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ThirdParty;

/// <summary>Clients of others, installed once for all tests that drive the sandbox with them.</summary>
public sealed class NodeClients : IAsyncLifetime
{
    NodePackage? package;

    /// <summary>Why they cannot run; null when they can.</summary>
    public string? Missing => package!.Missing;

    public async Task InitializeAsync() => package = await NodePackage.InstallAsync(Path.Combine(AppContext.BaseDirectory, "clients"));

    /// <summary>Runs a script; answers the JSON object it prints.</summary>
    public Task<JsonNode> RunAsync(string script, params (string Name, string Value)[] environment) => package!.RunAsync(script, environment);

    public Task DisposeAsync()
    {
        package?.Dispose();
        return Task.CompletedTask;
    }
}
