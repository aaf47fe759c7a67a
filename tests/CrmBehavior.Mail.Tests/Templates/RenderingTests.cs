using System;
using System.Globalization;
using System.Linq;
using CrmBehavior.Mail.Templates;
using Shouldly;
using Xunit;
using static CrmBehavior.Mail.Tests.Templates.Texts;

namespace CrmBehavior.Mail.Tests.Templates;

public sealed class RenderingTests
{
    readonly HandlebarsRenderer renderer = new();

    [Fact]
    public void Html_is_escaped_subject_and_text_are_not()
    {
        var (subject, html, text) = renderer.RenderMail(
            Template("<p>{{contact.fullname}}</p>", "For {{contact.fullname}}", "Dear {{contact.fullname}}"), Values(new { fullname = "Tom & <b>Jerry</b> \"x\"" }));

        subject.ShouldBe("For Tom & <b>Jerry</b> \"x\"");
        html.ShouldBe("<p>Tom &amp; &lt;b&gt;Jerry&lt;/b&gt; &quot;x&quot;</p>");
        text.ShouldBe("Dear Tom & <b>Jerry</b> \"x\"");
    }

    [Fact]
    public void Values_of_all_kinds_show_the_same_whatever_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            string json = """{"total":1234.50,"count":3,"rate":0.5,"ok":true,"no":false,"big":9007199254740993,"startsAt":"2026-03-01T20:30:00Z"}""";
            renderer.Render("{{event.total}} {{event.count}} {{event.rate}} {{event.ok}} {{event.no}} {{event.big}}", Values(json: json)).ShouldBe("1234.50 3 0.5 true false 9007199254740993");
            renderer.Render("{{number event.total \"#,0.0\"}}|{{money event.total \"EUR\"}}|{{number event.count}}", Values(json: json)).ShouldBe("1,234.5|1,234.50 EUR|3");
            renderer.Render("{{date event.startsAt \"ddd d MMMM yyyy HH:mm\" \"Europe/Berlin\"}}", Values(json: json)).ShouldBe("Sun 1 March 2026 21:30");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Dates_alone_are_moved_by_no_zone()
    {
        renderer.Render("{{date contact.birthdate \"d.M.yyyy\" \"America/New_York\"}} {{date contact.birthdate}}", Values(new { birthdate = "1990-05-01" })).ShouldBe("1.5.1990 1 May 1990");
    }

    [Fact]
    public void Columns_of_the_contact_may_be_numbers_truth_values_times_and_ids()
    {
        var id = Guid.Parse("11111111-2222-3333-4444-555555555555");
        var values = Values(new { crmb_score = 12.5, statecode = 0, donotemail = false, modifiedon = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), ownerid = id });

