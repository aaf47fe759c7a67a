using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Api;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Definitions;

/// <summary>Tasks that a journey gives to a queue, by the service's own role.</summary>
[Collection(LoopCollection.Name)]
public sealed class QueueTests(LoopFixture loop)
{
    [Fact]
    public async Task A_task_goes_to_the_queue_that_the_journey_names_and_waits_for_one_that_is_missing()
    {
        Guid inside = (Guid)(await loop.Crm.CreateAsync("queues", new JsonObject { ["name"] = "inside-sales" }))["queueid"]!;
        await loop.Crm.CreateAsync("crmb_definitions", new JsonObject
        {
            ["statuscode"] = 410330001,
            ["crmb_json"] = """
                {"kind":"journey","name":"ask-sales","trigger":{"event":"demo_requested"},
                 "steps":[{"id":"first","notifySales":{"subject":"Call {{contact.lastname}}","queue":"inside-sales"}},
                          {"id":"second","notifySales":{"subject":"Prepare for {{contact.lastname}}","queue":"back office's"}}]}
                """,
        });
        await loop.Sandbox.SettleAsync();
        (Guid id, _) = await loop.ContactAsync(("lastname", "Queued"));
        await loop.TrackAsync(id, "demo_requested");
        await loop.Sandbox.SettleAsync();

        (await QueueOfAsync("Call Queued", id)).ShouldBe(inside);
        (await QueueOfAsync("Prepare for Queued", id)).ShouldBeNull();
        var api = new ApiCaller(loop);
        (int _, JsonNode parked) = await api.ToolAsync(HttpMethod.Get, "/api/parked/effects?most=200");
        JsonNode aside = parked["effects"]!.AsArray().Where(e => (string?)e!["contactId"] == id.ToString()).ShouldHaveSingleItem()!;
        ((string)aside["reason"]!).ShouldBe("there is no active queue named \"back office's\" in the CRM; make it, or write another into the journey");

        Guid back = (Guid)(await loop.Crm.CreateAsync("queues", new JsonObject { ["name"] = "back office's" }))["queueid"]!;
        (await api.ToolAsync(HttpMethod.Post, $"/api/parked/effects/{(string)aside["id"]!}/retry", new JsonObject())).Status.ShouldBe(200);
        await loop.Sandbox.SettleAsync();
        (await QueueOfAsync("Prepare for Queued", id)).ShouldBe(back);
        (await loop.Crm.ReadAsync("queueitems?$select=queueitemid")).Count.ShouldBe(2);
    }

    async Task<Guid?> QueueOfAsync(string subject, Guid contact)
    {
        JsonObject task = (await loop.Crm.ReadAsync($"tasks?$select=activityid&$filter=subject eq '{subject}' and _regardingobjectid_value eq {contact}")).ShouldHaveSingleItem();
        JsonObject? item = (await loop.Crm.ReadAsync($"queueitems?$select=_queueid_value&$filter=_objectid_value eq {(string)task["activityid"]!}")).SingleOrDefault();
        return (Guid?)item?["_queueid_value"];
    }
}
