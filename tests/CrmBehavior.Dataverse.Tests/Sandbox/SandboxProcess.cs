using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Sandbox;

/// <summary>The sandbox as a process of its own, stand-ins only; started once for a test class. Missing when it has not been built.</summary>
public sealed class SandboxProcess : IAsyncLifetime
{
    Process? process;
    string folder = "";

    /// <summary>What it printed: settings by name.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Why there is none, or null.</summary>
    public string? Missing { get; private set; }

    public HttpClient Http { get; } = new();

    public string Url => Settings["Crm__Url"];

    public async Task InitializeAsync()
    {
        if (FindProgram() is not { } program)
        {
            Missing = "The sandbox is not built: dotnet build solution, then dotnet build tools/Sandbox.";
            return;
        }
        folder = Directory.CreateTempSubdirectory("crmb-gateway-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[program, "--no-service", "--port", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", folder]) start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return;
            string[] setting = line.Split('=', 2);
            if (setting.Length == 2) Settings[setting[0]] = setting[1];
        }
        Missing = "The sandbox ended before it was ready.";
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (process is not null)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
    }

    // The same configuration as these tests, else the other one.
    static string? FindProgram()
    {
        string own = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "CrmBehavior.sln"))) continue;
            string tools = Path.Combine(at.FullName, "tools", "Sandbox", "bin");
            return ((string[])[own, "Debug", "Release"]).Select(c => Path.Combine(tools, c, "net10.0"))
                .Where(f => File.Exists(Path.Combine(f, "CrmBehavior_managed.zip"))).Select(f => Path.Combine(f, "CrmBehavior.Sandbox.dll")).FirstOrDefault(File.Exists);
        }
        return null;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
