using System;
using System.Collections.Generic;
using System.Text.Json;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class ContactValuesTests
{
    static readonly Guid Account = new("bb000000-0000-4000-8000-00000000000A");
    readonly PluginPlatform platform = new();

    [Fact]
    public void Choices_and_money_are_numbers()
    {
        Dictionary<string, JsonElement> traits = Written(new Entity("contact")
        {
            ["preferredcontactmethodcode"] = new OptionSetValue(2),
            ["creditlimit"] = new Money(250.50m),
            ["new_whole"] = 7,
            ["new_big"] = 9_007_199_254_740_993L,
            ["new_decimal"] = 0.1m,
            ["new_double"] = 0.25d,
        });

        traits["preferredcontactmethodcode"].GetRawText().ShouldBe("2");
        traits["creditlimit"].GetRawText().ShouldBe("250.50");
        traits["new_whole"].GetRawText().ShouldBe("7");
        traits["new_big"].GetRawText().ShouldBe("9007199254740993");
        traits["new_decimal"].GetRawText().ShouldBe("0.1");
        traits["new_double"].GetRawText().ShouldBe("0.25");
    }

    [Fact]
    public void Lookup_is_a_lower_case_id_with_the_name_that_was_sent()
    {
        Dictionary<string, JsonElement> traits = Written(new Entity("contact")
        {
            ["parentcustomerid"] = new EntityReference("account", Account) { Name = "Contoso" },
        });

        traits["parentcustomerid"].GetString().ShouldBe("bb000000-0000-4000-8000-00000000000a");
        traits["parentcustomeridname"].GetString().ShouldBe("Contoso");
    }

    [Fact]
    public void Lookup_without_a_name_takes_it_from_the_image()
    {
        Guid id = platform.Seed(new Entity("contact"));
        platform.BeforeJob = context => context.PostEntityImages["after"]["parentcustomerid"] = new EntityReference("account", Account) { Name = "Contoso" };

        platform.Rows.Update(new Entity("contact", id) { ["parentcustomerid"] = new EntityReference("account", Account) });

        PostedEvent.Only(platform).Trait("parentcustomeridname").ShouldBe("Contoso");
    }

    [Fact]
    public void Lookup_that_changed_again_meanwhile_does_not_take_the_later_name()
    {
        Guid id = platform.Seed(new Entity("contact"));
        var later = new EntityReference("account", Guid.NewGuid()) { Name = "Fabrikam" };
        platform.BeforeJob = context => context.PostEntityImages["after"]["parentcustomerid"] = later;

        platform.Rows.Update(new Entity("contact", id) { ["parentcustomerid"] = new EntityReference("account", Account) });

        PostedEvent.Only(platform).Traits.ShouldNotContainKey("parentcustomeridname");
    }

    [Fact]
    public void Choice_has_its_label_beside_it()
    {
        var sent = new Entity("contact") { ["preferredcontactmethodcode"] = new OptionSetValue(2) };
        sent.FormattedValues["preferredcontactmethodcode"] = "E-mail";

        Dictionary<string, JsonElement> traits = Written(sent);

        traits["preferredcontactmethodcodename"].GetString().ShouldBe("E-mail");
    }

    [Fact]
    public void Cleared_lookup_or_choice_clears_its_label()
    {
        Guid id = platform.Seed(new Entity("contact"));

        platform.Rows.Update(new Entity("contact", id) { ["parentcustomerid"] = null, ["new_region"] = null, ["jobtitle"] = null });

        Dictionary<string, JsonElement> traits = PostedEvent.Only(platform).Traits;
        traits["parentcustomeridname"].ValueKind.ShouldBe(JsonValueKind.Null);
        traits["new_regionname"].ValueKind.ShouldBe(JsonValueKind.Null, "what an administrator added may be a lookup");
        traits.ShouldNotContainKey("jobtitlename");
    }

    [Fact]
    public void Several_choices_are_one_text_as_in_the_web_api()
    {
        var choices = new OptionSetValueCollection { new OptionSetValue(3), new OptionSetValue(1) };

        Written(new Entity("contact") { ["new_interests"] = choices })["new_interests"].GetString().ShouldBe("3,1");
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Unspecified)]
    public void Dates_are_utc_also_where_they_do_not_say_so(DateTimeKind kind)
    {
        var date = new DateTime(1995, 12, 10, 8, 30, 15, kind);

        Written(new Entity("contact") { ["birthdate"] = date })["birthdate"].GetString().ShouldBe("1995-12-10T08:30:15.000Z");
    }

    [Fact]
    public void Images_and_lists_are_left_out()
    {
        Dictionary<string, JsonElement> traits = Written(new Entity("contact")
        {
            ["new_photo"] = new byte[] { 1 },
            ["new_people"] = new EntityCollection(),
            ["jobtitle"] = "Analyst",
        });

        traits.Keys.ShouldBe(["jobtitle"]);
    }

    [Fact]
    public void Text_with_quotes_line_ends_and_other_scripts_arrives_as_it_was()
    {
        const string Text = "\"Ada\" \\ \n\t Lovelace \u2028 \u202E 🚀 Ğ";

        Written(new Entity("contact") { ["jobtitle"] = Text })["jobtitle"].GetString().ShouldBe(Text);
    }

    [Fact]
    public void Half_characters_and_nul_become_the_replacement_character()
    {
        Written(new Entity("contact") { ["jobtitle"] = "a\0b\uD83Dc\uDE00d" })["jobtitle"].GetString().ShouldBe("a\uFFFDb\uFFFDc\uFFFDd");
    }

    Dictionary<string, JsonElement> Written(Entity columns)
    {
        columns.Id = platform.Seed(new Entity("contact"));
        columns["mobilephone"] = "1";
        platform.Rows.Update(columns);
        Dictionary<string, JsonElement> traits = PostedEvent.Only(platform).Traits;
        traits.Remove("mobilephone").ShouldBeTrue();
        return traits;
    }
}
