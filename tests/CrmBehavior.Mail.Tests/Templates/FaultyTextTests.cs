using CrmBehavior.Mail.Templates;
using Shouldly;
using Xunit;
using static CrmBehavior.Mail.Tests.Templates.Texts;

namespace CrmBehavior.Mail.Tests.Templates;

public sealed class FaultyTextTests
{
    [Theory]
    [InlineData("Hi {{{contact.firstname}}}", "line 1, column 4", "three braces")]
    [InlineData("Hi {{contact.firstname}}}", "line 1, column 4", "three closing braces")]
    [InlineData("Hi {{&contact.firstname}}", "line 1, column 4", "unescaped")]
    [InlineData("a\nb {{#if contact.x}} c\n", "line 2, column 3", "never closed; write {{/if}}")]
    [InlineData("{{#if contact.x}}\n{{#each event.y}}\n{{/if}}{{/each}}", "line 3, column 1", "{{/if}} does not close {{#each}}, opened at line 2, column 1")]
    [InlineData("x {{/if}}", "line 1, column 3", "closes nothing")]
    [InlineData("x {{else}}", "line 1, column 3", "belongs to no block")]
    [InlineData("{{#if contact.x}}{{else}}{{else}}{{/if}}", "line 1, column 26", "has its else already")]
    [InlineData("\n\n  Hi {{contact.firstname", "line 3, column 6", "never closed; write }}")]
    [InlineData("Hi {{contact.firstname {{contact.lastname}}", "line 1, column 4", "never closed; write }}")]
    [InlineData("{{}}", "line 1, column 1", "nothing between the braces")]
    [InlineData("{{uppercase contact.x}}", "line 1, column 1", "there is no function 'uppercase'; there are date, number, money")]
    [InlineData("{{#repeat event.x}}{{/repeat}}", "line 1, column 1", "there is no block 'repeat'")]
    [InlineData("{{#if}}{{/if}}", "line 1, column 1", "'if' asks for one value")]
    [InlineData("{{if contact.x}}", "line 1, column 1", "a block begins with #")]
    [InlineData("{{date}}", "line 1, column 1", "this.date")]
    [InlineData("{{#if contact.x a=1}}{{/if}}", "line 1, column 1", "'a=' is not known here")]
    [InlineData("{{> header}}", "line 1, column 1", "partials")]
    [InlineData("{{#*inline \"x\"}}{{/inline}}", "line 1, column 1", "partials")]
    [InlineData("{{^if contact.x}}{{/if}}", "line 1, column 1", "{{#unless")]
    [InlineData("{{date contact.x \"d}}", "line 1, column 1", "never closed")]
    [InlineData("{{! note", "line 1, column 1", "this comment does not end")]
    [InlineData("{{#if (date)}}{{/if}}", "line 1, column 1", "'date' is written")]
    public void A_fault_is_told_with_its_place_and_the_mend(string text, string place, string mend)
    {
        string problem = Problem(() => new HandlebarsRenderer().Render(text, Values(new { x = "1", firstname = "A" })));

        problem.ShouldStartWith(place);
        problem.ShouldContain(mend);
    }

    [Theory]
    [InlineData("<style>a{color:{{ contact.x }} }</style>", "<style>")]
    [InlineData("<script>var a='{{contact.x}}'</script>", "<script>")]
    [InlineData("<!-- {{contact.x}} -->", "a comment")]
    [InlineData("<p style=\"color:{{contact.x}}\">", "the attribute style")]
    [InlineData("<p onclick=\"a('{{contact.x}}')\">", "the attribute onclick")]
    [InlineData("<p {{contact.x}}=1>", "the name of an attribute")]
    [InlineData("<h{{contact.x}}>a</h1>", "the name of an element")]
    public void A_value_where_escaping_does_not_protect_is_refused(string html, string where)
    {
        string problem = Problem(() => Body("<p>first {{contact.x}}</p>\n" + html, Values(new { x = "1" })));

        problem.ShouldContain("line 2, column ");
        problem.ShouldContain("a value may not stand in " + where);
    }

    [Fact]
    public void Blocks_in_attributes_and_values_in_text_and_addresses_are_fine()
    {
        Body("<a href=\"https://a.test/?q={{contact.x}}\" style=\"{{#if contact.x}}color:red{{/if}}\" title='{{contact.x}}'>{{contact.x}}</a>", Values(new { x = "1" }))
            .ShouldBe("<a href=\"https://a.test/?q=1\" style=\"color:red\" title='1'>1</a>");
    }

    [Fact]
    public void All_parts_of_a_template_are_checked_without_a_contact()
    {
        new HandlebarsRenderer().Problems(Template("<p>{{#if x}}</p>", "{{{a}}}", "{{/b}}")).ShouldSatisfyAllConditions(
            p => p.Count.ShouldBe(3), p => p[0].ShouldStartWith("subject: line 1, column 1"), p => p[1].ShouldStartWith("html: line 1, column 4"), p => p[2].ShouldStartWith("text: "));
        new HandlebarsRenderer().Problems(Template("<p>{{contact.anything}}</p>")).ShouldBeEmpty();
    }

    [Fact]
    public void Functions_tell_what_they_cannot_show()
    {
        var values = Values(new { x = "many" });
        var renderer = new HandlebarsRenderer();

        Problem(() => renderer.Render("{{number contact.x}}", values)).ShouldBe("number: 'many' is no number.");
        Problem(() => renderer.Render("{{money contact.x}}", values)).ShouldBe("money: 'many' is no number.");
        Problem(() => renderer.Render("{{date contact.x}}", values)).ShouldContain("'many' is no date");
        Problem(() => renderer.Render("{{date \"2026-01-01T00:00:00Z\" \"d MMM\" \"Mars/Olympus\"}}", values)).ShouldContain("no time zone 'Mars/Olympus'");
        Problem(() => renderer.Render("{{date \"2026-01-01\" \"%\"}}", values)).ShouldContain("'%' is no format of dates");
    }
}
