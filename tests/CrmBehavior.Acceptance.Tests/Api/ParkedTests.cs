using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Doors;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Api;

/// <summary>What was set aside is there to be seen, to be tried again, and to be dropped.</summary>
[Collection(LoopCollection.Name)]
public sealed class ParkedTests(LoopFixture loop)
{
    readonly ApiCaller api = new(loop);

    [Fact]
    public async Task A_mail_set_aside_is_sent_once_after_its_cause_was_mended_and_the_timeline_says_both()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.ConsentAsync(id);
        await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.SettleAsync();
        await loop.Crm.ChangeAsync($"contacts({id})", new JsonObject { ["emailaddress1"] = null });
        await loop.Sandbox.SettleAsync();
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();

        JsonNode parked = await FindAsync("effects", e => (string?)e["contactId"] == id.ToString());
        ((string?)parked["kind"], (string?)parked["reason"], (bool)parked["inDoubt"]!).ShouldBe(("mail", "the contact has no e-mail address", false));
        DateTimeOffset.Parse((string)parked["parkedAt"]!, null).ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        (await loop.Service.Http.GetStringAsync("/health/ready")).ShouldContain("effects are set aside and wait for a person: GET /api/parked/effects says why.");

        await loop.Crm.ChangeAsync($"contacts({id})", new JsonObject { ["emailaddress1"] = email });
        await loop.Sandbox.SettleAsync();
        string route = $"/api/parked/effects/{(string)parked["id"]!}/retry";
        (await api.ToolAsync(HttpMethod.Post, route, new JsonObject(), "wrong")).Status.ShouldBe(401);
        (await api.ToolAsync(HttpMethod.Post, route, new JsonObject())).Status.ShouldBe(200);
        (await api.ToolAsync(HttpMethod.Post, route, new JsonObject())).Status.ShouldBe(404);
        await loop.Sandbox.SettleAsync();

