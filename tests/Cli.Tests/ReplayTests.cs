using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Cli.Commands;
using Shouldly;
using Xunit;

namespace CrmBehavior.Cli.Tests;

/// <summary>crmb replay.</summary>
public sealed class ReplayTests
{
    static Task<Crmb.Result> ReplayAsync(params string[] more) => Crmb.RunAsync(["replay", "--definitions", Crmb.Definitions, "--events", Crmb.Events, .. more]);

    [Fact]
    public async Task Decisions_come_as_lines_of_json_in_order_of_time_per_contact()
    {
        Crmb.Result run = await ReplayAsync();
        run.ExitCode.ShouldBe(0, run.Errors);
        JsonNode[] lines = [.. run.Lines.Select(l => JsonNode.Parse(l)!)];
        lines.Select(l => $"{l["contactId"]} {l["definition"]} {l["effect"]}").ShouldBe(
            ["anna buying-intent fired", "anna win-back enrolled", "anna win-back suppressed", "anna win-back exited", "bert vip entered"]);
        ((string?)lines[0]["at"]).ShouldStartWith("2026-01-05T12:00:00");
        lines.ShouldAllBe(l => l["because"] == null);
    }

    [Fact]
    public async Task Until_lets_time_run_on_and_only_names_kinds()
    {
        Crmb.Result run = await ReplayAsync("--until", "2026-02-01T00:00:00Z", "--only", "signal,segment");
        run.Lines.Select(l => (string)JsonNode.Parse(l)!["effect"]!).ShouldBe(["fired", "entered", "ended"], ignoreOrder: true);
        run.Lines.Select(l => (string)JsonNode.Parse(l)!["kind"]!).Distinct().ShouldBe(["signal", "segment"], ignoreOrder: true);
    }

    [Fact]
    public async Task Because_carries_the_condition_with_what_was_observed()
    {
        Crmb.Result run = await ReplayAsync("--because", "--only", "signal");
        JsonNode because = JsonNode.Parse(run.Lines.ShouldHaveSingleItem())!["because"]!;
        ((bool)because["holds"]!).ShouldBeTrue();
        ((int)because["count"]!).ShouldBe(3);
        ((string)because["words"]!).ShouldStartWith("3 or more page views (path begins with \"/pricing\") in the last 24 hours");
        ((string?)because["oldest"]).ShouldStartWith("2026-01-05T10:00:00");
    }

    [Fact]
    public async Task Stats_are_one_line_of_figures_in_place_of_decisions()
    {
        JsonNode stats = JsonNode.Parse((await ReplayAsync("--stats")).Lines.ShouldHaveSingleItem())!;
        ((int)stats["events"]!).ShouldBe(5);
        ((int)stats["contacts"]!).ShouldBe(2);
        ((int)stats["decisions"]!["fired"]!).ShouldBe(1);
        ((double)stats["stateBytesMean"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Standard_input_is_a_file_too()
    {
        Crmb.Result piped = await Crmb.RunAsync(["replay", "--definitions", Crmb.Definitions, "--events", "-"], await File.ReadAllTextAsync(Crmb.Events), null);
        piped.ExitCode.ShouldBe(0, piped.Errors);
        piped.Output.ShouldBe((await ReplayAsync()).Output);
    }

    [Fact]
    public async Task Malformed_lines_are_told_by_number_counted_and_passed_over()
    {
        string[] lines = await File.ReadAllLinesAsync(Crmb.Events);
        string input = string.Join('\n', [lines[0], "{broken", lines[1], """{"id":"x","name":"page_viewed","contactId":"anna"}""", "", """{"id":"y","name":"page_viewed","at":"2026-01-05T10:00:00Z"}""", .. lines[2..]]);
        Crmb.Result run = await Crmb.RunAsync(["replay", "--definitions", Crmb.Definitions, "--events", "-"], input, null);
        run.ExitCode.ShouldBe(3);
        run.Errors.ShouldContain("line 2: ");
        run.Errors.ShouldContain("line 4: ");
        run.Errors.ShouldContain("line 6: \"contactId\" is missing");
        run.Errors.ShouldContain("3 malformed lines");
        run.Output.ShouldBe((await ReplayAsync()).Output);
    }

    [Theory]
    [InlineData("--until", "yesterday", "--until: \"yesterday\" is no RFC 3339 instant")]
    [InlineData("--only", "signals", "--only: \"signals\" is no kind that decides")]
    public async Task Wrong_options_are_told_with_the_mend(string option, string value, string told)
    {
        Crmb.Result run = await ReplayAsync(option, value);
        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain(told);
    }

    [Fact]
    public async Task Missing_file_of_events_is_told() => (await Crmb.RunAsync("replay", "--definitions", Crmb.Definitions, "--events", "nowhere.ndjson")).ExitCode.ShouldBe(2);

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        string file = Path.Combine(Path.GetTempPath(), $"crmb-{Guid.NewGuid():N}.ndjson");
        try
        {
            await File.WriteAllLinesAsync(file, Many(500_000));
            new FileInfo(file).Length.ShouldBeGreaterThan(100L << 20);
            // The heap may take 48 MB, less than half of the file: what grew with it would not fit.
            Crmb.Result run = await Crmb.RunAsync(
                ["replay", "--definitions", Crmb.Definitions, "--events", file, "--only", "score"], null, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x3000000" });
            run.ExitCode.ShouldBe(0, run.Errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static IEnumerable<string> Many(int count)
    {
        string padding = new('x', 100);
        var begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$$"""{"id":"e{{{i}}}","name":"page_viewed","at":"{{{begin.AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ}}}","contactId":"c{{{i % 50}}}","properties":{"path":"/p/{{{i % 7}}}","note":"{{{padding}}}"}}"""));
    }

    [Fact]
    public void Long_runs_show_progress_with_lines_and_share_of_the_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, Enumerable.Repeat(new string('x', 999), 4000));
            var progress = new StringWriter();
            EventLines.Read(file, (_, _, _, _) => { }, progress, new Hasty());
            string[] told = progress.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
            told.Length.ShouldBeGreaterThan(1);
            told[0].ShouldMatch(@"^[\d,]+ lines, \d+ %$");
            told[^1].ShouldEndWith("100 %");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A clock on which every look is three seconds after the last.</summary>
    sealed class Hasty : TimeProvider
    {
        long looks;

        public override long GetTimestamp() => looks++ * 3 * TimestampFrequency;
    }
}
