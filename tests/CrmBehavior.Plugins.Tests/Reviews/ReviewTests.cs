using System;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using CrmBehavior.Plugins.Reviews;
using CrmBehavior.Plugins.Tests.Capture;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Reviews;

public sealed class ReviewTests
{
    static readonly Guid Service = new("aa000000-0000-4000-8000-0000000000ff");
    static readonly Guid Contact = new("0aa00000-0000-4000-8000-0000000000ad");
    readonly PluginPlatform platform = new();
    readonly Guid review;

    public ReviewTests()
    {
        platform.SetVariable(CrmNames.ServiceUserVariable, Service.ToString());
        review = platform.Rows.Create(new Entity(CrmNames.Review)
        {
            ["crmb_name"] = "Send the offer?",
            ["crmb_contactid"] = new EntityReference("contact", Contact),
            ["crmb_journey"] = "welcome",
            ["crmb_step"] = "v",
            ["crmb_entry"] = 2,
            ["crmb_deadline"] = platform.Now.AddHours(4),
            ["crmb_default"] = "approve",
            ["crmb_answer"] = new OptionSetValue(ReviewAnswer.Open),
            ["crmb_decisionid"] = "d-17",
        });
    }

    Entity Row => platform.Row(CrmNames.Review, review);

    [Theory]
    [InlineData(ReviewAnswer.Approved, "approved", true)]
    [InlineData(ReviewAnswer.Rejected, "rejected", false)]
    public void Answer_fills_in_who_and_when_closes_and_is_told(int answer, string word, bool approved)
    {
        platform.Now = platform.Now.AddMinutes(7);

        Answer(answer);

        Row.GetAttributeValue<EntityReference>("crmb_answeredby").ShouldBe(new EntityReference("systemuser", platform.User));
        Row.GetAttributeValue<DateTime>("crmb_answeredon").ShouldBe(platform.Now);
        Row.GetAttributeValue<OptionSetValue>("statecode").Value.ShouldBe(1);
        PostedEvent told = PostedEvent.Only(platform);
        told.Name.ShouldBe(EventNames.ReviewDecided);
        told.At.ShouldStartWith("2026-01-05T10:07:00");
        told.Contacts.ShouldBe([Contact.ToString()]);
        told.Properties.Select(p => p.Key + " " + p.Value).ShouldBe(
            ["journey welcome", "step v", "entry 2", "approved " + approved, "answer " + word, "decisionId d-17", "by " + platform.User],
            ignoreOrder: true);
        told.Properties["approved"].ValueKind.ShouldBe(approved ? JsonValueKind.True : JsonValueKind.False);
    }

