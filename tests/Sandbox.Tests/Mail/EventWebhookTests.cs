using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Mail;

public sealed class EventWebhookTests
{
    [Fact]
    public async Task Accepted_mail_is_told_as_processed_and_delivered_with_a_valid_signature()
    {
        await using Catcher catcher = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url + "/hook", Solution = "" });
        try
        {
            (_, _, string? id) = await new MailClient(sandbox).SendAsync(MailClient.Good("a@example.com", "d7"));
            Caught post = (await catcher.WaitAsync(1))[0];
            post.Path.ShouldBe("/hook");
            Verify(post, sandbox.Host.Webhook.PublicKey).ShouldBeTrue();
            Verify(post with { Body = [.. post.Body, (byte)' '] }, sandbox.Host.Webhook.PublicKey).ShouldBeFalse();
            JsonArray events = JsonNode.Parse(post.Body)!.AsArray();
            events.Select(e => e!["event"]!.GetValue<string>()).ShouldBe(["processed", "delivered"]);
            foreach (JsonNode? told in events)
            {
                told!["sg_message_id"]!.GetValue<string>().ShouldStartWith(id + ".");
                told["decision_id"]!.GetValue<string>().ShouldBe("d7");
                told["email"]!.GetValue<string>().ShouldBe("a@example.com");
            }
            events.Select(e => e!["sg_event_id"]!.GetValue<string>()).Distinct().Count().ShouldBe(2);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Events_that_are_not_taken_are_told_again()
    {
        await using Catcher catcher = await Catcher.StartAsync();
        int calls = 0;
        catcher.Answer = _ => (++calls <= 2 ? 503 : 200, "");
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url, Solution = "" });
        try
        {
            await new MailClient(sandbox).SendAsync(MailClient.Good());
            IReadOnlyList<Caught> posts = await catcher.WaitAsync(3);
            posts.Select(p => Encoding.UTF8.GetString(p.Body)).Distinct().ShouldHaveSingleItem();
            await sandbox.Controls.SettleAsync();
            catcher.All.Count.ShouldBe(3);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Events_are_told_again_when_the_journal_could_not_forget_them()
    {
        await using Catcher catcher = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url, Solution = "" });
        try
        {
            sandbox.Host.Journal.Write(w => w.Run("CREATE TRIGGER kept BEFORE DELETE ON mail_event BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"));
            await new MailClient(sandbox).SendAsync(MailClient.Good());
            await catcher.WaitAsync(2);

            sandbox.Host.Journal.Write(w => w.Run("DROP TRIGGER kept"));
            await sandbox.Controls.SettleAsync();

            catcher.All.Select(p => Encoding.UTF8.GetString(p.Body)).Distinct().ShouldHaveSingleItem();
            sandbox.Host.Webhook.Waiting.ShouldBe(0);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("open", "useragent")]
    [InlineData("click", "url")]
    [InlineData("bounce", "reason")]
    [InlineData("spamreport", "email")]
    [InlineData("unsubscribe", "email")]
    public async Task Reaction_asked_for_is_told_with_its_fields(string kind, string field)
    {
        await using Catcher catcher = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url, Solution = "" });
        try
        {
            (_, _, string? id) = await new MailClient(sandbox).SendAsync(MailClient.Good());
            await catcher.WaitAsync(1);
            (await sandbox.Controls.PostAsync($"/sandbox/mails/{id}/events", new JsonObject { ["type"] = kind, ["url"] = "https://x.example/y" }))
                .Status.ShouldBe(202);
            JsonNode told = JsonNode.Parse((await catcher.WaitAsync(1))[1].Body)!.AsArray().Single()!;
            told["event"]!.GetValue<string>().ShouldBe(kind);
            told[field].ShouldNotBeNull();
            (await sandbox.Controls.GetAsync("/sandbox/mails/" + id))["events"]!.AsArray().Last()!["type"]!.GetValue<string>().ShouldBe(kind);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Mail_for_later_is_told_when_its_time_has_come()
    {
        await using Catcher catcher = await Catcher.StartAsync();
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url, Solution = "" });
        try
        {
            JsonObject mail = MailClient.Good();
            mail["send_at"] = sandbox.Host.Clock.GetUtcNow().AddHours(5).ToUnixTimeSeconds();
            (await new MailClient(sandbox).SendAsync(mail)).Status.ShouldBe(202);
            await sandbox.Controls.SettleAsync();
            catcher.All.ShouldBeEmpty();
            await sandbox.Controls.AdvanceAsync("5h");
            (await catcher.WaitAsync(1)).Count.ShouldBe(1);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Unknown_mail_or_reaction_is_refused_with_what_to_write()
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        try
        {
            (await sandbox.Controls.PostAsync("/sandbox/mails/none/events", new JsonObject { ["type"] = "open" })).Status.ShouldBe(404);
            (_, _, string? id) = await new MailClient(sandbox).SendAsync(MailClient.Good());
            (int status, JsonNode? body) = await sandbox.Controls.PostAsync($"/sandbox/mails/{id}/events", new JsonObject { ["type"] = "sneeze" });
            status.ShouldBe(400);
            body!["error"]!.GetValue<string>().ShouldStartWith("/type: write one of open, click,");
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    static bool Verify(Caught post, string publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        byte[] signed = [.. Encoding.ASCII.GetBytes(post.Headers["X-Twilio-Email-Event-Webhook-Timestamp"]), .. post.Body];
        return key.VerifyData(
            signed, Convert.FromBase64String(post.Headers["X-Twilio-Email-Event-Webhook-Signature"]), HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence);
    }
}
