using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ControlRoutes;

public sealed class FaultTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Theory]
    [InlineData("crm")]
    [InlineData("bus")]
    [InlineData("mail")]
    public async Task Status_fault_hits_its_target_alone_and_ends_when_deleted(string target)
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = target, ["kind"] = "status", ["status"] = 502 });
        (await sandbox.Crm.GetAsync("WhoAmI")).Status.ShouldBe(target == "crm" ? 502 : 200);
        (await sandbox.Bus.SendAsync("crm-events", "x")).Status.ShouldBe(target == "bus" ? 502 : 201);
        (await new MailClient(sandbox).SendAsync(MailClient.Good())).Status.ShouldBe(target == "mail" ? 502 : 202);
        await sandbox.Controls.ClearFaultsAsync();
        (await sandbox.Crm.GetAsync("WhoAmI")).Status.ShouldBe(200);
        (await sandbox.Controls.GetAsync("/sandbox/requests")).AsArray().Single(r => r!["status"]!.GetValue<int>() == 502)!["system"]!.GetValue<string>()
            .ShouldBe(target);
    }

    [Fact]
    public async Task Throttled_crm_answers_429_with_the_platforms_code_and_the_seconds_left()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "crm", ["kind"] = "throttle", ["seconds"] = 30 });
        CrmAnswer answer = await sandbox.Crm.GetAsync("WhoAmI");
        answer.Status.ShouldBe(429);
        answer.Code.ShouldBe("0x80072322");
        int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(25, 30);
        await sandbox.Controls.AdvanceAsync("31s");
        (await sandbox.Crm.GetAsync("WhoAmI")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Throttled_mail_and_bus_answer_in_their_own_forms()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "mail", ["kind"] = "throttle" });
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "throttle" });
        (int status, string body, _) = await new MailClient(sandbox).SendAsync(MailClient.Good());
        (status, body).ShouldBe((429, """{"errors":[{"message":"too many requests","field":null,"help":null}]}"""));
        BusAnswer bus = await sandbox.Bus.SendAsync("crm-events", "x");
        bus.Status.ShouldBe(503);
        bus.Body.ShouldContain("Error code: 50009.");
    }

    [Fact]
    public async Task Accept_then_fail_does_the_work_and_loses_the_answer()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "mail", ["kind"] = "accept-then-fail" });
        await Should.ThrowAsync<HttpRequestException>(() => new MailClient(sandbox).SendAsync(MailClient.Good("lost@example.com")));
        (await new MailClient(sandbox).InboxAsync("lost@example.com")).Length.ShouldBe(1);
        await sandbox.Controls.ClearFaultsAsync();
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "crm", ["kind"] = "accept-then-fail", ["status"] = 504 });
        var id = Guid.NewGuid();
        (await sandbox.Crm.PostAsync("contacts", new JsonObject { ["contactid"] = id.ToString(), ["lastname"] = "Lost" })).Status.ShouldBe(504);
        await sandbox.Controls.ClearFaultsAsync();
        (await sandbox.Crm.GetAsync($"contacts({id})?$select=lastname")).Json["lastname"]!.GetValue<string>().ShouldBe("Lost");
    }

    [Fact]
    public async Task Hanging_request_breaks_when_the_fault_is_deleted()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "crm", ["kind"] = "hang" });
        Task<CrmAnswer> hanging = sandbox.Crm.GetAsync("WhoAmI");
        hanging.IsCompleted.ShouldBeFalse();
        // The gate listens for the end of the fault only once the request has reached it.
        Task clear = Task.Run(async () =>
        {
            while (!hanging.IsCompleted) await sandbox.Controls.ClearFaultsAsync();
        });
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            CrmAnswer answered = await hanging;
            // Deleted before the request came: then it is answered, which is not what is tested.
            if (answered.Status == 200) throw new HttpRequestException("answered");
        });
        await clear;
    }

    [Fact]
    public async Task Redelivery_brings_a_completed_message_back_once()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "redeliver" });
        await sandbox.Bus.SendAsync("crm-events", "again", """{"MessageId":"m"}""");
        for (int delivery = 1; delivery <= 2; delivery++)
        {
            BusAnswer got = await sandbox.Bus.PeekLockAsync("crm-events");
            got.Broker["MessageId"]!.GetValue<string>().ShouldBe("m");
            got.Broker["DeliveryCount"]!.GetValue<int>().ShouldBe(delivery);
            (await sandbox.Bus.CallAsync("DELETE", got.Location!, null)).Status.ShouldBe(200);
        }
        (await sandbox.Bus.PeekLockAsync("crm-events")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Rate_hits_a_share_of_requests_that_its_seed_repeats()
    {
        async Task<string> Pattern()
        {
            await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "crm", ["kind"] = "status", ["rate"] = 0.5, ["seed"] = 7 });
            string hits = "";
            for (int i = 0; i < 20; i++) hits += (await sandbox.Crm.GetAsync("WhoAmI")).Status == 503 ? "x" : ".";
            await sandbox.Controls.ClearFaultsAsync();
            return hits;
        }

        string first = await Pattern();
        first.ShouldContain("x");
        first.ShouldContain(".");
        (await Pattern()).ShouldBe(first);
    }

    [Fact]
    public async Task Match_hits_only_requests_that_contain_it()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "crm", ["kind"] = "status", ["match"] = "POST /api/data/v9.2/tasks" });
        (await sandbox.Crm.GetAsync("tasks?$top=1")).Status.ShouldBe(200);
        (await sandbox.Crm.PostAsync("tasks", new JsonObject { ["subject"] = "x" })).Status.ShouldBe(503);
    }

    [Theory]
    [InlineData("""{"target":"moon","kind":"status"}""", "/target")]
    [InlineData("""{"target":"crm","kind":"sulk"}""", "/kind")]
    [InlineData("""{"target":"crm","kind":"redeliver"}""", "/kind")]
    [InlineData("""{"target":"crm","kind":"status","rate":2}""", "/rate")]
    [InlineData("""{"target":"crm","kind":"status","rate":"much"}""", "/rate")]
    [InlineData("""{"target":"crm","kind":"status","status":200}""", "/status")]
    [InlineData("""{"target":"crm","kind":"delay","seconds":0}""", "/seconds")]
    public async Task Fault_that_cannot_be_is_refused_with_its_place(string fault, string place)
    {
        (int status, JsonNode? body) = await sandbox.Controls.PostAsync("/sandbox/faults", JsonNode.Parse(fault));
        status.ShouldBe(400);
        body!["error"]!.GetValue<string>().ShouldStartWith(place + ":");
    }
}
