using System;
using System.Linq;
using CrmBehavior.Mail.Templates;
using Shouldly;
using Xunit;
using static CrmBehavior.Mail.Tests.Templates.Texts;

namespace CrmBehavior.Mail.Tests.Templates;

public sealed class BoundTests
{
    readonly HandlebarsRenderer renderer = new();

    static string List(int count) => "{\"a\":[" + string.Join(',', Enumerable.Repeat("1", count)) + "]}";

    [Fact]
    public void A_loop_runs_a_hundred_times_and_no_more()
    {
        renderer.Render("{{#each event.a}}x{{/each}}", Values(json: List(100))).Length.ShouldBe(100);
        Problem(() => renderer.Render("{{#each event.a}}x{{/each}}", Values(json: List(101)))).ShouldBe("{{#each event.a}} has 101 rounds, more than 100; loop over a shorter list.");
    }

    [Fact]
    public void Loops_in_loops_end_too()
    {
        string inner = string.Concat(Enumerable.Repeat("{{#each @root.event.a}}", 5)), close = string.Concat(Enumerable.Repeat("{{/each}}", 5));

        Problem(() => renderer.Render(inner + close, Values(json: List(100)))).ShouldContain("more than 10000 rounds together");
    }

    [Fact]
    public void Output_ends_at_its_bound()
    {
        string json = "{\"t\":\"" + new string('x', 5 * 1024) + "\",\"a\":[" + string.Join(',', Enumerable.Repeat("1", 100)) + "]}";

        renderer.Render("{{#each event.a}}{{@root.event.t}}{{/each}}", Values(json: json)).Length.ShouldBe(500 * 1024);
        Problem(() => renderer.Render("{{#each event.a}}{{@root.event.t}}{{/each}}!", Values(json: json))).ShouldContain("beyond 500 KB");
        Problem(() => renderer.Render("{{#each event.a}}{{@root.event.t}}{{/each}}", Values(json: json.Replace("xx", "€€", StringComparison.Ordinal)))).ShouldContain("beyond 500 KB");
    }

    [Fact]
    public void Nesting_and_source_are_bounded()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{{#if event}}", depth)) + "x" + string.Concat(Enumerable.Repeat("{{/if}}", depth));

        renderer.Render(Nested(20), Values(json: "{\"a\":1}")).ShouldBe("x");
        Problem(() => renderer.Render(Nested(21), Values(json: "{\"a\":1}"))).ShouldContain("nested deeper than 20");
        renderer.Render(new string('a', 200 * 1024), Values()).Length.ShouldBe(200 * 1024);
        Problem(() => renderer.Render(new string('a', 200 * 1024 + 1), Values())).ShouldContain("longer than 200 KB");
    }
}
