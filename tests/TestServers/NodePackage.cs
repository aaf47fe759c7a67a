using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace CrmBehavior.TestServers;

/// <summary>Clients of others from npm, installed into a temporary folder from the lock file that lies beside the scripts that use them.</summary>
public sealed class NodePackage : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("npm-clients-").FullName;

    NodePackage()
    {
    }

    /// <summary>Why they cannot run; null when they can.</summary>
    public string? Missing { get; private set; }

    /// <summary>Installs what a folder's lock file names.</summary>
    /// <param name="scripts">The folder with package.json, package-lock.json and the scripts.</param>
    /// <returns>The package; see <see cref="Missing"/>.</returns>
    public static async Task<NodePackage> InstallAsync(string scripts)
    {
        var package = new NodePackage();
        foreach (string file in Directory.GetFiles(scripts)) File.Copy(file, Path.Combine(package.folder, Path.GetFileName(file)));
        try
        {
            await package.RunAsync("node", ["--version"], []);
            (int code, _, string errors) = await package.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], []);
            if (code != 0) package.Missing = "npm ci failed (is a registry reachable?): " + errors[..Math.Min(errors.Length, 500)];
        }
        catch (Win32Exception e)
        {
            package.Missing = "node and npm are not installed: " + e.Message;
        }
        return package;
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">Its file name.</param>
    /// <param name="environment">Variables for it.</param>
    /// <returns>The JSON that its last line is.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it complained of.</exception>
    public async Task<JsonNode> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        (int code, string output, string errors) = await RunAsync("node", [script], environment);
        if (code != 0) throw new InvalidOperationException($"{script} failed: {errors}");
        string last = output.TrimEnd()[(output.TrimEnd().LastIndexOf('\n') + 1)..];
        return JsonNode.Parse(last)!;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
