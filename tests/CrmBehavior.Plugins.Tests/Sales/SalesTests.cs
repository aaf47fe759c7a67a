using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using CrmBehavior.Plugins.Tests.Capture;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Sales;

/// <summary>What the second solution tells: leads, opportunities, campaign responses.</summary>
public sealed class SalesTests
{
    static readonly EntityReference Ada = new("contact", new Guid("0AA00000-0000-4000-8000-0000000000AD")) { Name = "Ada Lovelace" };
    readonly PluginPlatform platform = new();

    [Fact]
    public void New_lead_brings_its_address_and_id_while_it_has_no_contact()
    {
        Guid lead = Create("lead", ("subject", "Wants a quote"), ("emailaddress1", "ada@example.com"), ("leadqualitycode", Choice(1)), ("companyname", null));

        PostedEvent told = PostedEvent.Only(platform);
        told.Name.ShouldBe("lead_created");
        told.Contacts.ShouldBeEmpty();
        Raw("email").ShouldBe("ada@example.com");
        told.Traits.ShouldBeEmpty("a lead's columns are not the contact's");
        told.Properties["leadId"].GetString().ShouldBe(lead.ToString());
        told.Properties["subject"].GetString().ShouldBe("Wants a quote");
        told.Properties["leadqualitycode"].GetInt32().ShouldBe(1);
        told.Properties.ShouldNotContainKey("companyname");
        told.Properties.ShouldNotContainKey("changed");
    }

    [Fact]
    public void Lead_of_a_contact_is_the_contacts()
    {
        Create("lead", ("subject", "Wants a quote"), ("emailaddress1", "ada@example.com"), ("parentcontactid", Ada));

        PostedEvent.Only(platform).Contacts.ShouldBe([Ada.Id.ToString()]);
        Raw("email").ShouldBeNull();
        PostedEvent.Only(platform).Properties["parentcontactidname"].GetString().ShouldBe("Ada Lovelace");
    }

    [Fact]
    public void Changed_lead_tells_how_it_is_now_and_what_was_written()
    {
        Guid lead = Create("lead", ("subject", "Wants a quote"), ("emailaddress1", "ada@example.com"));

        Update("lead", lead, ("leadqualitycode", Choice(3)), ("new_interest", "boats"));

        PostedEvent told = PostedEvent.Last(platform);
        told.Name.ShouldBe("lead_updated");
        told.Properties["changed"].GetString().ShouldBe("leadqualitycode");
        told.Properties["subject"].GetString().ShouldBe("Wants a quote");
        told.Properties["new_interest"].GetString().ShouldBe("boats");
        Raw("email").ShouldBe("ada@example.com");
    }

    [Theory]
    [InlineData(1, "lead_qualified")]
    [InlineData(2, "lead_disqualified")]
    public void Lead_that_is_closed_says_how(int state, string name)
    {
        Guid lead = Create("lead", ("emailaddress1", "ada@example.com"));

        Update("lead", lead, ("statecode", Choice(state)), ("parentcontactid", Ada));
        PostedEvent.Last(platform).Name.ShouldBe(name);
        PostedEvent.Last(platform).Contacts.ShouldBe([Ada.Id.ToString()]);

        Update("lead", lead, ("statecode", Choice(state)), ("subject", "again"));
        PostedEvent.Last(platform).Name.ShouldBe("lead_updated");
    }

    [Fact]
    public void Column_that_nobody_hears_of_tells_nothing()
    {
        Guid lead = Create("lead", ("emailaddress1", "ada@example.com"));

        Update("lead", lead, ("description", "called twice"));

        platform.Posts.ShouldHaveSingleItem();
    }