    [Fact]
    public void Answer_stands()
    {
        Answer(ReviewAnswer.Approved);

        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Rejected))).ShouldBe(
            "This review was approved on 2026-01-05 10:00:00 UTC, and what follows from that has begun. It cannot be changed or opened again.");
        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Open))).ShouldContain("was approved");
        Refused(("statecode", new OptionSetValue(0))).ShouldContain("opened again");
        Refused(("crmb_answeredby", new EntityReference("systemuser", Guid.NewGuid()))).ShouldContain("was approved");
        Refused(("crmb_answeredon", platform.Now.AddHours(-1))).ShouldContain("was approved");
        platform.User = Service;
        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Expired))).ShouldContain("was approved");
        platform.Posts.ShouldHaveSingleItem();
    }

    [Fact]
    public void Same_answer_again_is_no_change_and_is_not_told_again()
    {
        Answer(ReviewAnswer.Approved);
        DateTime answered = Row.GetAttributeValue<DateTime>("crmb_answeredon");
        platform.Now = platform.Now.AddMinutes(1);

        Answer(ReviewAnswer.Approved);

        Row.GetAttributeValue<DateTime>("crmb_answeredon").ShouldBe(answered);
        platform.Posts.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(3600, false)]
    public void Answer_comes_before_the_deadline(int seconds, bool taken)
    {
        platform.Now = platform.Now.AddHours(4).AddSeconds(seconds);

        if (taken) Answer(ReviewAnswer.Approved);
        else
        {
            Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Approved))).ShouldBe(
                "The deadline of this review was 2026-01-05 14:00:00 UTC, and \"approve\" was taken. It cannot be answered any more.");
        }

        platform.Posts.Count.ShouldBe(taken ? 1 : 0);
    }

    [Fact]
    public void Who_and_when_cannot_be_claimed()
    {
        Refused(("crmb_answeredby", new EntityReference("systemuser", Guid.NewGuid()))).ShouldContain("filled in by answering");

        // Claimed together with an answer it is overwritten.
        Write(("crmb_answer", new OptionSetValue(ReviewAnswer.Approved)), ("crmb_answeredby", new EntityReference("systemuser", Guid.NewGuid())));
        Row.GetAttributeValue<EntityReference>("crmb_answeredby").Id.ShouldBe(platform.User);
    }

    [Fact]
    public void Question_is_the_services()
    {
        Refused(("crmb_deadline", platform.Now.AddYears(1))).ShouldContain("written by the service");
        Refused(("crmb_journey", "other")).ShouldContain("written by the service");
        Refused(("crmb_contactid", new EntityReference("contact", Guid.NewGuid()))).ShouldContain("written by the service");
        Refused(("crmb_deadline", platform.Now.AddYears(1)), ("crmb_answer", new OptionSetValue(ReviewAnswer.Approved))).ShouldContain("written by the service");
        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Expired))).ShouldContain("Only the service lets a review expire");
        Refused(("statecode", new OptionSetValue(1)), ("statuscode", new OptionSetValue(2))).ShouldContain("closed by answering");

        platform.User = Service;
        Write(("crmb_deadline", platform.Now.AddHours(5)));
        Row.GetAttributeValue<DateTime>("crmb_deadline").ShouldBe(platform.Now.AddHours(5));
    }

    [Fact]
    public void What_a_form_sends_again_is_no_change()
    {
        Write(("crmb_journey", "welcome"), ("crmb_deadline", DateTime.SpecifyKind(platform.Now.AddHours(4), DateTimeKind.Unspecified)),
            ("crmb_answer", new OptionSetValue(ReviewAnswer.Rejected)));

        Row.GetAttributeValue<OptionSetValue>("crmb_answer").Value.ShouldBe(ReviewAnswer.Rejected);
    }

    [Fact]
    public void Service_lets_it_expire_without_an_event()
    {
        platform.User = Service;
        platform.Now = platform.Now.AddHours(4);

        Write(("crmb_answer", new OptionSetValue(ReviewAnswer.Expired)), ("statecode", new OptionSetValue(1)), ("statuscode", new OptionSetValue(2)));

        Row.Contains("crmb_answeredby").ShouldBeFalse();
        platform.Posts.ShouldBeEmpty();
        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Approved))).ShouldContain("was closed at its deadline");
    }

    [Fact]
    public void Review_that_was_closed_unanswered_is_not_answered()
    {
        platform.User = Service;
        Write(("statecode", new OptionSetValue(1)), ("statuscode", new OptionSetValue(2)));
        platform.User = new Guid("aa000000-0000-4000-8000-000000000003");

        Refused(("crmb_answer", new OptionSetValue(ReviewAnswer.Approved))).ShouldContain("the journey went on without it");
    }

    [Fact]
    public void Change_of_owner_asks_for_nothing()
    {
        Write(("ownerid", new EntityReference("team", Guid.NewGuid())));

        platform.Queries.ShouldBeEmpty();
        platform.Traces.ShouldBeEmpty();
    }

    [Fact]
    public void Without_images_the_row_is_read()
    {
        platform.WithoutImages = true;

        Answer(ReviewAnswer.Approved);

        PostedEvent.Only(platform).Properties["decisionId"].GetString().ShouldBe("d-17");
    }

    void Answer(int answer) => Write(("crmb_answer", new OptionSetValue(answer)));

    string Refused(params (string, object)[] columns)
    {
        string[] before = [.. Row.Attributes.Select(c => c.Key + Text(c.Value))];
        string message = Should.Throw<InvalidPluginExecutionException>(() => Write(columns)).Message;
        Row.Attributes.Select(c => c.Key + Text(c.Value)).ShouldBe(before);
        return message;
    }

    static string Text(object value) => value is OptionSetValue choice ? choice.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"{value}";

    void Write(params (string Column, object Value)[] columns)
    {
        var row = new Entity(CrmNames.Review, review);
        foreach ((string column, object value) in columns) row[column] = value;
        platform.Rows.Update(row);
    }
}
