using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Upkeep;

/// <summary>What keeps a service sound for years, and what only some environments have.</summary>
public sealed class UpkeepTests(UpkeepFixture loop) : IClassFixture<UpkeepFixture>
{
    [Fact]
    public async Task In_a_copied_environment_no_mail_is_sent_until_the_store_fits_again()
    {
        (Guid id, string email) = await CartAsync();
        long first = loop.InStore("SELECT count(*) FROM setting WHERE name = 'crm.organization'");
        await loop.Service.KillAsync();
        // The store's own organisation is another than the one that answers now.
        loop.InStore("UPDATE setting SET value = 'copied-' || value WHERE name = 'crm.organization'").ShouldBe(first);
        await loop.Service.StartAgainAsync();
        string health = await AwaitHealthAsync(h => h.Contains("a copied environment?", StringComparison.Ordinal));
        await loop.Sandbox.AdvanceAsync("5h");
        await AwaitHealthAsync(h => (int)JsonNode.Parse(h)!["outbox"]!["waiting"]! > 0);
        // What is not mail goes on.
        await loop.Crm.ChangeAsync($"contacts({id})", new JsonObject { ["jobtitle"] = "Head of Copies" });
        await AwaitAsync(async () => (await TagsAsync(id)).Contains("Decision maker"));

        health.ShouldContain("No mail is sent, and no webhook called: the CRM is organisation ");
        (await loop.MailsAsync(email)).ShouldBeEmpty();

        await loop.Service.KillAsync();
        loop.InStore("UPDATE setting SET value = substr(value, 8) WHERE name = 'crm.organization'").ShouldBe(1);
        await loop.Service.StartAgainAsync();
        await loop.Sandbox.SettleAsync();
        (await loop.MailsAsync(email)).ShouldHaveSingleItem();
        (await loop.Service.Http.GetStringAsync("/health/ready")).ShouldNotContain("copied");
    }

    [Fact]
    public async Task Events_and_decisions_older_than_are_kept_go_when_their_time_has_come_and_younger_ones_stay()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.TrackAsync(id, "page_viewed", new JsonObject { ["path"] = "/old" }, "old-" + id);
        await loop.Sandbox.SettleAsync();
        await loop.Sandbox.AdvanceAsync("25d");
        await loop.TrackAsync(id, "page_viewed", new JsonObject { ["path"] = "/young" }, "young-" + id);
        await loop.Sandbox.SettleAsync();
        EventsOf("old-", id).ShouldBe(1);

        // Weeks go as a whole, so that what is a little older stays a little longer.
        await loop.Sandbox.AdvanceAsync("13d");
        await AwaitAsync(() => Task.FromResult(EventsOf("old-", id) == 0));

