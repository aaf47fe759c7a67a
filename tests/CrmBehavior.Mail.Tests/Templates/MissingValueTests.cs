using CrmBehavior.Mail.Templates;
using Shouldly;
using Xunit;
using static CrmBehavior.Mail.Tests.Templates.Texts;

namespace CrmBehavior.Mail.Tests.Templates;

public sealed class MissingValueTests
{
    [Theory]
    [InlineData("Hi {{contact.firstname}}", "{{contact.firstname}} has no value and no fallback")]
    [InlineData("Hi {{event.total}}", "{{event.total}} has no value")]
    [InlineData("Hi {{event.a.b.c}}", "{{event.a.b.c}} has no value")]
    [InlineData("{{#with contact}}{{jobtitle}}{{/with}}", "{{contact.jobtitle}} has no value")]
    [InlineData("Hi {{customer.name}}", "a text sees contact, event, journey and links")]
    [InlineData("{{date event.startsAt}}", "{{event.startsAt}} has no value")]
    [InlineData("{{date contact.birthdate \"d\" contact.zone}}", "{{contact.zone}} has no value")]
    [InlineData("{{contact.lastname.first}}", "no value there")]
    public void A_missing_value_without_a_fallback_is_refused_by_its_path(string html, string problem)
    {
        string message = Problem(() => Body(html, Values(new { firstname = (string?)null, lastname = "Byron", birthdate = "1990-01-01" })));

        message.ShouldContain(problem);
        message.ShouldStartWith("template cart, html: ");
    }

    [Fact]
    public void Items_of_lists_are_named_with_their_number()
    {
        Problem(() => Body("{{#each event.items}}{{name}} {{/each}}", Values(json: """{"items":[{"name":"A"},{"sku":"B"}]}"""))).ShouldContain("{{event.items.1.name}} has no value");
    }

    [Theory]
    [InlineData("""{"items":[{"name":"A"},{}]}""", "A thing ")]
    [InlineData("""{"items":[{"name":""}]}""", "thing ")]
    public void A_fallback_for_items_is_written_without_the_number(string json, string shown)
    {
        Body("{{#each event.items}}{{name}} {{/each}}", Values(json: json), ("event.items.name", "thing")).ShouldBe(shown);
    }

    [Fact]
    public void A_fallback_stands_for_a_missing_an_empty_and_a_null_value_and_is_escaped()
    {
        foreach (object contact in (object[])[new { x = 1 }, new { firstname = "" }, new { firstname = (string?)null }])
            Body("Hi {{contact.firstname}}", Values(contact), ("contact.firstname", "you & me")).ShouldBe("Hi you &amp; me");
        Body("Hi {{#with contact}}{{firstname}}{{/with}}", Values(new { x = 1 }), ("contact.firstname", "there")).ShouldBe("Hi there");
        Body("{{date event.at}}", Values(), ("event.at", "soon")).ShouldBe("soon");
    }

    [Fact]
    public void A_condition_sees_the_value_itself_not_its_fallback()
    {
        Body("{{#if contact.firstname}}Hi {{contact.firstname}}{{else}}Hello{{/if}}", Values(new { x = 1 }), ("contact.firstname", "friend")).ShouldBe("Hello");
        Body("{{#unless event}}no event{{/unless}}", Values()).ShouldBe("no event");
    }

    [Fact]
    public void In_tasks_and_timeline_entries_a_missing_value_shows_as_unknown()
    {
        new HandlebarsRenderer().Render("Call {{contact.firstname}} about {{event.total}} {{customer}} {{contact.lastname.x}}", Values(new { lastname = "B" }))
            .ShouldBe("Call (unknown) about (unknown) (unknown) (unknown)");
    }

    [Fact]
    public void An_empty_text_without_a_fallback_is_what_the_author_gets()
    {
        Body("[{{event.note}}]", Values(json: """{"note":""}""")).ShouldBe("[]");
    }

    [Fact]
    public void A_list_or_several_values_cannot_be_shown_as_one()
    {
        Problem(() => Body("{{event.items}}", Values(json: """{"items":[1]}"""))).ShouldContain("{{event.items}} is a list");
        Problem(() => Body("{{contact}}", Values(new { a = 1 }))).ShouldContain("name one of its values");
    }

    [Theory]
    [InlineData("a\r\nBcc: x@y.z")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_line_break_in_the_subject_is_refused(string name)
    {
        Problem(() => new HandlebarsRenderer().RenderMail(Template("<p>x</p>", "Hi {{contact.firstname}}!"), Values(new { firstname = name }))).ShouldContain("line break");
    }

    [Fact]
    public void An_empty_subject_is_refused()
    {
        Problem(() => new HandlebarsRenderer().RenderMail(Template("<p>x</p>", " {{#if event}}x{{/if}} "), Values())).ShouldContain("The subject is empty");
    }
}
