using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ThirdParty;

/// <summary>Clients that know nothing of this project must work against the stand-ins by a change of address alone.</summary>
[Collection(SharedSandbox.Name)]
public sealed class StrangerTests(SandboxFixture sandbox, NodeClients clients) : IClassFixture<NodeClients>
{
    readonly string mark = "s" + Guid.NewGuid().ToString("N")[..12];

    [SkippableFact]
    public async Task Azure_sb_sends_locks_renews_abandons_completes_and_sees_the_errors()
    {
        Skip.IfNot(clients.Missing is null, clients.Missing);
        // It takes no single-word host names, sends its Host header without the port, and signs for the name it was given.
        JsonNode seen = await clients.RunAsync("bus.cjs",
            ("CONNECTION", $"Endpoint={sandbox.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}/;SharedAccessKeyName={sandbox.Host.Bus.KeyName};SharedAccessKey={sandbox.Host.Bus.Key}"), ("QUEUE", mark));
        seen.ToJsonString().ShouldBe(
            $$"""{"created":true,"createdAgain":false,"name":"{{mark}}","body":"hello","id":"m1","priority":"High","number":7,"renewed":true,"unlocked":true,"deliveries":2,"deleted":true,"lost":404,"taken":"plain","empty":"No messages to receive","unknown":404}""");
    }

    [SkippableFact]
    public async Task Sendgrid_mail_sends_and_understands_refusals()
    {
        Skip.IfNot(clients.Missing is null, clients.Missing);
        JsonNode seen = await clients.RunAsync("mail.cjs", ("URL", sandbox.Url), ("KEY", sandbox.Host.MailApiKey), ("TO", mark + "@example.com"));
        seen["status"]!.GetValue<int>().ShouldBe(202);
        (seen["code"]!.GetValue<int>(), seen["field"]!.GetValue<string>(), seen["message"]!.GetValue<string>())
            .ShouldBe((400, "personalizations.0.to.0.email", "Does not contain a valid address."));
        seen["unauthorized"]!.GetValue<int>().ShouldBe(401);
        JsonNode mail = (await new MailClient(sandbox).InboxAsync(mark + "@example.com")).Single();
        mail["id"]!.GetValue<string>().ShouldBe(seen["id"]!.GetValue<string>());
        (mail["customArgs"]!["decision_id"]!.GetValue<string>(), mail["headers"]!["List-Unsubscribe"]!.GetValue<string>())
            .ShouldBe(("d1", "<https://x.example/u>"));
    }

    [SkippableFact]
    public async Task Dynamics_web_api_reads_writes_relates_pages_fetches_and_batches()
    {
        Skip.IfNot(clients.Missing is null, clients.Missing);
        JsonNode seen = await clients.RunAsync("crm.cjs", ("URL", sandbox.Url), ("MARK", mark));
        seen.ToJsonString().ShouldBe(
            $$"""{"fullname":"Ada {{mark}}","jobtitle":"Countess","owner":"Ada Administrator","tagged":1,"count":1,"tag":"{{mark}}","tasks":["{{mark}} 1","{{mark}} 2","{{mark}} 3"],"fetched":3,"batch":2,"who":"string","missing":404,"code":"0x80040217","set":"crmb_tags","gone":0}""");
    }

    [SkippableFact]
    public async Task Dynamics_web_api_finds_each_of_its_calls_answered_as_it_expects()
    {
        Skip.IfNot(clients.Missing is null, clients.Missing);
        JsonObject seen = (await clients.RunAsync("crm-all.cjs", ("URL", sandbox.Url), ("MARK", mark + "a"))).AsObject();
        seen.Count.ShouldBe(26);
        seen.Where(c => c.Value!.GetValue<string>() != "ok").Select(c => $"{c.Key}: {c.Value}").ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Sendgrid_eventwebhook_verifies_what_the_sandbox_signs()
    {
        Skip.IfNot(clients.Missing is null, clients.Missing);
        await using Catcher catcher = await Catcher.StartAsync();
        SandboxFixture own = await SandboxFixture.StartAsync(s => s with { Webhook = catcher.Url, Solution = "" });
        try
        {
            (_, _, string? id) = await new MailClient(own).SendAsync(MailClient.Good());
            await catcher.WaitAsync(1);
            (await own.Controls.PostAsync($"/sandbox/mails/{id}/events", new JsonObject { ["type"] = "click", ["url"] = "https://x.example/ä" })).Status
                .ShouldBeInRange(200, 204);
            Caught post = (await catcher.WaitAsync(1))[^1];
            JsonNode seen = await clients.RunAsync("events.cjs", ("KEY", own.Host.Webhook.PublicKey), ("BODY", Convert.ToBase64String(post.Body)),
                ("SIGNATURE", post.Headers["X-Twilio-Email-Event-Webhook-Signature"]), ("TIMESTAMP", post.Headers["X-Twilio-Email-Event-Webhook-Timestamp"]));
            (seen["genuine"]!.GetValue<bool>(), seen["changedBody"]!.GetValue<bool>(), seen["changedTime"]!.GetValue<bool>()).ShouldBe((true, false, false));
            seen["events"]!.AsArray().Select(e => e!.GetValue<string>()).ShouldContain("click");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }
}