    [Fact]
    public void Deleted_lead_says_whose_it_was()
    {
        Guid lead = Create("lead", ("emailaddress1", "ada@example.com"));

        platform.Rows.Delete("lead", lead);

        PostedEvent told = PostedEvent.Last(platform);
        told.Name.ShouldBe("lead_deleted");
        told.Properties["leadId"].GetString().ShouldBe(lead.ToString());
        Raw("email").ShouldBe("ada@example.com");
        told.Properties.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, "opportunity_won")]
    [InlineData(2, "opportunity_lost")]
    public void Opportunity_is_told_from_the_beginning_to_the_end(int state, string name)
    {
        Guid deal = Create("opportunity", ("name", "Boats"), ("customerid", Ada), ("estimatedvalue", new Money(1200.5m)));
        Update("opportunity", deal, ("closeprobability", 70));
        Update("opportunity", deal, ("statecode", Choice(state)), ("actualvalue", new Money(900m)));

        Names().ShouldBe(["opportunity_created", "opportunity_updated", name]);
        PostedEvent told = PostedEvent.Last(platform);
        told.Contacts.ShouldBe([Ada.Id.ToString()]);
        told.Properties["opportunityId"].GetString().ShouldBe(deal.ToString());
        told.Properties["estimatedvalue"].GetRawText().ShouldBe("1200.5");
        told.Properties["actualvalue"].GetRawText().ShouldBe("900");
        told.Properties["closeprobability"].GetInt32().ShouldBe(70);
    }

    [Fact]
    public void Opportunitys_person_is_the_contact_before_the_customer()
    {
        Create("opportunity", ("name", "Boats"), ("customerid", new EntityReference("contact", Guid.NewGuid())), ("parentcontactid", Ada));

        PostedEvent.Only(platform).Contacts.ShouldBe([Ada.Id.ToString()]);
    }

    [Fact]
    public void Opportunity_of_a_company_alone_is_not_told_but_with_a_lead_it_is()
    {
        var company = new EntityReference("account", Guid.NewGuid());
        var lead = new EntityReference("lead", Guid.NewGuid());

        Create("opportunity", ("name", "Boats"), ("customerid", company));
        platform.Posts.ShouldBeEmpty();
        platform.Traces.ShouldContain("No contact is concerned.");

        Create("opportunity", ("name", "Boats"), ("customerid", company), ("originatingleadid", lead));
        PostedEvent.Only(platform).Properties["leadId"].GetString().ShouldBe(lead.Id.ToString());
    }

    [Fact]
    public void Campaign_response_is_an_activity_of_the_contact_who_responds()
    {
        var campaign = new EntityReference("campaign", Guid.NewGuid());
        Guid response = Create("campaignresponse", ("subject", "Spring"), ("regardingobjectid", campaign), ("responsecode", Choice(1)), ("customer", Parties(Ada)));
        platform.Seed(new Entity("activityparty") { ["activityid"] = new EntityReference("campaignresponse", response), ["partyid"] = Ada });
        Update("campaignresponse", response, ("statecode", Choice(1)));

        Names().ShouldBe(["activity_created", "activity_completed"]);
        PostedEvent told = PostedEvent.Last(platform);
        told.Properties["type"].GetString().ShouldBe("campaignresponse");
        told.Properties["campaignId"].GetString().ShouldBe(campaign.Id.ToString());
        told.Properties["responsecode"].GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Campaign_response_of_a_lead_brings_the_lead_and_one_of_nobody_the_address()
    {
        var lead = new EntityReference("lead", Guid.NewGuid());

        Create("campaignresponse", ("subject", "Spring"), ("customer", Parties(lead)));
        PostedEvent.Last(platform).Properties["leadId"].GetString().ShouldBe(lead.Id.ToString());

        Create("campaignresponse", ("subject", "Spring"), ("emailaddress", "ada@example.com"));
        Raw("email").ShouldBe("ada@example.com");

        int before = platform.Posts.Count;
        Create("campaignresponse", ("subject", "Spring"));
        platform.Posts.Count.ShouldBe(before);
    }

    [Fact]
    public void Service_hears_nothing_of_what_it_wrote()
    {
        platform.SetVariable(CrmNames.ServiceUserVariable, platform.User.ToString());

        Guid lead = Create("lead", ("emailaddress1", "ada@example.com"));
        Update("lead", lead, ("subject", "x"));
        platform.Rows.Delete("lead", lead);
        Create("opportunity", ("customerid", Ada));
        Create("campaignresponse", ("customer", Parties(Ada)));

        platform.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Bus_that_is_away_delays_and_loses_nothing()
    {
        platform.BusRefusals = 3;

        Create("lead", ("emailaddress1", "ada@example.com"));

        platform.JobFailures.Count.ShouldBe(3);
        platform.JobFailures.ShouldAllBe(failure => failure.Status == OperationStatus.Retry);
        PostedEvent.Only(platform).Name.ShouldBe("lead_created");
    }

    [Fact]
    public void Context_that_was_cut_is_marked()
    {
        platform.BeforeJob = context =>
        {
            context.InputParameters.Clear();
            context.PostEntityImages.Clear();
        };

        Create("lead", ("emailaddress1", "ada@example.com"));

        PostedEvent.Only(platform).Incomplete.ShouldBeTrue();
        PostedEvent.Only(platform).Properties.ShouldContainKey("leadId");
    }

    string? Raw(string member) =>
        JsonDocument.Parse((string)platform.Posts[^1].SharedVariables[EventMessage.VariableName]).RootElement.TryGetProperty(member, out JsonElement value)
            ? value.GetString() : null;

    IEnumerable<string> Names() => platform.Posts
        .Select(post => JsonDocument.Parse((string)post.SharedVariables[EventMessage.VariableName]).RootElement.GetProperty("name").GetString()!);

    static OptionSetValue Choice(int value) => new(value);

    static EntityCollection Parties(EntityReference person) => new([new Entity("activityparty") { ["partyid"] = person }]);

    Guid Create(string table, params (string Column, object? Value)[] columns) => platform.Rows.Create(Row(new Entity(table), columns));

    void Update(string table, Guid id, params (string Column, object? Value)[] columns) => platform.Rows.Update(Row(new Entity(table, id), columns));

    static Entity Row(Entity row, (string Column, object? Value)[] columns)
    {
        foreach ((string column, object? value) in columns) row[column] = value;
        return row;
    }
}
