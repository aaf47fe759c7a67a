using System;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class BusTests
{
    readonly PluginPlatform platform = new();

    [Fact]
    public void Bus_away_asks_the_platform_to_try_again_and_the_event_keeps_its_id()
    {
        platform.BusRefusals = 2;

        Guid id = platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.JobFailures.Count.ShouldBe(2);
        platform.JobFailures.ShouldAllBe(failure => failure.Status == OperationStatus.Retry);
        platform.JobFailures[0].Message.ShouldContain(id.ToString("D"));
        platform.JobFailures[0].Message.ShouldContain("service endpoint");
        platform.Traces.ShouldContain(line => line.Contains("The bus is away", StringComparison.Ordinal));
        PostedEvent.Only(platform).Id.ShouldBe(platform.Posts[0].OperationId.ToString("D"));
        platform.All("contact").Count().ShouldBe(1, "the row is kept whatever the bus does");
    }

    [Fact]
    public void Bus_away_for_all_four_attempts_fails_the_job_and_keeps_the_row()
    {
        platform.BusRefusals = 10;

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.JobFailures.Count.ShouldBe(PluginPlatform.Attempts);
        platform.All("contact").Count().ShouldBe(1);
    }

    [Fact]
    public void Busy_database_asks_the_platform_to_try_again()
    {
        platform.QueryFailures = 1;

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        InvalidPluginExecutionException failure = platform.JobFailures.ShouldHaveSingleItem();
        failure.Status.ShouldBe(OperationStatus.Retry);
        failure.Message.ShouldBe(
            "CrmBehavior could not finish its work on Create of contact: The database is busy. The plugin trace log has the details under correlation id "
            + platform.Posts[0].CorrelationId.ToString("D") + ".");
        platform.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public void Refused_rollback_posts_nothing()
    {
        Should.Throw<InvalidOperationException>(() => platform.InTransaction<int>(() =>
        {
            new PlatformRows(platform, new Pipeline(platform), new RemoteExecutionContext()).Create(new Entity("contact") { ["lastname"] = "Lovelace" });
            throw new InvalidOperationException("another plugin refuses");
        }));

        platform.Posts.ShouldBeEmpty();
        platform.All("contact").ShouldBeEmpty();
    }

    [Fact]
    public void Description_of_300_kb_is_left_out_and_the_event_says_so()
    {
        Guid id = platform.Seed(new Entity("contact"));

        platform.Rows.Update(new Entity("contact", id)
        {
            ["jobtitle"] = "Analyst",
            ["new_notes"] = new string('x', 9_000),
            ["description"] = new string('ü', 300 * 1024),
        });

        string json = (string)platform.Posts[0].SharedVariables[EventMessage.VariableName];
        Encoding.UTF8.GetByteCount(json).ShouldBeLessThanOrEqualTo(EventSize.Limit);
        PostedEvent posted = PostedEvent.Only(platform);
        posted.Incomplete.ShouldBeTrue();
        posted.Traits.ShouldNotContainKey("description");
        posted.Trait("jobtitle").ShouldBe("Analyst");
        posted.Trait("new_notes")!.Length.ShouldBe(9_000, "the longest goes first, and no more than must");
    }

    [Fact]
    public void Event_at_the_limit_is_whole()
    {
        var message = new EventMessage();
        message.Traits["description"] = "";
        int frame = Encoding.UTF8.GetByteCount(message.ToJson());

        message.Traits["description"] = new string('x', EventSize.Limit - frame);
        EventSize.Fit(message);
        message.Incomplete.ShouldBeFalse();

        message.Traits["description"] = new string('x', EventSize.Limit - frame + 1);
        EventSize.Fit(message);
        message.Incomplete.ShouldBeTrue();
        message.Traits.ShouldBeEmpty();
    }

    [Fact]
    public void Posted_context_holds_the_event_where_a_reader_looks_for_it()
    {
        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        using var stream = new MemoryStream();
        new DataContractJsonSerializer(typeof(RemoteExecutionContext)).WriteObject(stream, platform.Posts[0]);
        using JsonDocument context = JsonDocument.Parse(stream.ToArray());
        JsonElement variable = context.RootElement.GetProperty("SharedVariables").EnumerateArray()
            .Single(pair => pair.GetProperty("key").GetString() == EventMessage.VariableName);
        using JsonDocument message = JsonDocument.Parse(variable.GetProperty("value").GetString()!);
        message.RootElement.GetProperty("v").GetInt32().ShouldBe(EventMessage.CurrentVersion);
        message.RootElement.GetProperty("traits").GetProperty("lastname").GetString().ShouldBe("Lovelace");
    }
}
