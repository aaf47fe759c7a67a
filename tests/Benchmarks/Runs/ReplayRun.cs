using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using CrmBehavior.Benchmarks.Measure;
using CrmBehavior.Benchmarks.Workload;

namespace CrmBehavior.Benchmarks.Runs;

/// <summary>The whole of <c>crmb replay</c> as a user runs it: a process of its own, from its start to its end, a file in, lines out.</summary>
internal static class ReplayRun
{
    /// <summary>Seconds of processor time of the whole process, all its threads, compiling included.</summary>
    /// <param name="log">The events.</param>
    /// <param name="definitions">How many definitions.</param>
    /// <param name="stats">Whether figures are asked for instead of lines.</param>
    public static (double Seconds, string Output) Measure(EventLog log, int definitions, bool stats)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("crmb-benchmark-");
        try
        {
            string events = Path.Combine(folder.FullName, "events.ndjson"), authored = Path.Combine(folder.FullName, "definitions");
            using (FileStream file = File.Create(events)) log.WriteTo(file);
            Directory.CreateDirectory(authored);
            foreach (JsonObject document in WorkloadDefinitions.Documents(definitions)) File.WriteAllText(Path.Combine(authored, $"{document["name"]}.json"), document.ToJsonString());
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "crmb.dll"), "replay", "--definitions", authored, "--events", events]) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (stats) start.ArgumentList.Add("--stats");
            double began = ProcessorClock.OfChildren;
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = stats ? process.StandardOutput.ReadToEnd() : Count(process.StandardOutput.BaseStream);
            process.WaitForExit();
            if (process.ExitCode != 0) throw new InvalidOperationException($"crmb replay ended with {process.ExitCode}.");
            return (ProcessorClock.OfChildren - began, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Count(Stream stream)
    {
        var buffer = new byte[1 << 16];
        long lines = 0;
        for (int n; (n = stream.Read(buffer)) > 0;) lines += buffer.AsSpan(0, n).Count((byte)'\n');
        return $"{lines:N0} lines";
    }
}