        renderer.Render("{{contact.crmb_score}}|{{contact.statecode}}|{{contact.donotemail}}|{{contact.modifiedon}}|{{contact.ownerid}}", values)
            .ShouldBe("12.5|0|false|2026-01-02T03:04:05Z|11111111-2222-3333-4444-555555555555");
    }

    [Fact]
    public void Blocks_choose_and_repeat()
    {
        string json = """{"items":[{"name":"Hat","price":10},{"name":"Coat","price":99.9}],"coupon":"","tags":["a","b"]}""";
        const string Text = "{{#each event.items}}{{@index}}:{{name}}={{price}}{{#unless @last}}, {{/unless}}{{else}}nothing{{/each}}"
            + "{{#if event.coupon}} coupon{{else if event.items}} no coupon{{else}} x{{/if}}{{#with event.items.[0]}} {{name}}{{/with}}"
            + "{{#each event.tags}} {{this}}{{/each}}{{#each event.gone}}x{{else}} none{{/each}} {{event.items.length}}";

        renderer.Render(Text, Values(json: json)).ShouldBe("0:Hat=10, 1:Coat=99.9 no coupon Hat a b none 2");
    }

    [Fact]
    public void Names_of_values_that_Handlebars_knows_itself_are_values()
    {
        string json = """{"items":[{"value":"v","key":"k","index":"i","first":"f"}],"value":"top"}""";

        renderer.Render("{{event.value}} {{#each event.items}}{{this.value}} {{this.key}} {{this.index}} {{this.first}}{{/each}}", Values(json: json)).ShouldBe("top v k i f");
    }

    [Fact]
    public void The_contact_and_the_journey_are_found_from_inside_a_loop()
    {
        string json = """{"items":[{"name":"Hat"}]}""";

        renderer.Render("{{#each event.items}}{{contact.firstname}}: {{name}} ({{journey.name}}, {{@root.contact.firstname}}){{/each}}", Values(new { firstname = "Ada" }, json))
            .ShouldBe("Ada: Hat (welcome, Ada)");
    }

    [Fact]
    public void Named_values_and_blank_control_work()
    {
        renderer.Render("{{#each event.items as |item i|}}\n  {{~i}}{{item.name~}}  \n{{/each}}!", Values(json: """{"items":[{"name":"A"},{"name":"B"}]}""")).ShouldBe("0A1B!");
        renderer.Render("{{#each event.o}}{{@key}}={{this}};{{/each}}", Values(json: """{"o":{"b":2,"a":1}}""")).ShouldBe("a=1;b=2;");
        renderer.Render("\\{{contact.firstname}} {{! a note }}{{!-- }} --}}x", Values()).ShouldBe("{{contact.firstname}} x");
    }

    [Fact]
    public void Hostile_values_stay_text_and_are_never_templates()
    {
        const string Hostile = "{{contact.secret}}<img src=x onerror=alert(1)>`=";

        Body("<p title=\"{{contact.firstname}}\">{{contact.firstname}}</p>", Values(new { firstname = Hostile, secret = "s3cret" }))
            .ShouldBe("<p title=\"{{contact.secret}}&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;&#x60;&#x3D;\">{{contact.secret}}&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;&#x60;&#x3D;</p>");
    }

    [Fact]
    public void No_property_of_any_object_can_be_read()
    {
        renderer.Render("{{contact.firstname.Length}}|{{contact.count.GetType}}|{{event.at.Year}}", Values(new { firstname = "Ada", count = 3 }, """{"at":"2026-01-01"}"""))
            .ShouldBe("(unknown)|(unknown)|(unknown)");
        Problem(() => renderer.Render("{{contact.type}}", Values(new { type = typeof(string) }))).ShouldContain("contact.type is a RuntimeType");
    }

    [Fact]
    public void An_event_that_is_no_json_is_told()
    {
        Problem(() => renderer.Render("{{event.a}}", Values(json: "{nope"))).ShouldContain("cannot be read as JSON");
        Problem(() => renderer.Render("{{event.a}}", Values(json: """{"a":"\ud800"}"""))).ShouldContain("cannot be read as JSON");
    }

    [Fact]
    public void Without_a_text_part_the_text_is_made_from_the_body()
    {
        renderer.RenderMail(Template("<h1>Hi {{contact.firstname}}</h1><p>Look: <a href=\"https://shop.test/a?b=1&amp;c=2\">here</a></p>"), Values(new { firstname = "Tom & Co" })).Text
            .ShouldBe("Hi Tom & Co\n\nLook: here (https://shop.test/a?b=1&c=2)");
    }

    [Fact]
    public void Columns_are_found_wherever_they_are_shown()
    {
        renderer.ColumnsOf(
            "Hi {{contact.firstname}} {{#if contact.jobtitle}}x{{/if}}", "{{#with contact}}{{lastname}} {{this.fullname}}{{/with}}{{date contact.birthdate \"d\" contact.crmb_timezone}}",
            "{{#each event.items as |item|}}{{name}}{{../contact.mobilephone}}{{@root.contact.ownerid}}{{contact.parentcustomeridname}}{{item.contact.x}}{{/each}}", "{{#if contact.broken")
            .Order().ShouldBe(new[] { "birthdate", "crmb_timezone", "firstname", "fullname", "jobtitle", "lastname", "mobilephone", "ownerid", "parentcustomeridname" });
    }

    [Fact]
    public void Columns_are_found_in_the_json_of_a_step_too()
    {
        renderer.ColumnsOf("""{"subject":"Call {{contact.firstname}} {{{contact.no}}}","body":{"a":{"b":"{{date contact.birthdate \"d MMM\"}}"}},"x":"{{contact.mobilephone"}""")
            .Order().ShouldBe(new[] { "birthdate", "firstname" });
    }

    [Fact]
    public void Many_threads_may_render_at_once()
    {
        string[] results = [.. Enumerable.Range(0, 500).AsParallel().AsOrdered().Select(i => renderer.Render("{{contact.n}} {{#each event.a}}{{this}}{{/each}}", Values(new { n = i }, "{\"a\":[1,2,3]}")))];

        results.ShouldBe(Enumerable.Range(0, 500).Select(i => i.ToString(CultureInfo.InvariantCulture) + " 123"));
    }

    [Fact]
    public void Kept_texts_are_bounded()
    {
        for (int i = 0; i < TemplateLimits.CachedTexts + 50; i++) renderer.Render("text " + i.ToString(CultureInfo.InvariantCulture), Values());

        renderer.Kept.ShouldBe(TemplateLimits.CachedTexts);
    }
}
