using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Definitions;

public sealed class NewDefinitionTests
{
    readonly Authoring author = new();

    [Fact]
    public void Draft_gets_its_name_and_kind_from_its_json()
    {
        Guid id = author.Create(Authoring.Vip);

        author.Row(id)["crmb_name"].ShouldBe("vip");
        author.Row(id)["crmb_kind"].ShouldBe("segment");
        author.Status(id).ShouldBe(DefinitionStatus.Draft);
        author.Version(id).ShouldBeNull();
        author.Versions(id).ShouldBeEmpty();
    }

    [Fact]
    public void Name_and_kind_that_were_typed_beside_give_way_to_the_json()
    {
        Guid id = author.Create(Authoring.Vip, also: row =>
        {
            row["crmb_name"] = "Very important people";
            row["crmb_kind"] = "list";
        });

        author.Row(id)["crmb_name"].ShouldBe("vip");
        author.Row(id)["crmb_kind"].ShouldBe("segment");
    }

    [Fact]
    public void Created_live_is_published_as_version_1()
    {
        Guid id = author.Create(Authoring.Vip, DefinitionStatus.Live);

        author.Status(id).ShouldBe(DefinitionStatus.Live);
        author.Version(id).ShouldBe(1);
        Entity version = author.Versions(id).ShouldHaveSingleItem();
        version["crmb_version"].ShouldBe(1);
        version["crmb_json"].ShouldBe(Authoring.Vip);
        version["crmb_reason"].ShouldBe("Created live.");
        version["crmb_diff"].ShouldBe("First version.");
        version["crmb_name"].ShouldBe("vip v1");
    }

    [Theory]
    [InlineData(null, "crmb_json is empty; write the definition")]
    [InlineData("  ", "crmb_json is empty; write the definition")]
    [InlineData("{", "crmb_json, line 1, column 2: a name in double quotes is due here.")]
    [InlineData("[]", "crmb_json, line 1, column 1: a definition is an object")]
    [InlineData("\"vip\"", "crmb_json, line 1, column 1: a definition is an object")]
    [InlineData("{\"name\":\"vip\"}", "crmb_json, line 1, column 1: \"kind\" is missing; write one of signal, score,")]
    [InlineData("{\"kind\":\"segment\"}", "crmb_json, line 1, column 1: \"name\" is missing")]
    [InlineData("{\"kind\":7,\"name\":\"vip\"}", "crmb_json, line 1, column 9 (in /kind): \"kind\" must be a text in double quotes")]
    [InlineData("{\"kind\":\"segment\",\n  \"name\":null}", "crmb_json, line 2, column 10 (in /name): \"name\" must be a text in double quotes")]
    [InlineData("{\"kind\":\"jurney\",\"name\":\"vip\"}", "crmb_json, line 1, column 9 (in /kind): \"jurney\" is no kind; write one of signal")]
    [InlineData("{\"kind\":\"segment\",\"name\":\"vip\",\"when\":{\"all\":[{},]}}", "crmb_json, line 1, column 50 (in /when/all): a comma before ]")]
    [InlineData("{\"kind\":\"segment\",\"name\":\"vip\",\"name\":\"vip2\"}", "crmb_json, line 1, column 32: \"name\" is written twice")]
    public void Bad_json_is_refused_with_the_place(string? json, string expected)
    {
        author.Refused(() => author.Create(json)).ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Vip")]
    [InlineData("very important")]
    [InlineData("vip_")]
    [InlineData("-vip")]
    [InlineData("vip-")]
    [InlineData("vip--people")]
    [InlineData("väl")]
    public void Name_that_is_not_kebab_case_is_refused(string name)
    {
        string refusal = author.Refused(() => author.Create($$"""{"kind":"segment","name":"{{name}}"}"""));

        refusal.ShouldContain("(in /name)");
        refusal.ShouldContain("such as \"cart-abandoned\"");
    }

    [Theory]
    [InlineData("vip")]
    [InlineData("a")]
    [InlineData("3-visits-in-a-day")]
    public void Name_in_kebab_case_is_taken(string name)
    {
        Guid id = author.Create($$"""{"kind":"segment","name":"{{name}}"}""");

        author.Row(id)["crmb_name"].ShouldBe(name);
    }

    [Fact]
    public void Name_longer_than_its_column_is_refused()
    {
        author.Create($$"""{"kind":"segment","name":"{{new string('a', 200)}}"}""");

        author.Refused(() => author.Create($$"""{"kind":"segment","name":"{{new string('a', 201)}}"}""")).ShouldContain("longer than 200");
    }

    [Fact]
    public void Name_that_another_of_the_kind_has_is_refused()
    {
        author.Create(Authoring.Vip);

        author.Refused(() => author.Create(Authoring.Vip)).ShouldStartWith("There is already a segment named \"vip\"");
    }

    [Fact]
    public void Name_of_another_kind_or_of_a_retired_one_is_free()
    {
        author.InStatus(DefinitionStatus.Retired);
        author.Create("""{"kind":"signal","name":"vip"}""");

        author.Row(author.Create(Authoring.Vip))["crmb_name"].ShouldBe("vip");
    }

    [Theory]
    [InlineData(DefinitionStatus.Paused, "not paused")]
    [InlineData(DefinitionStatus.Retired, "not retired")]
    [InlineData(7, "statuscode is 1 (draft), 410330001 (live), 410330002 (paused) or 2 (retired).")]
    public void Row_is_not_created_in_any_other_status(int status, string expected)
    {
        author.Refused(() => author.Create(Authoring.Vip, status)).ShouldContain(expected);
    }

    [Fact]
    public void Row_is_not_created_inactive()
    {
        author.Refused(() => author.Create(Authoring.Vip, also: row => row["statecode"] = new OptionSetValue(1))).ShouldContain("not retired");
    }

    [Fact]
    public void Version_is_nobodys_to_set()
    {
        author.Refused(() => author.Create(Authoring.Vip, also: row => row["crmb_version"] = 7)).ShouldBe("crmb_version is set by publishing; leave it out.");
    }

    [Fact]
    public void Unexpected_failure_is_told_in_a_sentence_and_traced_in_full()
    {
        author.Platform.QueryFailures = 1;

        string refusal = author.Refused(() => author.Create(Authoring.Vip));

        refusal.ShouldStartWith("CrmBehavior could not finish its work on Create of crmb_definition: The database is busy.");
        refusal.ShouldNotContain("   at ");
        author.Platform.Traces.ShouldContain(line => line.Contains("System.TimeoutException", StringComparison.Ordinal));
    }
}
