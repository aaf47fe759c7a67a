using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Definitions;

/// <summary>What a journey tells other systems, brought to the sandbox in their place.</summary>
[Collection(LoopCollection.Name)]
public sealed class WebhookTests(LoopFixture loop)
{
    [Fact]
    public async Task A_webhook_of_a_journey_is_called_once_with_its_texts_filled()
    {
        await loop.Crm.CreateAsync("crmb_definitions", new JsonObject
        {
            ["statuscode"] = 410330001,
            ["crmb_json"] = """
                {"kind":"journey","name":"tell-billing","trigger":{"event":"contract_signed"},
                 "steps":[{"id":"told","webhook":{"url":"https://billing.example/new","body":{"who":"{{contact.lastname}}","plan":{"name":"{{event.plan}}","seats":3},"tags":["{{event.plan}}",true,null]}}},
                          {"id":"bare","webhook":{"url":"https://crm.example:8443/"}}]}
                """,
        });
        await loop.Sandbox.SettleAsync();
        (Guid id, _) = await loop.ContactAsync(("lastname", "O'Neil \"the\" Signer"));
        await loop.TrackAsync(id, "contract_signed", new JsonObject { ["plan"] = "gold" });
        await loop.Sandbox.SettleAsync();

        JsonNode[] calls = [.. JsonNode.Parse(await loop.Sandbox.Http.GetStringAsync("/sandbox/webhooks"))!.AsArray().Select(c => c!)];
        JsonNode told = calls.Where(c => (string?)c["body"]!["who"] == "O'Neil \"the\" Signer").ShouldHaveSingleItem();
        ((string?)told["url"]).ShouldBe("https://billing.example/new");
        told["body"]!["plan"]!.ToJsonString().ShouldBe("""{"name":"gold","seats":3}""");
        told["body"]!["tags"]!.ToJsonString().ShouldBe("""["gold",true,null]""");
        ((string)told["signature"]!).ShouldMatch("^t=[0-9]+,v1=[0-9a-f]{64}$");
        JsonNode bare = calls.Where(c => (string?)c["body"]!["contactId"] == id.ToString()).ShouldHaveSingleItem();
        ((string?)bare["id"]).ShouldBe((string?)bare["body"]!["id"]);
        ((string?)bare["body"]!["journey"], (string?)bare["body"]!["step"], (string?)bare["body"]!["event"]!["plan"]).ShouldBe(("tell-billing", "bare", "gold"));
        Guid.Parse((string)told["id"]!).ShouldNotBe(Guid.Parse((string)bare["id"]!));
    }
}
