using System;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Definitions;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Definitions;

public sealed class PublishTests
{
    const string Stricter = """{"kind":"segment","name":"vip","when":{"trait":"tier","gte":5}}""";
    readonly Authoring author = new();

    [Fact]
    public void Draft_goes_live_as_version_1_with_its_reason()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);

        author.Publish(id, "  the sale begins  ").ShouldBe(1);

        author.Status(id).ShouldBe(DefinitionStatus.Live);
        author.State(id).ShouldBe(0);
        author.Version(id).ShouldBe(1);
        Entity version = author.Versions(id).ShouldHaveSingleItem();
        version["crmb_reason"].ShouldBe("the sale begins");
        version["crmb_diff"].ShouldBe("First version.");
        version["crmb_json"].ShouldBe(Authoring.Vip);
    }

    [Fact]
    public void Next_version_tells_what_changed_in_words()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);
        author.Write(id, ("crmb_json", Stricter));

        author.Publish(id, "too many got in").ShouldBe(2);

        author.Version(id).ShouldBe(2);
        Entity version = author.Versions(id)[1];
        version["crmb_version"].ShouldBe(2);
        version["crmb_name"].ShouldBe("vip v2");
        version["crmb_json"].ShouldBe(Stricter);
        version["crmb_reason"].ShouldBe("too many got in");
        version["crmb_diff"].ShouldBe("when › gte: 3 became 5");
        author.Versions(id)[0]["crmb_json"].ShouldBe(Authoring.Vip);
    }

    [Fact]
    public void Publishing_again_without_a_change_is_a_version_of_its_own()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);

        author.Publish(id).ShouldBe(2);

        author.Versions(id)[1]["crmb_diff"].ShouldBe("No change.");
    }

    [Fact]
    public void Paused_definition_goes_live_when_it_is_published()
    {
        Guid id = author.InStatus(DefinitionStatus.Paused);

        author.Publish(id).ShouldBe(2);

        author.Status(id).ShouldBe(DefinitionStatus.Live);
    }

    [Fact]
    public void Reactivated_definition_continues_its_count()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);
        author.SetStatus(id, DefinitionStatus.Retired);
        author.SetStatus(id, DefinitionStatus.Draft);

        author.Publish(id).ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public void Reason_is_required(string? reason)
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);

        author.Refused(() => author.Publish(id, reason)).ShouldStartWith("Reason is empty: say in a sentence why");
    }

    [Fact]
    public void Reason_longer_than_its_column_is_refused()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);

        author.Refused(() => author.Publish(id, new string('x', 2001))).ShouldContain("longer than 2000");
        author.Publish(id, new string('x', 2000)).ShouldBe(1);
    }

    [Fact]
    public void Retired_definition_is_not_published()
    {
        Guid id = author.InStatus(DefinitionStatus.Retired);

        author.Refused(() => author.Publish(id)).ShouldBe("This definition is retired. Reactivate it, which makes it a draft, then publish it.");
    }

    [Fact]
    public void Text_that_came_in_past_the_guard_is_refused_and_nothing_is_half_done()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);
        author.Row(id)["crmb_json"] = "{";

        author.Refused(() => author.Publish(id)).ShouldStartWith("crmb_json, line 1, column 2");
        author.Status(id).ShouldBe(DefinitionStatus.Draft);
    }

    [Fact]
    public void Row_that_is_not_there_is_told_in_a_sentence()
    {
        author.Refused(() => author.Publish(Guid.NewGuid())).ShouldContain("Does Not Exist");
    }

    [Fact]
    public void Going_live_is_refused_to_who_merely_calls_his_write_publishing()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);
        var forged = new Entity(CrmNames.Definition, id) { ["statuscode"] = new OptionSetValue(DefinitionStatus.Live), ["crmb_kind"] = "crmb_Publish" };

        author.Refused(() => author.Platform.Rows.Update(forged)).ShouldContain("use Publish");
    }

    [Fact]
    public void Going_live_is_refused_to_another_plugins_write()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);
        var parent = new RemoteExecutionContext { MessageName = "new_GoLive", PrimaryEntityName = CrmNames.Definition };
        IOrganizationService rows = new PlatformRows(author.Platform, new Pipeline(author.Platform), parent);

        author.Refused(() => rows.Update(new Entity(CrmNames.Definition, id) { ["statuscode"] = new OptionSetValue(DefinitionStatus.Live) }))
            .ShouldContain("use Publish");
    }

    [Fact]
    public void Versions_are_numbered_by_what_is_stored()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);

        Enumerable.Range(1, 12).Select(_ => author.Publish(id)).ShouldBe(Enumerable.Range(1, 12));

        author.Versions(id).Select(version => (int)version[VersionColumns.Version]).ShouldBe(Enumerable.Range(1, 12));
    }
}
