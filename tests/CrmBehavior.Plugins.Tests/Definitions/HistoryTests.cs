using System;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Definitions;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Definitions;

public sealed class HistoryTests
{
    readonly Authoring author = new();

    public static TheoryData<string> Columns => [.. VersionColumns.All];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Published_version_is_not_changed(string column)
    {
        Guid id = author.InStatus(DefinitionStatus.Live);
        Guid version = author.Versions(id)[0].Id;

        author.Refused(() => author.Platform.Rows.Update(new Entity(CrmNames.DefinitionVersion, version) { [column] = null }))
            .ShouldStartWith("A published version is immutable");
    }

    [Fact]
    public void Published_version_is_not_deleted()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);

        author.Refused(() => author.Platform.Rows.Delete(CrmNames.DefinitionVersion, author.Versions(id)[0].Id))
            .ShouldStartWith("A published version is immutable");
    }

    [Fact]
    public void Published_version_goes_with_its_definition()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);
        author.Platform.Seed(new Entity(CrmNames.DefinitionVersion) { ["crmb_definitionid"] = new EntityReference(CrmNames.Definition, id) });

        author.Platform.Rows.Delete(CrmNames.Definition, id);

        author.Platform.All(CrmNames.DefinitionVersion).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DefinitionStatus.Live)]
    [InlineData(DefinitionStatus.Paused)]
    public void Definition_that_was_ever_published_is_not_deleted(int status)
    {
        Guid id = author.InStatus(status);

        author.Refused(() => author.Platform.Rows.Delete(CrmNames.Definition, id))
            .ShouldBe("\"vip\" was published (version 1), and its history says why mails were sent. It cannot be deleted; retire it instead.");
        author.SetStatus(id, DefinitionStatus.Retired);
        author.Refused(() => author.Platform.Rows.Delete(CrmNames.Definition, id)).ShouldContain("retire it instead");
    }

    [Fact]
    public void Draft_that_was_never_published_is_deleted()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);

        author.Platform.Rows.Delete(CrmNames.Definition, id);

        author.Platform.All(CrmNames.Definition).Any().ShouldBeFalse();
    }

    [Fact]
    public void Definition_without_an_image_is_read_before_it_is_deleted()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);
        author.Platform.WithoutImages = true;

        author.Refused(() => author.Platform.Rows.Delete(CrmNames.Definition, id)).ShouldContain("retire it instead");
    }
}
