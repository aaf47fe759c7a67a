using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Definitions;

public sealed class ChangedDefinitionTests
{
    const string Gold = """{"kind":"segment","name":"gold","when":{"trait":"tier","gte":5}}""";
    const string Stricter = """{"kind":"segment","name":"vip","when":{"trait":"tier","gte":5}}""";
    const int Draft = DefinitionStatus.Draft;
    const int Live = DefinitionStatus.Live;
    const int Paused = DefinitionStatus.Paused;
    const int Retired = DefinitionStatus.Retired;
    readonly Authoring author = new();

    [Theory]
    [InlineData(Draft, Draft)]
    [InlineData(Draft, Retired)]
    [InlineData(Live, Live)]
    [InlineData(Live, Paused)]
    [InlineData(Live, Retired)]
    [InlineData(Paused, Paused)]
    [InlineData(Paused, Live)]
    [InlineData(Paused, Retired)]
    [InlineData(Retired, Retired)]
    [InlineData(Retired, Draft)]
    public void Status_may_change(int from, int to)
    {
        Guid id = author.InStatus(from);
        int? version = author.Version(id);

        author.SetStatus(id, to);

        author.Status(id).ShouldBe(to);
        author.State(id).ShouldBe(to == Retired ? 1 : 0);
        author.Version(id).ShouldBe(version, "the version stays whatever the status");
        author.Versions(id).Length.ShouldBe(version ?? 0);
    }

    [Theory]
    [InlineData(Draft, Live, "use Publish (crmb_Publish)")]
    [InlineData(Draft, Paused, "A draft is not running")]
    [InlineData(Live, Draft, "does not become a draft again")]
    [InlineData(Paused, Draft, "A definition that is paused does not become a draft again")]
    [InlineData(Retired, Live, "use Publish (crmb_Publish)")]
    [InlineData(Retired, Paused, "reactivate it, which makes it a draft")]
    [InlineData(Draft, 7, "statuscode is 1 (draft)")]
    public void Status_may_not_change(int from, int to, string expected)
    {
        Guid id = author.InStatus(from);

        author.Refused(() => author.SetStatus(id, to)).ShouldContain(expected);
    }

    [Fact]
    public void Reactivated_row_is_a_draft()
    {
        Guid id = author.InStatus(Retired);

        author.Write(id, ("statecode", new OptionSetValue(0)));

        author.Status(id).ShouldBe(Draft);
        author.State(id).ShouldBe(0);
    }

    [Fact]
    public void Deactivated_row_is_retired()
    {
        Guid id = author.InStatus(Live);

        author.Write(id, ("statecode", new OptionSetValue(1)));

        author.Status(id).ShouldBe(Retired);
        author.State(id).ShouldBe(1);
    }

    [Fact]
    public void Active_row_that_is_told_to_be_active_keeps_its_status()
    {
        Guid id = author.InStatus(Paused);

        author.Write(id, ("statecode", new OptionSetValue(0)));

        author.Status(id).ShouldBe(Paused);
    }

    [Theory]
    [InlineData(1, Live)]
    [InlineData(0, Retired)]
    public void State_and_status_that_contradict_each_other_are_refused(int state, int status)
    {
        Guid id = author.InStatus(Paused);

        author.Refused(() => author.Write(id, ("statecode", new OptionSetValue(state)), ("statuscode", new OptionSetValue(status))))
            .ShouldContain("contradict");
    }

    [Fact]
    public void Unknown_state_is_refused()
    {
        Guid id = author.InStatus(Draft);

        author.Refused(() => author.Write(id, ("statecode", new OptionSetValue(3)))).ShouldBe("statecode is 0 (active) or 1 (retired).");
    }

    [Fact]
    public void Draft_that_was_never_published_may_take_another_name_and_kind()
    {
        Guid id = author.InStatus(Draft);

        author.Write(id, ("crmb_json", """{"kind":"signal","name":"gold"}"""));

        author.Row(id)["crmb_name"].ShouldBe("gold");
        author.Row(id)["crmb_kind"].ShouldBe("signal");
    }

    [Theory]
    [InlineData(Gold)]
    [InlineData("""{"kind":"signal","name":"vip"}""")]
    public void Definition_that_was_ever_published_keeps_its_name_and_kind(string json)
    {
        Guid id = author.InStatus(Live);
        author.SetStatus(id, Retired);
        author.SetStatus(id, Draft);

        author.Refused(() => author.Write(id, ("crmb_json", json))).ShouldStartWith("This definition was published as the segment \"vip\"");
    }

    [Fact]
    public void Edit_of_a_live_row_stays_a_draft_until_it_is_published()
    {
        Guid id = author.InStatus(Live);

        author.Write(id, ("crmb_json", Stricter));

        author.Status(id).ShouldBe(Live);
        author.Version(id).ShouldBe(1);
        author.Versions(id).ShouldHaveSingleItem()["crmb_json"].ShouldBe(Authoring.Vip);
    }

    [Fact]
    public void Bad_json_is_refused_with_the_place()
    {
        Guid id = author.InStatus(Live);

        author.Refused(() => author.Write(id, ("crmb_json", "{\"kind\":\"segment\"\n\"name\":\"vip\"}")))
            .ShouldBe("crmb_json, line 2, column 1: a comma or } is missing here.");
    }

    [Fact]
    public void Json_cannot_be_cleared()
    {
        Guid id = author.InStatus(Draft);

        author.Refused(() => author.Write(id, ("crmb_json", null))).ShouldStartWith("crmb_json is empty");
    }

    [Fact]
    public void Name_column_written_by_hand_follows_the_json()
    {
        Guid id = author.InStatus(Draft);

        author.Write(id, ("crmb_name", "something"), ("crmb_kind", null));

        author.Row(id)["crmb_name"].ShouldBe("vip");
        author.Row(id)["crmb_kind"].ShouldBe("segment");
    }

    [Fact]
    public void Name_of_another_is_refused()
    {
        author.Create(Gold);
        Guid id = author.InStatus(Draft);

        author.Refused(() => author.Write(id, ("crmb_json", Gold))).ShouldStartWith("There is already a segment named \"gold\"");
    }

    [Fact]
    public void Name_that_another_took_meanwhile_keeps_a_row_retired()
    {
        Guid id = author.InStatus(Retired);
        author.Create(Authoring.Vip);

        author.Refused(() => author.SetStatus(id, Draft)).ShouldStartWith("There is already a segment named \"vip\"");
    }

    [Fact]
    public void Version_is_nobodys_to_set()
    {
        Guid id = author.InStatus(Live);

        author.Refused(() => author.Write(id, ("crmb_version", 7))).ShouldBe("crmb_version is set by publishing; leave it out.");
        author.Refused(() => author.Write(id, ("crmb_version", null))).ShouldBe("crmb_version is set by publishing; leave it out.");
    }

    [Fact]
    public void Version_sent_back_unchanged_is_no_change()
    {
        Guid id = author.InStatus(Live);

        author.Write(id, ("crmb_version", 1), ("crmb_json", Stricter));

        author.Row(id)["crmb_json"].ShouldBe(Stricter);
    }

    [Fact]
    public void Row_is_read_where_the_platform_gives_no_image()
    {
        Guid id = author.InStatus(Draft);
        author.Platform.WithoutImages = true;

        author.Refused(() => author.SetStatus(id, Live)).ShouldContain("use Publish");
    }
}
