using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;

namespace CrmBehavior.Sandbox.Tests.Durability;

/// <summary>The sandbox as a process of its own, started as its users do, so that it can be killed.</summary>
internal sealed class SandboxProcess : IDisposable
{
    readonly Process process;

    SandboxProcess(Process process, string url, IReadOnlyDictionary<string, string> settings)
    {
        this.process = process;
        Url = url;
        Settings = settings;
    }

    public string Url { get; }

    /// <summary>The environment lines it printed.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public static async Task<SandboxProcess> StartAsync(string folder, int port, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(SandboxHost).Assembly.Location, "--no-service", "--port",
            port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", folder, .. more]) start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return new SandboxProcess(process, settings["Crm__Url"], settings);
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) settings[line[..equals]] = line[(equals + 1)..];
        }
        string errors = await process.StandardError.ReadToEndAsync();
        process.Dispose();
        throw new InvalidOperationException("The sandbox did not start: " + errors);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
