using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Cli.Tests;

/// <summary>crmb explain and backtest.</summary>
public sealed class ExplainCommandTests
{
    static Task<Crmb.Result> ExplainAsync(string contact, string definition, params string[] more) =>
        Crmb.RunAsync(["explain", "--definitions", Crmb.Definitions, "--events", Crmb.Events, "--contact", contact, "--definition", definition, .. more]);

    [Fact]
    public async Task Explain_says_what_is_missing_and_by_when()
    {
        Crmb.Result run = await ExplainAsync("anna", "buying-intent", "--at", "2026-01-05T11:30:00Z");
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain("What is missing: 1 more page view (path begins with \"/pricing\") before 6 January 2026, 10:00 UTC");
    }

    [Fact]
    public async Task Explain_says_why_a_mail_was_held_back()
    {
        Crmb.Result run = await ExplainAsync("anna", "win-back");
        run.Output.ShouldContain("held the mail \"cart\" back for good (step \"mail\"): there is no consent to it. The rule \"courtesy/consent\" says: Mail goes only to contacts who have agreed to its purpose");
    }

    [Fact]
    public async Task Explain_says_which_events_nearly_counted() =>
        (await ExplainAsync("bert", "buying-intent")).Output.ShouldContain("Of 1 \"page_viewed\" event, 1 does not count (path begins with \"/pricing\"): in the latest, on 5 January 2026, 12:30 UTC, path is \"/about\".");

    [Fact]
    public async Task Explain_prints_json_when_asked()
    {
        JsonNode json = JsonNode.Parse((await ExplainAsync("anna", "journey:win-back", "--json")).Output)!;
        ((string?)json["kind"]).ShouldBe("journey");
        ((int)json["standing"]!["entries"]!).ShouldBe(1);
        ((string?)json["standing"]!["obstacles"]!.AsArray().ShouldHaveSingleItem()!["reason"]).ShouldBe("after");
    }

    [Theory]
    [InlineData("ana", "buying-intent", "contact \"ana\" does not occur in")]
    [InlineData("ana", "buying-intent", "Did you mean \"anna\"?")]
    [InlineData("anna", "buying-intend", "there is no definition named \"buying-intend\". Did you mean \"buying-intent\"?")]
    [InlineData("anna", "segment:buying-intent", "there is no segment named \"buying-intent\".")]
    public async Task Explain_of_what_is_not_there_names_what_is_near(string contact, string definition, string told)
    {
        Crmb.Result run = await ExplainAsync(contact, definition);
        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Errors.ShouldContain(told);
    }

    [Fact]
    public async Task Explain_before_the_first_event_says_when_that_is()
    {
        Crmb.Result run = await ExplainAsync("anna", "buying-intent", "--at", "2020-01-01T00:00:00Z");
        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain("its first is at 2026-01-05T10:00:00");
    }

    [Fact]
    public async Task Visitor_events_count_once_he_is_known()
    {
        const string input = """
            {"id":"v1","name":"page_viewed","at":"2026-01-05T10:00:00Z","anonymousId":"v","properties":{"path":"/pricing"}}
            {"id":"v2","name":"page_viewed","at":"2026-01-05T10:01:00Z","anonymousId":"v","properties":{"path":"/pricing"}}
            {"id":"v3","name":"page_viewed","at":"2026-01-05T10:02:00Z","anonymousId":"other","properties":{"path":"/pricing"}}
            {"id":"i","name":"identified","at":"2026-01-05T10:03:00Z","anonymousId":"v","contactId":"anna"}
            """;
        Crmb.Result run = await Crmb.RunAsync(["explain", "--definitions", Crmb.Definitions, "--events", "-", "--contact", "anna", "--definition", "buying-intent", "--json"], input, null);
        ((int)JsonNode.Parse(run.Output)!["standing"]!["when"]!["count"]!).ShouldBe(2);
    }

    [Fact]
    public async Task Backtest_counts_entries_steps_held_mails_and_ends()
    {
        string[] arguments = ["backtest", "--definitions", Crmb.Definitions, "--journey", "win-back", "--events", Crmb.Events];
        JsonNode report = JsonNode.Parse((await Crmb.RunAsync([.. arguments, "--json"])).Output)!;
        Crmb.Result table = await Crmb.RunAsync(arguments);

        ((int)report["enrolled"]!).ShouldBe(1);
        ((int)report["steps"]![0]!["reached"]!).ShouldBe(1);
        ((int)report["messages"]![0]!["sent"]!).ShouldBe(0);
        ((int)report["messages"]![0]!["held"]!["consent courtesy/consent"]!).ShouldBe(1);
        ((int)report["exited"]!["completed"]!).ShouldBe(1);
        table.Output.ShouldContain("1 contacts would have come in, 1 times in all.");
        table.Output.ShouldContain("consent courtesy/consent 1");
    }

    [Theory]
    [InlineData("win-bak", "there is no journey named \"win-bak\". Did you mean \"win-back\"?")]
    [InlineData("win-back", "say what behaviour to use: --events FILE, or --service URL with --days N")]
    public async Task Backtest_of_what_is_not_there_is_told(string journey, string told)
    {
        string[] source = journey == "win-back" ? [] : ["--events", Crmb.Events];
        Crmb.Result run = await Crmb.RunAsync(["backtest", "--definitions", Crmb.Definitions, "--journey", journey, .. source]);
        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain(told);
    }
}
