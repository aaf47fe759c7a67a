using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Demonstration;

public sealed class DemonstrationTests
{
    [Fact]
    public async Task The_demonstration_sees_every_outcome_that_it_promises()
    {
        await using ProgramProcess program = Start();

        int code = await program.WaitForExitAsync(TimeSpan.FromMinutes(3));

        code.ShouldBe(0, program.Output);
        program.Lines.Count(l => l.TrimStart().StartsWith('✓')).ShouldBe(17, program.Output);
        program.Lines.Count(l => l.TrimStart().StartsWith('✗')).ShouldBe(0, program.Output);
    }

    [Fact]
    public async Task The_demonstration_fails_and_says_what_was_not_seen_when_a_definition_is_missing()
    {
        // No definition says anything about carts here.
        using var folder = new DefinitionFolder("segment-decision-makers.json", "policy-courtesy.json");
        await using ProgramProcess program = Start("--definitions", folder.Path);

        int code = await program.WaitForExitAsync(TimeSpan.FromMinutes(5));

        code.ShouldNotBe(0, program.Output);
        program.Lines.ShouldContain(l => l.Contains('✗'), program.Output);
        // What does not depend on the missing ones is seen all the same.
        program.Lines.ShouldContain(l => l.Contains("✓ Clara is in the segment of decision makers"), program.Output);
    }

    static ProgramProcess Start(params string[] more) => ProgramProcess.Start(
        BuiltProgram.Find("tools/Sandbox", "CrmBehavior.Sandbox"), ["--exit", "--port", Text(FreePort.Next()), "--service-port", Text(FreePort.Next()), .. more]);

    static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
