using System;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Bus;

[Collection(SharedSandbox.Name)]
public sealed class BusRunTimeTests(SandboxFixture sandbox)
{
    const string ShortLock = "<LockDuration>PT1S</LockDuration>";
    readonly string queue = "q" + Guid.NewGuid().ToString("N")[..12];

    BusClient Bus => sandbox.Bus;

    [Fact]
    public async Task Message_sent_and_locked_comes_back_whole_and_completes()
    {
        await Bus.CreateQueueAsync(queue);
        (await Bus.SendAsync(
            queue, "hello", """{"MessageId":"m1","Label":"L","CorrelationId":"c"}""", ("Content-Type", "application/json"), ("Priority", "High"),
                ("Number", "7"), ("Quoted", "\"a b\""))).Status.ShouldBe(201);
        BusAnswer got = await Bus.PeekLockAsync(queue);
        got.Status.ShouldBe(201);
        got.Body.ShouldBe("hello");
        got.ContentType.ShouldBe("application/json");
        got.Broker["MessageId"]!.GetValue<string>().ShouldBe("m1");
        got.Broker["Label"]!.GetValue<string>().ShouldBe("L");
        got.Broker["DeliveryCount"]!.GetValue<int>().ShouldBe(1);
        got.Broker["State"]!.GetValue<string>().ShouldBe("Active");
        got.Headers["Priority"].ShouldBe("\"High\"");
        got.Headers["Number"].ShouldBe("7");
        got.Headers["Quoted"].ShouldBe("\"a b\"");
        got.Location.ShouldNotBeNull().ShouldStartWith($"{sandbox.Url}/{queue}/messages/{got.Broker["SequenceNumber"]}/");
        (await Bus.CallAsync("DELETE", got.Location, null)).Status.ShouldBe(200);
        (await Bus.CallAsync("DELETE", got.Location, null)).Status.ShouldBe(404);
        (await Bus.PeekLockAsync(queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Locked_message_is_hidden_and_can_be_settled_by_message_id_too()
    {
        await Bus.CreateQueueAsync(queue);
        await Bus.SendAsync(queue, "one", """{"MessageId":"mine"}""");
        BusAnswer got = await Bus.PeekLockAsync(queue);
        (await Bus.PeekLockAsync(queue)).Status.ShouldBe(204);
        string token = got.Broker["LockToken"]!.GetValue<string>();
        (await Bus.CallAsync("DELETE", $"/{queue}/messages/other/{token}", null)).Status.ShouldBe(404);
        (await Bus.CallAsync("DELETE", $"/{queue}/messages/mine/{token}", null)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Abandoned_message_returns_to_its_place_with_a_higher_count()
    {
        await Bus.CreateQueueAsync(queue);
        await Bus.SendAsync(queue, "first");
        await Bus.SendAsync(queue, "second");
        BusAnswer got = await Bus.PeekLockAsync(queue);
        (await Bus.CallAsync("PUT", got.Location!, "")).Status.ShouldBe(200);
        BusAnswer again = await Bus.PeekLockAsync(queue);
        again.Body.ShouldBe("first");
        again.Broker["DeliveryCount"]!.GetValue<int>().ShouldBe(2);
        again.Broker["SequenceNumber"]!.GetValue<long>().ShouldBe(got.Broker["SequenceNumber"]!.GetValue<long>());
    }

    [Fact]
    public async Task Lock_that_ran_out_cannot_settle_and_the_message_is_delivered_again()
    {
        await Bus.CreateQueueAsync(queue, ShortLock);
        await Bus.SendAsync(queue, "late");
        BusAnswer got = await Bus.PeekLockAsync(queue);
        BusAnswer again = await Bus.PeekLockAsync(queue, seconds: 30);
        again.Body.ShouldBe("late");
        again.Broker["DeliveryCount"]!.GetValue<int>().ShouldBe(2);
        BusAnswer lost = await Bus.CallAsync("DELETE", got.Location!, null);
        lost.Status.ShouldBe(404);
        lost.Body.ShouldContain("<Code>404</Code>");
        lost.Body.ShouldContain("The lock supplied is invalid");
        (await Bus.CallAsync("POST", got.Location!, "")).Status.ShouldBe(404);
        (await Bus.CallAsync("DELETE", again.Location!, null)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Move_of_the_clock_ends_no_lock()
    {
        await Bus.CreateQueueAsync(queue);
        await Bus.SendAsync(queue, "held");
        BusAnswer got = await Bus.PeekLockAsync(queue);
        await sandbox.Controls.AdvanceAsync("1h");
        (await Bus.CallAsync("POST", got.Location!, "")).Status.ShouldBe(200);
        (await Bus.CallAsync("DELETE", got.Location!, null)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Message_delivered_too_often_lies_in_the_dead_letter_queue_with_the_reason()
    {
        await Bus.CreateQueueAsync(queue, "<MaxDeliveryCount>2</MaxDeliveryCount>");
        await Bus.SendAsync(queue, "poison");
        for (int i = 0; i < 2; i++) await Bus.CallAsync("PUT", (await Bus.PeekLockAsync(queue)).Location!, "");
        (await Bus.PeekLockAsync(queue)).Status.ShouldBe(204);
        BusAnswer dead = await Bus.PeekLockAsync(queue + "/$deadletterqueue");
        dead.Body.ShouldBe("poison");
        dead.Headers["DeadLetterReason"].ShouldBe("\"MaxDeliveryCountExceeded\"");
        (await Bus.SendAsync(queue + "/$DeadLetterQueue", "x")).Status.ShouldBe(400);
        (await Bus.CallAsync("DELETE", dead.Location!, null)).Status.ShouldBe(200);
        (await Bus.TakeAsync(queue + "/$DeadLetterQueue")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Receive_and_delete_answers_without_lock()
    {
        await Bus.CreateQueueAsync(queue);
        await Bus.SendAsync(queue, "gone");
        BusAnswer got = await Bus.TakeAsync(queue);
        got.Status.ShouldBe(200);
        got.Location.ShouldBeNull();
        got.Broker["LockToken"].ShouldBeNull();
        (await Bus.TakeAsync(queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Long_poll_gets_a_message_that_is_sent_while_it_waits()
    {
        await Bus.CreateQueueAsync(queue);
        Task<BusAnswer> waiting = Bus.PeekLockAsync(queue, seconds: 60);
        await Bus.SendAsync(queue, "just now");
        (await waiting).Body.ShouldBe("just now");
    }

    [Fact]
    public async Task Batch_is_taken_whole_or_not_at_all()
    {
        await Bus.CreateQueueAsync(queue);
        (string, string) type = ("Content-Type", "application/vnd.microsoft.servicebus.json");
        (await Bus.SendAsync(
            queue, """[{"Body":"a","BrokerProperties":{"Label":"M1","TimeToLiveTimeSpan":"0.00:00:40"},"UserProperties":{"Priority":"Low","n":3}},{"Body":"b"}]""", null, type)).Status.ShouldBe(201);
        BusAnswer bad = await Bus.SendAsync(queue, """[{"Body":"c"},{"NoBody":1}]""", null, type);
        bad.Status.ShouldBe(400);
        bad.Body.ShouldContain("Message 1 has no Body.");
        BusAnswer first = await Bus.TakeAsync(queue);
        first.Body.ShouldBe("a");
        first.Broker["TimeToLive"]!.GetValue<double>().ShouldBe(40);
        first.Headers["Priority"].ShouldBe("\"Low\"");
        first.Headers["n"].ShouldBe("3");
        (await Bus.TakeAsync(queue)).Body.ShouldBe("b");
        (await Bus.TakeAsync(queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Scheduled_message_waits_for_the_sandbox_clock()
    {
        await Bus.CreateQueueAsync(queue);
        DateTime at = sandbox.Host.Clock.UtcNow.AddHours(3);
        await Bus.SendAsync(queue, "later", new JsonObject { ["ScheduledEnqueueTimeUtc"] = at.ToString("R", CultureInfo.InvariantCulture) }.ToJsonString());
        (await Bus.TakeAsync(queue)).Status.ShouldBe(204);
        Task<BusAnswer> waiting = Bus.TakeAsync(queue, seconds: 60);
        await sandbox.Controls.AdvanceAsync("3h");
        (await waiting).Body.ShouldBe("later");
    }

    [Fact]
    public async Task Duplicate_detection_accepts_and_drops_an_id_seen_before()
    {
        await Bus.CreateQueueAsync(queue, "<RequiresDuplicateDetection>true</RequiresDuplicateDetection>");
        for (int i = 0; i < 2; i++) (await Bus.SendAsync(queue, "same", """{"MessageId":"d"}""")).Status.ShouldBe(201);
        (await Bus.TakeAsync(queue)).Body.ShouldBe("same");
        (await Bus.TakeAsync(queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Expired_message_is_never_handed_out()
    {
        await Bus.CreateQueueAsync(queue, "<DeadLetteringOnMessageExpiration>true</DeadLetteringOnMessageExpiration>");
        await Bus.SendAsync(queue, "short", """{"TimeToLive":0.000001}""");
        await Bus.SendAsync(queue, "long");
        (await Bus.TakeAsync(queue)).Body.ShouldBe("long");
        (await Bus.TakeAsync(queue + "/$DeadLetterQueue")).Headers["DeadLetterReason"].ShouldBe("\"TTLExpiredException\"");
    }

    [Fact]
    public async Task Unknown_queue_is_404_and_a_call_without_token_401()
    {
        (await Bus.SendAsync("no-such-queue", "x")).Status.ShouldBe(404);
        BusAnswer refused = await Bus.CallAsync("POST", $"/{queue}/messages", "x", ("Authorization", ""));
        refused.Status.ShouldBe(401);
        refused.Body.ShouldStartWith("<Error><Code>401</Code><Detail>MissingToken");
        refused.Reason.ShouldNotBeNull().ShouldStartWith("MissingToken");
    }

    [Fact]
    public async Task Broken_broker_properties_are_400_and_too_large_a_message_is_403()
    {
        await Bus.CreateQueueAsync(queue);
        (await Bus.SendAsync(queue, "x", "{")).Status.ShouldBe(400);
        (await Bus.SendAsync(queue, "x", """{"SessionId":"a","PartitionKey":"b"}""")).Status.ShouldBe(400);
        (await Bus.SendAsync(queue, new string('x', 300_000))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Queue_is_made_once_described_and_deleted()
    {
        (await Bus.CreateQueueAsync(queue, ShortLock)).Status.ShouldBe(201);
        (await Bus.CreateQueueAsync(queue)).Status.ShouldBe(409);
        BusAnswer described = await Bus.CallAsync("GET", $"/{queue}?api-version=2021-05", null);
        described.Body.ShouldContain("<LockDuration>PT1S</LockDuration>");
        described.Body.ShouldContain("<d2p1:ActiveMessageCount>0</d2p1:ActiveMessageCount>");
        (await Bus.CallAsync("DELETE", "/" + queue, null)).Status.ShouldBe(200);
        (await Bus.CallAsync("GET", "/" + queue, null)).Status.ShouldBe(404);
    }
}
