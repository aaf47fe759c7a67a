using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ThirdParty;

/// <summary>Clients of others from npm, installed once into a temporary folder from the lock file beside the tests.</summary>
public sealed class NodeClients : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("sandbox-clients-").FullName;

    /// <summary>Why they cannot run; null when they can.</summary>
    public string? Missing { get; private set; }

    public async Task InitializeAsync()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "clients")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        try
        {
            await RunAsync("node", ["--version"], []);
            (int code, _, string errors) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], []);
            if (code != 0) Missing = "npm ci failed (is a registry reachable?): " + errors[..Math.Min(errors.Length, 500)];
        }
        catch (Win32Exception e)
        {
            Missing = "node and npm are not installed: " + e.Message;
        }
    }

    /// <summary>Runs a script; answers the JSON object it prints.</summary>
    public async Task<JsonNode> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        (int code, string output, string errors) = await RunAsync("node", [script], environment);
        if (code != 0) throw new InvalidOperationException($"{script} failed: {errors}");
        string last = output.TrimEnd()[(output.TrimEnd().LastIndexOf('\n') + 1)..];
        return JsonNode.Parse(last)!;
    }

    async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(
            program, arguments)
        { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}
