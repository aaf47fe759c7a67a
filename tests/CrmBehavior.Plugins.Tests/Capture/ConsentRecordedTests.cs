using System;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class ConsentRecordedTests
{
    static readonly EntityReference Ada = new("contact", new Guid("0aa00000-0000-4000-8000-0000000000ad"));
    readonly PluginPlatform platform = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Consent_that_a_person_notes_down_is_told(bool granted)
    {
        Record(("crmb_channel", " Email"), ("crmb_purpose", "Marketing"), ("crmb_granted", granted), ("crmb_source", "phone call"),
            ("crmb_at", new DateTime(2026, 1, 4, 8, 30, 0, DateTimeKind.Utc)));

        PostedEvent told = PostedEvent.Only(platform);
        told.Name.ShouldBe(EventNames.ConsentChanged);
        told.At.ShouldStartWith("2026-01-04T08:30:00");
        told.Contacts.ShouldBe([Ada.Id.ToString()]);
        told.Properties.Select(p => p.Key + " " + p.Value).ShouldBe(
            ["channel email", "purpose marketing", "granted " + granted, "source phone call"], ignoreOrder: true);
    }

    [Fact]
    public void What_was_left_empty_is_left_out()
    {
        Record();

        PostedEvent.Only(platform).At.ShouldStartWith("2026-01-05T10:00:00");
        PostedEvent.Only(platform).Properties.Select(p => p.Key + " " + p.Value).ShouldBe(["granted False"]);
    }

    [Fact]
    public void Service_hears_nothing_of_what_it_noted()
    {
        platform.SetVariable(CrmNames.ServiceUserVariable, platform.User.ToString());

        Record(("crmb_granted", true));

        platform.Posts.ShouldBeEmpty();
    }

    void Record(params (string Column, object Value)[] columns)
    {
        var row = new Entity(CrmNames.Consent) { ["crmb_contactid"] = Ada };
        foreach ((string column, object value) in columns) row[column] = value;
        platform.Rows.Create(row);
    }
}
