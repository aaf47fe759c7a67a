using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Sandbox;
using CrmBehavior.Mail.SendGrid;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Sandbox;

/// <summary>The gateway against the sandbox's stand-in for SendGrid, with its validation, keys and faults.</summary>
public sealed class AgainstTheSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    MailOptions Options()
    {
        return new MailOptions
        {
            Url = sandbox.Settings["SendGrid__Url"],
            ApiKey = sandbox.Settings["SendGrid__ApiKey"],
            From = sandbox.Settings["Mail__From"],
            PostalAddress = sandbox.Settings["Mail__PostalAddress"],
        };
    }

    static RenderedMail Mail(Guid id, string to = "ada@example.test") => new(
        id, Guid.NewGuid(), to, "Ada Löv€lace", "Grüße & mehr", "<p>Hi</p>", "Hi", new Dictionary<string, string> { ["List-Unsubscribe"] = "<https://a.test/u>" },
        new Dictionary<string, string> { ["journey"] = "welcome", ["category"] = "promo" });

    async Task<JsonElement[]> InboxAsync(Guid id)
    {
        JsonElement mails = await sandbox.Http.GetFromJsonAsync<JsonElement>(sandbox.Url + "/sandbox/mails");
        return [.. mails.EnumerateArray().Where(m => m.GetProperty("customArgs").TryGetProperty("decision_id", out JsonElement decision) && decision.GetString() == id.ToString())];
    }

    [Fact]
    public async Task A_mail_arrives_with_its_decision()
    {
        using var gateway = new SendGridGateway(Options());
        Guid id = Guid.NewGuid();

        (await gateway.SendAsync(Mail(id), CancellationToken.None)).ShouldBe(new MailResult(MailOutcome.Accepted));

        JsonElement mail = (await InboxAsync(id)).ShouldHaveSingleItem();
        mail.GetProperty("subject").GetString().ShouldBe("Grüße & mehr");
        mail.GetProperty("customArgs").GetProperty("journey").GetString().ShouldBe("welcome");
    }

    [Fact]
    public async Task What_the_provider_refuses_is_told_in_its_words()
    {
        using var gateway = new SendGridGateway(Options());
        using var stranger = new SendGridGateway(Options() with { ApiKey = "SG.wrong" });

        MailResult reserved = await gateway.SendAsync(Mail(Guid.NewGuid()) with { Headers = new Dictionary<string, string> { ["Received"] = "x" } }, CancellationToken.None);

        (reserved.Outcome, reserved.Reason!.Contains("Header can not be one of the reserved keys.", StringComparison.Ordinal)).ShouldBe((MailOutcome.Refused, true));
        (await stranger.SendAsync(Mail(Guid.NewGuid()), CancellationToken.None)).ShouldBe(
            new MailResult(MailOutcome.Closed, "401 The provided authorization grant is invalid, expired, or revoked"));
    }

    [Fact]
    public async Task A_lost_answer_is_uncertain_and_the_mail_is_there_once()
    {
        using var gateway = new SendGridGateway(Options());
        Guid lost = Guid.NewGuid(), throttled = Guid.NewGuid();
        try
        {
            await FaultAsync(new { target = "mail", kind = "accept-then-fail" });
            (await gateway.SendAsync(Mail(lost), CancellationToken.None)).Outcome.ShouldBe(MailOutcome.Uncertain);
            (await sandbox.Http.DeleteAsync(sandbox.Url + "/sandbox/faults")).EnsureSuccessStatusCode();
            await FaultAsync(new { target = "mail", kind = "throttle", seconds = 600 });
            MailResult busy = await gateway.SendAsync(Mail(throttled), CancellationToken.None);
            (busy.Outcome, busy.After > TimeSpan.FromSeconds(1)).ShouldBe((MailOutcome.Retry, true));
        }
        finally
        {
            (await sandbox.Http.DeleteAsync(sandbox.Url + "/sandbox/faults")).EnsureSuccessStatusCode();
        }

        (await InboxAsync(lost)).Length.ShouldBe(1);
        (await InboxAsync(throttled)).ShouldBeEmpty();
    }

    async Task FaultAsync(object fault)
    {
        using HttpResponseMessage answer = await sandbox.Http.PostAsJsonAsync(sandbox.Url + "/sandbox/faults", fault);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }
}