        EventsOf("young-", id).ShouldBe(1);
        await loop.TrackAsync(id, "page_viewed", new JsonObject { ["path"] = "/young" }, "young-" + id);
        await loop.Sandbox.SettleAsync();
        EventsOf("young-", id).ShouldBe(1);
    }

    [Fact]
    public async Task Timers_of_a_contact_that_cannot_be_judged_hold_up_nobody_and_are_served_when_it_can_be()
    {
        (Guid broken, string lost) = await CartAsync();
        (_, string well) = await CartAsync();
        byte[] key = broken.ToByteArray(bigEndian: true);
        loop.InStore("CREATE TABLE IF NOT EXISTS kept_state (contact BLOB, state BLOB)");
        loop.InStore("INSERT INTO kept_state SELECT contact, state FROM profile WHERE contact = $c", ("$c", key)).ShouldBe(1);
        loop.InStore("UPDATE profile SET state = x'FFFFFFFFFF' WHERE contact = $c", ("$c", key)).ShouldBe(1);
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();

        (await loop.MailsAsync(well)).ShouldHaveSingleItem();
        (await loop.MailsAsync(lost)).ShouldBeEmpty();
        loop.Service.Output.ShouldContain($"The timers of contact {broken} could not be served");

        loop.InStore("UPDATE profile SET state = (SELECT state FROM kept_state WHERE contact = $c) WHERE contact = $c", ("$c", key)).ShouldBe(1);
        await loop.Sandbox.AdvanceAsync("2h");
        await loop.Sandbox.SettleAsync();
        (await loop.MailsAsync(lost)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_happens_to_a_lead_is_the_contacts_with_its_address_or_waits_for_whom_it_becomes()
    {
        await PublishAsync("""{"kind":"journey","name":"leads","trigger":{"event":"lead_created"},"entry":{"reentry":{}},"steps":[{"id":"t","addTag":"Lead"}]}""");
        (Guid known, string email) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        await loop.Crm.CreateAsync("leads", new JsonObject { ["subject"] = "Wants boats", ["lastname"] = "Known", ["emailaddress1"] = email });
        Guid lead = (Guid)(await loop.Crm.CreateAsync("leads", new JsonObject { ["subject"] = "Wants more boats", ["lastname"] = "New" }))["leadid"]!;
        await loop.Sandbox.SettleAsync();
        (await TagsAsync(known)).ShouldBe(["Lead"]);

        (Guid become, _) = await loop.ContactAsync(("originatingleadid@odata.bind", $"/leads({lead})"));
        await loop.Sandbox.SettleAsync();

        (await TagsAsync(become)).ShouldBe(["Lead"]);
    }

    [Fact]
    public async Task A_mail_that_a_policy_holds_for_a_person_goes_out_when_approved_and_is_dropped_when_nobody_answers()
    {
        Guid policy = await PublishAsync("""{"kind":"policy","name":"look-first","review":[{"if":{"segment":"decision-makers"},"actions":["sendEmail"],"deadline":"4h","default":"drop"}]}""");
        (Guid approved, string first) = await CartAsync(("jobtitle", "Head of Yes"));
        (Guid forgotten, string second) = await CartAsync(("jobtitle", "Head of Maybe"));
        await loop.Sandbox.AdvanceAsync("4h");
        await loop.Sandbox.SettleAsync();

        JsonObject review = (await ReviewsAsync(approved)).ShouldHaveSingleItem();
        ((string?)review["crmb_name"]).ShouldBe("abandoned-cart: sendEmail at step reminder");
        (await ReviewsAsync(forgotten)).ShouldHaveSingleItem();
        (await loop.MailsAsync(first)).ShouldBeEmpty();
        await loop.Crm.ChangeAsync($"crmb_reviews({(string)review["crmb_reviewid"]!})", new JsonObject { ["crmb_answer"] = 410330001 });
        await loop.Sandbox.SettleAsync();
        (await loop.MailsAsync(first)).ShouldHaveSingleItem();
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();

        (await loop.MailsAsync(first)).ShouldHaveSingleItem();
        (await loop.MailsAsync(second)).ShouldBeEmpty();
        await loop.Crm.ChangeAsync($"crmb_definitions({policy})", new JsonObject { ["statecode"] = 1, ["statuscode"] = 2 });
        await loop.Sandbox.SettleAsync();
    }

    /// <summary>Somebody with consent and a cart, to be reminded after four hours.</summary>
    async Task<(Guid Id, string Email)> CartAsync(params (string Column, JsonNode Value)[] more)
    {
        (Guid id, string email) = await loop.ContactAsync(more);
        await loop.ConsentAsync(id);
        await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.SettleAsync();
        return (id, email);
    }

    async Task<Guid> PublishAsync(string json)
    {
        JsonNode row = await loop.Crm.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = json, ["statuscode"] = 410330001 });
        await loop.Sandbox.SettleAsync();
        return (Guid)row["crmb_definitionid"]!;
    }

    long EventsOf(string prefix, Guid contact) => loop.InStore("SELECT count(*) FROM event WHERE id = $id", ("$id", prefix + contact));

    async Task<System.Collections.Generic.IReadOnlyList<JsonObject>> ReviewsAsync(Guid contact) => await loop.Crm.ReadAsync($"crmb_reviews?$select=crmb_name&$filter=_crmb_contactid_value eq {contact}");

    async Task<string[]> TagsAsync(Guid contact) =>
        [.. (await loop.Crm.ReadAsync($"contacts?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)&$filter=contactid eq {contact}"))[0]["crmb_contact_tag"]!.AsArray().Select(t => (string)t!["crmb_name"]!)];

    async Task<string> AwaitHealthAsync(Func<string, bool> isSo)
    {
        string health = "";
        await AwaitAsync(async () =>
        {
            using HttpResponseMessage answer = await loop.Service.Http.GetAsync("/health/ready");
            return isSo(health = await answer.Content.ReadAsStringAsync());
        });
        return health;
    }

    async Task AwaitAsync(Func<Task<bool>> isSo)
    {
        for (DateTime end = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < end; await Task.Delay(100))
        {
            if (await isSo()) return;
        }
        throw new InvalidOperationException("It did not come about: " + loop.Service.Output);
    }
}
