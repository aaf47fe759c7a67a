using System;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class ContactChangedTests
{
    readonly PluginPlatform platform = new();

    [Fact]
    public void Contact_created_tells_who_when_and_every_column_that_has_a_value()
    {
        Guid id = platform.Rows.Create(new Entity("contact")
        {
            ["firstname"] = "Ada",
            ["lastname"] = "Lovelace",
            ["fullname"] = "Ada Lovelace",
            ["emailaddress1"] = "ada@example.com",
            ["donotemail"] = true,
            ["donotbulkemail"] = false,
            ["crmb_timezone"] = "Europe/London",
            ["jobtitle"] = null,
        });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Name.ShouldBe("contact_created");
        posted.Contacts.ShouldBe([id.ToString("D")]);
        posted.At.ShouldBe("2026-01-05T10:00:00.000Z");
        posted.Id.ShouldBe(platform.Posts[0].OperationId.ToString("D"));
        posted.RowVersion.ShouldBe(1001);
        posted.Incomplete.ShouldBeFalse();
        posted.Trait("firstname").ShouldBe("Ada");
        posted.Trait("fullname").ShouldBe("Ada Lovelace");
        posted.Trait("emailaddress1").ShouldBe("ada@example.com");
        posted.Trait("email").ShouldBe("ada@example.com");
        posted.Trait("donotemail").ShouldBe("True");
        posted.Trait("doNotEmail").ShouldBe("True");
        posted.Trait("donotbulkemail").ShouldBe("False");
        posted.Trait("doNotBulkEmail").ShouldBe("False");
        posted.Trait("crmb_timezone").ShouldBe("Europe/London");
        posted.Trait("timeZone").ShouldBe("Europe/London");
        posted.Traits.ShouldNotContainKey("jobtitle");
        posted.Trait("statecode").ShouldBe("0", "the platform fills it, the image shows it");
    }

    [Fact]
    public void Contact_is_posted_to_the_products_own_service_endpoint()
    {
        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        EntityReference endpoint = platform.Endpoints.ShouldHaveSingleItem();
        endpoint.LogicalName.ShouldBe("serviceendpoint");
        endpoint.Id.ShouldBe(new Guid(CrmNames.ServiceEndpointId));
    }

    [Fact]
    public void Contact_updated_tells_the_columns_sent_and_no_others()
    {
        Guid id = Stored(new Entity("contact") { ["firstname"] = "Ada", ["jobtitle"] = "Countess", ["telephone1"] = "1" });

        platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst", ["telephone1"] = null });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Name.ShouldBe("contact_updated");
        posted.Contacts.ShouldBe([id.ToString("D")]);
        posted.Traits.Keys.ShouldBe(["jobtitle", "telephone1"], ignoreOrder: true);
        posted.Trait("jobtitle").ShouldBe("Analyst");
        posted.Traits["telephone1"].ValueKind.ShouldBe(JsonValueKind.Null, "null is cleared");
    }

    [Fact]
    public void Contact_updated_cleared_address_is_cleared_under_both_names()
    {
        Guid id = Stored(new Entity("contact") { ["emailaddress1"] = "ada@example.com" });

        platform.Rows.Update(new Entity("contact", id) { ["emailaddress1"] = null });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Traits["emailaddress1"].ValueKind.ShouldBe(JsonValueKind.Null);
        posted.Traits["email"].ValueKind.ShouldBe(JsonValueKind.Null);
        posted.Traits.ShouldNotContainKey("emailaddress1name");
    }

    [Fact]
    public void Contact_updated_carries_columns_that_an_administrator_added_and_none_of_the_systems_or_our_own()
    {
        Guid id = Stored(new Entity("contact"));

        platform.Rows.Update(new Entity("contact", id)
        {
            ["jobtitle"] = "Analyst",
            ["new_tier"] = "gold",
            ["crmb_timezone"] = "Europe/London",
            ["crmb_score"] = 12.5m,
            ["crmb_why"] = "because",
            ["statuscode"] = new OptionSetValue(1),
            ["modifiedon"] = platform.Now,
            ["modifiedby"] = new EntityReference("systemuser", Guid.NewGuid()),
            ["createdon"] = platform.Now,
            ["versionnumber"] = 7L,
        });

        PostedEvent.Only(platform).Traits.Keys.ShouldBe(["jobtitle", "new_tier", "crmb_timezone", "timeZone"], ignoreOrder: true);
    }

    [Fact]
    public void Contact_updated_with_nothing_that_is_published_is_not_told()
    {
        Guid id = Stored(new Entity("contact"));
        platform.BeforeJob = context =>
        {
            var target = (Entity)context.InputParameters["Target"];
            target.Attributes.Clear();
            target["statuscode"] = new OptionSetValue(1);
        };

        platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst" });

        platform.Posts.ShouldBeEmpty();
        platform.JobFailures.ShouldBeEmpty();
    }

    [Fact]
    public void Contact_updated_by_our_own_columns_does_not_run_the_step()
    {
        Guid id = Stored(new Entity("contact"));

        platform.Rows.Update(new Entity("contact", id) { ["crmb_score"] = 12.5m, ["crmb_grade"] = "hot" });

        platform.Posts.ShouldBeEmpty();
        platform.Traces.ShouldBeEmpty();
    }

    [Fact]
    public void Contact_renamed_tells_the_full_name_that_the_platform_made_of_it()
    {
        Guid id = Stored(new Entity("contact") { ["fullname"] = "Ada King" });

        platform.Rows.Update(new Entity("contact", id) { ["lastname"] = "King" });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Traits.Keys.ShouldBe(["lastname", "fullname"], ignoreOrder: true);
        posted.Trait("fullname").ShouldBe("Ada King");
    }

    [Fact]
    public void Contact_deleted_tells_who()
    {
        Guid id = Stored(new Entity("contact") { ["emailaddress1"] = "ada@example.com" });

        platform.Rows.Delete("contact", id);

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Name.ShouldBe("contact_deleted");
        posted.Contacts.ShouldBe([id.ToString("D")]);
        posted.Traits.ShouldBeEmpty();
    }

    [Fact]
    public void Contact_without_images_is_told_from_what_was_sent()
    {
        platform.WithoutImages = true;

        Guid id = platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });
        platform.Rows.Update(new Entity("contact", id) { ["lastname"] = "King" });

        platform.Posts.Count.ShouldBe(2);
        PostedEvent posted = PostedEvent.Last(platform);
        posted.Trait("lastname").ShouldBe("King");
        posted.RowVersion.ShouldBe(0);
    }

    [Fact]
    public void Contact_whose_sent_columns_the_platform_left_out_is_told_as_incomplete()
    {
        Guid id = Stored(new Entity("contact"));
        platform.BeforeJob = context => context.InputParameters.Clear();

        platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst" });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Contacts.ShouldBe([id.ToString("D")]);
        posted.Incomplete.ShouldBeTrue();
        posted.Traits.ShouldBeEmpty();
    }

    [Fact]
    public void Contact_in_a_context_that_was_cut_is_told_as_incomplete()
    {
        Guid id = Stored(new Entity("contact"));
        platform.BeforeJob = context => context.SharedVariables["MessageMaxSizeExceeded"] = true;

        platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst" });

        PostedEvent.Only(platform).Incomplete.ShouldBeTrue();
    }

    [Fact]
    public void Contact_sent_with_a_row_version_is_ordered_by_it()
    {
        Guid id = Stored(new Entity("contact"));

        platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst", RowVersion = "998877" });

        PostedEvent.Only(platform).RowVersion.ShouldBe(998877);
    }

    [Fact]
    public void Ten_contacts_written_together_are_told_once_each()
    {
        Guid[] ids = Enumerable.Range(0, 10).Select(_ => Stored(new Entity("contact"))).ToArray();

        foreach (Guid id in ids) platform.Rows.Update(new Entity("contact", id) { ["jobtitle"] = "Analyst" });

        platform.Posts.Select(post => post.OperationId).Distinct().Count().ShouldBe(10);
        platform.Posts.Select(post => post.PrimaryEntityId).ShouldBe(ids);
    }

    [Fact]
    public void Trace_begins_with_the_correlation_id()
    {
        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Traces[0].ShouldStartWith("Correlation " + platform.Posts[0].CorrelationId.ToString("D"));
    }

    Guid Stored(Entity contact) => platform.Seed(contact);
}
