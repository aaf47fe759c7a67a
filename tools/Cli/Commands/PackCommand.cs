using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Packing;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb pack [--managed] --out ZIP</c></summary>
internal static class PackCommand
{
    const string Sources = "solution/CrmBehavior", Plugin = "plugins/CrmBehavior.Plugins";

    public static Command Make()
    {
        var managed = new Option<bool>("--managed") { Description = "The managed form, which customers install." };
        var output = new Option<string>("--out") { Description = "Path of the zip.", Required = true };
        var solution = new Option<string?>("--solution") { Description = $"Folder of the solution's sources; by default {Sources} of the checkout." };
        var plugin = new Option<string?>("--plugin") { Description = "The built plugin; by default it is built from the checkout." };
        var version = new Option<string?>("--version") { Description = "Version of the solution; by default that of the checkout." };
        var command = new Command("pack", "Makes the solution zip from its sources and the built plugin.") { managed, output, solution, plugin, version };
        command.SetAction(r => Run(r.GetValue(managed), r.GetValue(output)!, r.GetValue(solution), r.GetValue(plugin), r.GetValue(version)));
        return command;
    }

    static int Run(bool managed, string output, string? solution, string? plugin, string? version)
    {
        string? checkout = solution != null && plugin != null && version != null ? null : Checkout();
        string sources = solution ?? Path.Combine(checkout!, Sources);
        if (!File.Exists(Path.Combine(sources, "Other", "Solution.xml"))) throw new CliException($"{sources} has no Other/Solution.xml; --solution is the folder of the solution's sources");
        string dll = plugin ?? Built(checkout!);
        if (!File.Exists(dll)) throw new CliException($"{dll} is not there; build the plugin with \"dotnet build {Plugin} -c Shipped -f net462\", or leave --plugin out");
        try
        {
            Version number = SolutionPackage.ParseVersion(version ?? VersionOf(checkout!));
            IReadOnlyList<Finding> findings = SolutionLint.CheckSources(sources, dll, number);
            if (findings.Count > 0) throw new CliException(string.Join(Environment.NewLine, findings.Select(f => f.ToString(Path.Combine(sources, f.Place.File))))) { ExitCode = 1 };
            byte[] zip = SolutionPackage.Pack(sources, dll, number, managed);
            string path = Path.GetFullPath(output);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, zip);
            Console.Out.WriteLine($"{path}: {(managed ? "managed" : "unmanaged")} solution {number}, {zip.Length:N0} bytes");
            return 0;
        }
        catch (Exception e) when (e is SolutionFormatException or FormatException)
        {
            throw new CliException(e.Message) { ExitCode = 1 };
        }
    }

    /// <summary>The checkout that this runs in: the folder with CrmBehavior.sln, upwards from here or from the program.</summary>
    static string Checkout()
    {
        foreach (string start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder != null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "CrmBehavior.sln"))) return folder.FullName;
            }
        }
        throw new CliException("this is no checkout of CrmBehavior; say --solution FOLDER, --plugin DLL and --version X.Y.Z");
    }

    static string VersionOf(string checkout) => XDocument.Load(Path.Combine(checkout, "Directory.Build.props")).Descendants("Version").First().Value;

    /// <summary>Builds the plugin as the solution's own build does: optimised, without symbols, so that every machine makes the same zip.</summary>
    static string Built(string checkout)
    {
        string project = Path.Combine(checkout, Plugin, "CrmBehavior.Plugins.csproj");
        Console.Error.WriteLine("building the plugin …");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, WorkingDirectory = checkout };
        foreach (string argument in new[] { "build", project, "--nologo", "-v", "q", "-c", "Shipped", "-f", "net462", "-p:Optimize=true", "-p:DebugType=none" }) start.ArgumentList.Add(argument);
        using Process build = Process.Start(start)!;
        string messages = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0) throw new CliException($"the plugin cannot be built:{Environment.NewLine}{messages}") { ExitCode = 1 };
        return Path.Combine(checkout, Plugin, "bin", "Shipped", "net462", "CrmBehavior.Plugins.dll");
    }
}
