using System;
using System.Linq;
using CrmBehavior.Plugins.Platform;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class ActivityChangedTests
{
    static readonly Guid Ada = new("0A000000-0000-4000-8000-00000000000A");
    static readonly Guid Ben = new("0B000000-0000-4000-8000-00000000000B");
    static readonly Guid Owner = new("0C000000-0000-4000-8000-00000000000C");
    readonly PluginPlatform platform = new();

    [Theory]
    [InlineData("email", true, "outgoing")]
    [InlineData("phonecall", false, "incoming")]
    public void Activity_created_tells_what_it_is_and_of_the_regarding_contact(string table, bool outgoing, string direction)
    {
        Guid id = platform.Rows.Create(new Entity(table)
        {
            ["subject"] = "Your offer",
            ["directioncode"] = outgoing,
            ["ownerid"] = new EntityReference("systemuser", Owner),
            ["regardingobjectid"] = new EntityReference("contact", Ada),
        });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Name.ShouldBe("activity_created");
        posted.Contacts.ShouldBe([Ada.ToString("D")]);
        posted.Id.ShouldBe(platform.Posts[0].OperationId.ToString("D"));
        posted.RowVersion.ShouldBe(1001);
        posted.Properties.ToDictionary(pair => pair.Key, pair => pair.Value.GetString()).ShouldBe(new()
        {
            ["type"] = table,
            ["activityId"] = id.ToString("D"),
            ["subject"] = "Your offer",
            ["direction"] = direction,
            ["ownerId"] = Owner.ToString("D"),
        });
        posted.Traits.ShouldBeEmpty();
        platform.Queries.ShouldNotContain("activityparty", "the regarding contact is enough");
    }

    [Theory]
    [InlineData("appointment")]
    [InlineData("task")]
    public void Activity_without_direction_tells_none(string table)
    {
        platform.Rows.Create(new Entity(table) { ["subject"] = "Call back", ["regardingobjectid"] = new EntityReference("contact", Ada) });

        PostedEvent.Only(platform).Properties.Keys.ShouldBe(["type", "activityId", "subject"], ignoreOrder: true);
    }

    [Fact]
    public void Activity_regarding_something_else_is_about_each_contact_among_the_parties_sent()
    {
        platform.Rows.Create(new Entity("email")
        {
            ["regardingobjectid"] = new EntityReference("account", Guid.NewGuid()),
            ["from"] = Parties(("systemuser", Owner)),
            ["to"] = Parties(("contact", Ada), ("account", Guid.NewGuid())),
            ["cc"] = Parties(("contact", Ben), ("contact", Ada)),
            ["bcc"] = new EntityCollection([new Entity("activityparty") { ["addressused"] = "eve@example.com" }]),
        });

        PostedEvent.Only(platform).Contacts.ShouldBe([Ada.ToString("D"), Ben.ToString("D")]);
        platform.Queries.ShouldNotContain("activityparty");
    }

    [Theory]
    [InlineData("requiredattendees")]
    [InlineData("optionalattendees")]
    [InlineData("organizer")]
    public void Appointment_is_about_contacts_in_every_list_of_attendees(string list)
    {
        platform.Rows.Create(new Entity("appointment") { [list] = Parties(("contact", Ada)) });

        PostedEvent.Only(platform).Contacts.ShouldBe([Ada.ToString("D")]);
    }

    [Fact]
    public void Activity_completed_is_about_the_parties_that_are_stored()
    {
        Guid id = platform.Seed(new Entity("phonecall") { ["statecode"] = new OptionSetValue(0), ["subject"] = "Call back", ["directioncode"] = true });
        Party(id, "contact", Ben, mask: 2);
        Party(id, "systemuser", Owner, mask: 1);
        Party(Guid.NewGuid(), "contact", Ada, mask: 2);

        platform.Rows.Update(new Entity("phonecall", id) { ["statecode"] = new OptionSetValue(1), ["statuscode"] = new OptionSetValue(2) });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Name.ShouldBe("activity_completed");
        posted.Contacts.ShouldBe([Ben.ToString("D")]);
        posted.Properties["subject"].GetString().ShouldBe("Call back");
        posted.Properties["direction"].GetString().ShouldBe("outgoing");
    }

    [Fact]
    public void Activity_completed_without_images_reads_the_row()
    {
        platform.WithoutImages = true;
        Guid id = platform.Seed(new Entity("task") { ["subject"] = "Call back", ["regardingobjectid"] = new EntityReference("contact", Ada) });
        platform.Row("task", id)["activityid"] = id;

        platform.Rows.Update(new Entity("task", id) { ["statecode"] = new OptionSetValue(1) });

        PostedEvent posted = PostedEvent.Only(platform);
        posted.Contacts.ShouldBe([Ada.ToString("D")]);
        posted.Properties["subject"].GetString().ShouldBe("Call back");
        posted.Incomplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Activity_reopened_or_cancelled_is_not_told(int state)
    {
        Guid id = platform.Seed(new Entity("task") { ["statecode"] = new OptionSetValue(0), ["regardingobjectid"] = new EntityReference("contact", Ada) });

        platform.Rows.Update(new Entity("task", id) { ["statecode"] = new OptionSetValue(state) });

        platform.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Activity_that_was_completed_before_is_not_completed_again()
    {
        Guid id = platform.Seed(new Entity("task") { ["statecode"] = new OptionSetValue(1), ["regardingobjectid"] = new EntityReference("contact", Ada) });

        platform.Rows.Update(new Entity("task", id) { ["statecode"] = new OptionSetValue(1) });

        platform.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Activity_edited_is_not_told()
    {
        Guid id = platform.Seed(new Entity("task") { ["statecode"] = new OptionSetValue(0), ["regardingobjectid"] = new EntityReference("contact", Ada) });

        platform.Rows.Update(new Entity("task", id) { ["subject"] = "Call back today" });

        platform.Posts.ShouldBeEmpty();
        platform.Traces.ShouldBeEmpty();
    }

    [Fact]
    public void Activity_without_a_contact_is_not_told()
    {
        platform.Rows.Create(new Entity("email") { ["to"] = Parties(("systemuser", Owner)) });
        platform.Rows.Create(new Entity("task") { ["subject"] = "Tidy up" });

        platform.Posts.ShouldBeEmpty();
        platform.JobFailures.ShouldBeEmpty();
        platform.Traces.ShouldContain("No contact is concerned.");
    }

    [Fact]
    public void Activity_that_is_deleted_before_its_job_runs_is_no_error()
    {
        platform.WithoutImages = true;
        platform.BeforeJob = context => context.InputParameters.Clear();

        platform.Rows.Create(new Entity("task") { ["subject"] = "Call back", ["regardingobjectid"] = new EntityReference("contact", Ada) });

        platform.Posts.ShouldBeEmpty();
        platform.JobFailures.ShouldBeEmpty();
    }

    [Fact]
    public void Touchpoints_have_no_step()
    {
        StepCatalog.Steps.ShouldNotContain(step => step.Table == "crmb_touchpoint");
    }

    static EntityCollection Parties(params (string Table, Guid Id)[] people) =>
        new([.. people.Select(person => new Entity("activityparty") { ["partyid"] = new EntityReference(person.Table, person.Id) })]);

    void Party(Guid activity, string table, Guid person, int mask) => platform.Seed(new Entity("activityparty")
    {
        ["activityid"] = new EntityReference("activitypointer", activity),
        ["partyid"] = new EntityReference(table, person),
        ["participationtypemask"] = new OptionSetValue(mask),
    });
}
