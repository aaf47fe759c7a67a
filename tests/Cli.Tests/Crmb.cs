using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace CrmBehavior.Cli.Tests;

/// <summary>Runs crmb as its users do: a process with arguments, input, output and an exit code.</summary>
internal static class Crmb
{
    /// <summary>Folder of a small shop: six definitions, and events of two contacts.</summary>
    public static string Shop { get; } = Path.Combine(AppContext.BaseDirectory, "Shop");

    public static string Definitions { get; } = Path.Combine(Shop, "Definitions");

    public static string Events { get; } = Path.Combine(Shop, "events.ndjson");

    public static Task<Result> RunAsync(params string[] arguments) => RunAsync(arguments, null, null);

    public static async Task<Result> RunAsync(string[] arguments, string? input, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "crmb.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (input != null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Result(process.ExitCode, await output, await errors);
    }

    /// <summary>How a run came out.</summary>
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
