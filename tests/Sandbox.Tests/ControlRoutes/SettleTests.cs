using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Settle;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ControlRoutes;

public sealed class SettleTests
{
    [Fact]
    public async Task Settle_asks_the_service_until_nothing_is_pending()
    {
        await using Catcher service = await Catcher.StartAsync();
        int asked = 0;
        service.Answer = path => (200, path == "/sandbox/pending" && ++asked < 4 ? """{"pending":[{"what":"outbox","count":3}]}""" : """{"pending":[]}""");
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = service.Url });
            await sandbox.Controls.SettleAsync();
            asked.ShouldBeGreaterThanOrEqualTo(5);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_is_left_when_the_time_is_over_is_named()
    {
        await using Catcher service = await Catcher.StartAsync();
        service.Answer = _ => (200, """{"pending":[{"what":"outbox","count":3},{"what":"timers","count":0}]}""");
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = service.Url });
            await sandbox.Bus.SendAsync("crm-events", "unread");
            IReadOnlyList<PendingWork> left = await new Settlement(sandbox.Host).SettleAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            left.ShouldBe([new PendingWork("messages on the bus", 1), new PendingWork("outbox", 3)]);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Service_that_cannot_be_reached_three_times_is_dropped()
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = "http://localhost:9" });
            (await sandbox.Controls.GetAsync("/sandbox/services"))["services"]!.AsArray().Count.ShouldBe(1);
            for (int i = 0; i < 3; i++) await sandbox.Controls.AdvanceAsync("1s");
            (await sandbox.Controls.GetAsync("/sandbox/services"))["services"]!.AsArray().ShouldBeEmpty();
            await sandbox.Controls.SettleAsync();
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Service_that_was_dropped_is_back_when_it_answers_and_is_waited_for()
    {
        await using Catcher service = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            await DropAsync(sandbox, service);
            await new MailClient(sandbox).SendAsync(MailClient.Good());
            await sandbox.Controls.SettleAsync();
            service.All.ShouldNotContain(r => r.Path == "/webhooks/sendgrid");

            service.Answer = _ => (200, """{"pending":[]}""");
            await sandbox.Controls.SettleAsync();

            service.All.Count(r => r.Path == "/webhooks/sendgrid").ShouldBe(1);
            (await sandbox.Controls.GetAsync("/sandbox/services"))["services"]!.AsArray().Count.ShouldBe(1);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Service_that_was_dropped_is_told_the_time_when_it_is_back()
    {
        await using Catcher service = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            await DropAsync(sandbox, service);
            int before = service.All.Count;
            service.Answer = _ => (200, """{"pending":[]}""");

            await sandbox.Controls.SettleAsync();

            service.All.Skip(before).Select(r => r.Path).Take(2).ShouldBe(["/sandbox/clock", "/sandbox/pending"]);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    /// <summary>Has a service registered that then cannot be reached three times.</summary>
    static async Task DropAsync(SandboxFixture sandbox, Catcher service)
    {
        await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = service.Url });
        service.Answer = _ => (503, "");
        for (int i = 0; i < 3; i++) await sandbox.Controls.AdvanceAsync("1s");
        (await sandbox.Controls.GetAsync("/sandbox/services"))["services"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Address_that_is_none_is_refused()
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            (int status, JsonNode? body) = await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = "here" });
            status.ShouldBe(400);
            body!["error"]!.GetValue<string>().ShouldStartWith("/url:");
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }
}