        (await loop.MailsAsync(email)).ShouldHaveSingleItem();
        (await EntriesAsync(id)).ShouldBe(["refused", "sendEmail"]);
    }

    [Fact]
    public async Task Effects_of_one_reason_are_tried_again_together_and_one_is_dropped_with_a_reason()
    {
        (Guid Id, string Email)[] people = [await loop.ContactAsync(), await loop.ContactAsync(), await loop.ContactAsync()];
        foreach ((Guid id, _) in people)
        {
            await loop.ConsentAsync(id);
            await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
        }
        await loop.Sandbox.SettleAsync();
        foreach ((Guid id, _) in people) await loop.Crm.ChangeAsync($"contacts({id})", new JsonObject { ["emailaddress1"] = null });
        await loop.Sandbox.SettleAsync();
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();
        string dropped = (string)(await FindAsync("effects", e => (string?)e["contactId"] == people[0].Id.ToString()))["id"]!;

        (int bare, JsonNode asked) = await api.ToolAsync(HttpMethod.Post, $"/api/parked/effects/{dropped}/drop", new JsonObject());
        (bare, (string)asked["message"]!).ShouldBe((400, "reason: is missing: say why nobody wants this effect"));
        (await api.ToolAsync(HttpMethod.Post, $"/api/parked/effects/{dropped}/drop", new JsonObject { ["reason"] = "he has phoned" })).Status.ShouldBe(200);
        (await api.ToolAsync(HttpMethod.Post, $"/api/parked/effects/{dropped}/drop", new JsonObject { ["reason"] = "he has phoned" })).Status.ShouldBe(404);
        foreach ((Guid id, string email) in people) await loop.Crm.ChangeAsync($"contacts({id})", new JsonObject { ["emailaddress1"] = email });
        await loop.Sandbox.SettleAsync();
        (int _, JsonNode none) = await api.ToolAsync(HttpMethod.Post, "/api/parked/effects/retry", new JsonObject { ["reason"] = "another reason" });
        (int _, JsonNode all) = await api.ToolAsync(HttpMethod.Post, "/api/parked/effects/retry", new JsonObject { ["reason"] = "the contact has no e-mail address" });
        await loop.Sandbox.SettleAsync();

        ((int)none["retried"]!).ShouldBe(0);
        ((int)all["retried"]!).ShouldBeGreaterThanOrEqualTo(2);
        (await loop.MailsAsync(people[0].Email)).ShouldBeEmpty();
        (await loop.MailsAsync(people[1].Email)).ShouldHaveSingleItem();
        (await loop.MailsAsync(people[2].Email)).ShouldHaveSingleItem();
        loop.Service.Output.ShouldContain("was dropped by a person: he has phoned");
    }

    [Fact]
    public async Task An_input_set_aside_goes_through_its_own_door_again_and_counts_once()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        // As a version before this one may have left them: a report of SendGrid and a message of the bus that can be read by now.
        string bus = new JsonObject
        {
            ["SharedVariables"] = new JsonArray(new JsonObject { ["key"] = "crmb_event", ["value"] = new JsonObject { ["v"] = 1, ["id"] = "parked-" + id, ["name"] = "contact_updated", ["at"] = "2026-03-02T09:00:00Z", ["contactIds"] = new JsonArray(id.ToString()), ["traits"] = new JsonObject { ["jobtitle"] = "Chief Officer" } }.ToJsonString() }),
        }.ToJsonString();
        string report = new JsonArray(new JsonObject { ["sg_event_id"] = "parked-" + id + "-open", ["event"] = "open", ["email"] = email, ["timestamp"] = 1772442000 }).ToJsonString();
        Park("bus", "planted", bus);
        Park("bus", "planted", bus);
        Park("sendgrid", "planted", report);
        Park("bus", "planted", "garbage");
        Park("engine", "planted", "{}");

        (int status, JsonNode retried) = await api.ToolAsync(HttpMethod.Post, "/api/parked/inputs/retry", new JsonObject { ["reason"] = "planted" });
        await loop.Sandbox.SettleAsync();

        (status, (int?)retried["retried"], (int?)retried["kept"], (string?)retried["next"]).ShouldBe((200, 3, 2, null), retried.ToJsonString());
        Count("SELECT count(*) FROM event WHERE id LIKE $1", "parked-" + id + "%").ShouldBe(2);
        JsonNode garbage = await FindAsync("inputs", i => (string?)i["content"] == "garbage" && (string?)i["reason"] == "planted"), engine = await FindAsync("inputs", i => (string?)i["door"] == "engine");
        ((string?)garbage["door"]).ShouldBe("bus");
        (int kept, JsonNode why) = await api.ToolAsync(HttpMethod.Post, $"/api/parked/inputs/{(long)garbage["number"]!}/retry", new JsonObject());
        (kept, (string?)why["code"]).ShouldBe((409, "conflict"));
        foreach (JsonNode left in new[] { garbage, engine })
        {
            (await api.ToolAsync(HttpMethod.Post, $"/api/parked/inputs/{(long)left["number"]!}/drop", new JsonObject { ["reason"] = "looked at" })).Status.ShouldBe(200);
            (await api.ToolAsync(HttpMethod.Post, $"/api/parked/inputs/{(long)left["number"]!}/retry", new JsonObject())).Status.ShouldBe(404);
        }
        (await api.ToolAsync(HttpMethod.Get, "/api/parked/inputs?most=0")).Status.ShouldBe(400);
        (await api.ToolAsync(HttpMethod.Get, "/api/parked/effects?before=nowhere")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_call_that_the_CRM_refused_for_good_is_taken_in_when_it_does_no_more()
    {
        string email = $"parked{Guid.NewGuid():N}@example.com", call = new JsonObject { ["type"] = "identify", ["userId"] = email, ["messageId"] = "call-" + email, ["traits"] = new JsonObject { ["email"] = email, ["lastName"] = "Late" } }.ToJsonString();
        await FaultAsync(503);
        (await loop.PostAsync("/v1/identify", call)).Status.ShouldBe(200);
        await FaultAsync(403);
        JsonNode parked = await AwaitAsync("inputs", i => ((string?)i["content"])?.Contains(email, StringComparison.Ordinal) == true);
        ((string?)parked["door"]).ShouldBe("track");
        using HttpResponseMessage up = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        up.EnsureSuccessStatusCode();

        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Post, $"/api/parked/inputs/{(long)parked["number"]!}/retry", new JsonObject());
        (await loop.PostAsync("/v1/identify", call)).Status.ShouldBe(200);
        await loop.Sandbox.SettleAsync();

        status.ShouldBe(200, answer.ToJsonString());
        (await loop.Crm.ReadAsync($"contacts?$select=contactid&$filter=emailaddress1 eq '{email}'")).ShouldHaveSingleItem();
        Count("SELECT count(*) FROM event WHERE id = $1", "call-" + email).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_the_bus_that_the_CRM_holds_up_is_kept_where_people_see_it_before_the_bus_puts_it_away()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        await LocksLastAsync("PT1S");
        await FaultAsync(503);
        string change = new JsonObject { ["v"] = 1, ["id"] = "lead-" + id, ["name"] = "lead_updated", ["at"] = "2026-03-02T09:00:00Z", ["contactIds"] = new JsonArray(), ["email"] = "other" + email, ["properties"] = new JsonObject { ["leadId"] = Guid.NewGuid().ToString() } }.ToJsonString();
        string message = new JsonObject { ["SharedVariables"] = new JsonArray(new JsonObject { ["key"] = "crmb_event", ["value"] = change }) }.ToJsonString();
        using HttpResponseMessage sent = await new BusCaller(loop).SendAsync(HttpMethod.Post, "messages", message, "application/json");
        ((int)sent.StatusCode).ShouldBe(201);

        JsonNode parked = await AwaitAsync("inputs", i => ((string?)i["content"])?.Contains("lead-" + id, StringComparison.Ordinal) == true);
        ((string?)parked["door"]).ShouldBe("bus");
        ((string?)parked["reason"]).ShouldNotBeNull().ShouldStartWith("it came 8 times");

        using HttpResponseMessage up = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        await LocksLastAsync("PT1M");
        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Post, $"/api/parked/inputs/{(long)parked["number"]!}/retry", new JsonObject());
        status.ShouldBe(200, answer.ToJsonString());
        await loop.Sandbox.SettleAsync();
    }

    async Task LocksLastAsync(string duration)
    {
        using HttpResponseMessage changed = await new BusCaller(loop).SendAsync(
            HttpMethod.Put, "", $"<entry xmlns=\"http://www.w3.org/2005/Atom\"><content type=\"application/xml\"><QueueDescription xmlns=\"http://schemas.microsoft.com/netservices/2010/10/servicebus/connect\"><LockDuration>{duration}</LockDuration></QueueDescription></content></entry>", "application/atom+xml");
        changed.EnsureSuccessStatusCode();
    }

    async Task FaultAsync(int status)
    {
        using HttpResponseMessage off = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        off.EnsureSuccessStatusCode();
        using HttpResponseMessage on = await loop.Sandbox.Http.PostAsJsonAsync("/sandbox/faults", new { target = "crm", kind = "status", status, rate = 1.0, seconds = 3600 });
        on.EnsureSuccessStatusCode();
    }

    async Task<string[]> EntriesAsync(Guid contact) =>
        [.. (await loop.Crm.ReadAsync($"crmb_touchpoints?$select=crmb_effect&$filter=_regardingobjectid_value eq {contact}")).Select(t => (string)t["crmb_effect"]!).Order(StringComparer.Ordinal)];

    /// <summary>Looks through all pages, small ones.</summary>
    async Task<JsonNode> FindAsync(string what, Func<JsonNode, bool> isIt) => (await LookAsync(what, isIt)).ShouldNotBeNull();

    async Task<JsonNode?> LookAsync(string what, Func<JsonNode, bool> isIt)
    {
        for (string? route = $"/api/parked/{what}?most=2"; route != null;)
        {
            (int status, JsonNode page) = await api.ToolAsync(HttpMethod.Get, route);
            status.ShouldBe(200, page.ToJsonString());
            if (page[what]!.AsArray().FirstOrDefault(e => isIt(e!)) is { } found) return found;
            route = page["next"] is { } next ? $"/api/parked/{what}?most=2&before={next}" : null;
        }
        return null;
    }

    async Task<JsonNode> AwaitAsync(string what, Func<JsonNode, bool> isIt)
    {
        for (DateTime end = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < end; await Task.Delay(100))
        {
            if (await LookAsync(what, isIt) is { } found) return found;
        }
        throw new InvalidOperationException("It was not set aside: " + loop.Service.Output);
    }

    void Park(string door, string reason, string content) => loop.InStore(
        "INSERT INTO parked_input (door, reason, at, content) VALUES ($door, $reason, 1772442000000, CAST($content AS BLOB))", ("$door", door), ("$reason", reason), ("$content", content));

    long Count(string sql, string id) => loop.InStore(sql, ("$1", id));
}
