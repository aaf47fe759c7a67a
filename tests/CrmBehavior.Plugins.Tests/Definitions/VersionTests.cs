using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Definitions;

/// <summary>Versions come by publishing alone.</summary>
public sealed class VersionTests
{
    readonly Authoring author = new();

    [Fact]
    public void Version_that_somebody_writes_himself_is_refused()
    {
        Guid id = author.InStatus(DefinitionStatus.Live);
        var forged = new Entity(CrmNames.DefinitionVersion)
        {
            ["crmb_definitionid"] = new EntityReference(CrmNames.Definition, id),
            ["crmb_version"] = 7,
            ["crmb_json"] = Authoring.Vip,
        };

        author.Refused(() => author.Platform.Rows.Create(forged)).ShouldStartWith("A version is written by publishing");
    }

    [Fact]
    public void Version_that_another_plugin_writes_is_refused()
    {
        var parent = new RemoteExecutionContext { MessageName = "Update", PrimaryEntityName = CrmNames.Definition };
        IOrganizationService rows = new PlatformRows(author.Platform, new Pipeline(author.Platform), parent);

        author.Refused(() => rows.Create(new Entity(CrmNames.DefinitionVersion))).ShouldStartWith("A version is written by publishing");
    }

    [Fact]
    public void Version_is_written_in_the_name_of_who_publishes()
    {
        Guid id = author.InStatus(DefinitionStatus.Draft);
        author.Platform.Users.Clear();

        author.Publish(id);

        author.Platform.Users.ShouldNotContain(user => user.Message == "Create" && user.Id == null, "the platform would note the system as the author");
    }
}
