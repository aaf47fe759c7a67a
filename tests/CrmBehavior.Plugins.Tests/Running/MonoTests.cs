using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Running;

/// <summary>The DLL that ships, on a .NET Framework runtime.</summary>
public sealed class MonoTests
{
    [SkippableFact]
    public void Shipped_dll_lives_through_a_contact_a_definition_and_questions()
    {
        string? mono = Mono();
        Skip.If(mono == null, "mono is not on PATH; install mono-runtime and mono-devel to run the net462 DLL here");

        using Process process = Process.Start(new ProcessStartInfo(mono!, [Shipped.Host]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();

        process.ExitCode.ShouldBe(0, errors);
        lines[0].ShouldStartWith("event: {\"v\":1,");
        lines[0].ShouldContain("\"email\":\"ada@example.com\"");
        lines[0].ShouldContain("\"creditlimit\":250.5");
        lines[1..^1].ShouldBe(
        [
            "posted: context",
            "version: 2",
            "diff: First version.",
            "diff: when › gte: 3 became 5",
            "refused: crmb_json, line 2, column 9 (in /name): the number is too large.",
            "explained: POST /api/crm/explain with a signature of 67 letters",
        ]);
        lines[^1].ShouldMatch(@"^away: The behaviour service at localhost:\d+ cannot be reached $");
    }

    static string? Mono() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "mono"))
        .FirstOrDefault(File.Exists);
}
