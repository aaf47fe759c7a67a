using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Definitions;

/// <summary>What a marketer publishes in Dynamics while the service runs.</summary>
[Collection(LoopCollection.Name)]
public sealed class LiveDefinitionTests(LoopFixture loop)
{
    const int Live = 410330001, Paused = 410330002;

    [Fact]
    public async Task A_review_becomes_a_row_and_its_answer_leads_the_journey_on()
    {
        await PublishAsync("""
            {"kind":"journey","name":"offer","trigger":{"event":"offer_requested"},
             "steps":[{"id":"ask","review":{"subject":"An offer for {{contact.fullname}}?","queue":"vip"},"deadline":"4h","default":"reject",
                       "then":[{"id":"yes","timeline":{"subject":"Offer approved"}}],"else":[{"id":"no","timeline":{"subject":"Offer rejected"}}]}]}
            """);
        (Guid approved, _) = await loop.ContactAsync(("lastname", "Approved"));
        (Guid forgotten, _) = await loop.ContactAsync(("lastname", "Forgotten"));
        foreach (Guid contact in new[] { approved, forgotten }) await loop.TrackAsync(contact, "offer_requested");
        await loop.Sandbox.SettleAsync();

        JsonObject review = (await loop.Crm.ReadAsync($"crmb_reviews?$select=crmb_name,crmb_journey,crmb_step,crmb_deadline,crmb_default&$filter=_crmb_contactid_value eq {approved}")).ShouldHaveSingleItem();
        ((string?)review["crmb_name"]).ShouldBe("An offer for Person Approved?");
        ((string?)review["crmb_default"]).ShouldBe("reject");
        await loop.Crm.ChangeAsync($"crmb_reviews({(string)review["crmb_reviewid"]!})", new JsonObject { ["crmb_answer"] = 410330001 });
        await loop.Sandbox.SettleAsync();
        (await SubjectsAsync(approved)).ShouldBe(["Offer approved"]);
        (await SubjectsAsync(forgotten)).ShouldBeEmpty();

        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();
        (await SubjectsAsync(forgotten)).ShouldBe(["Offer rejected"]);
        (await SubjectsAsync(approved)).ShouldBe(["Offer approved"]);
    }

    [Fact]
    public async Task A_draft_does_nothing_a_publication_works_from_then_on_and_a_pause_holds()
    {
        const string First = """{"kind":"journey","name":"webinar-tag","trigger":{"event":"webinar_joined"},"entry":{"reentry":{}},"steps":[{"id":"a","addTag":"Webinar"}]}""";
        const string Second = """{"kind":"journey","name":"webinar-tag","trigger":{"event":"webinar_joined"},"entry":{"reentry":{}},"steps":[{"id":"a","addTag":"Attendee"}]}""";
        Guid id = (Guid)(await loop.Crm.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = First }))["crmb_definitionid"]!;
        (await TagsOfAttendeeAsync()).ShouldBeEmpty();

        await CallPublishAsync(id, "Let us begin");
        (await TagsOfAttendeeAsync()).ShouldBe(["Webinar"]);

        // An edit of a live row stays a draft until it is published.
        await loop.Crm.ChangeAsync($"crmb_definitions({id})", new JsonObject { ["crmb_json"] = Second });
        (await TagsOfAttendeeAsync()).ShouldBe(["Webinar"]);
        await CallPublishAsync(id, "A better name");
        (await TagsOfAttendeeAsync()).ShouldBe(["Attendee"]);

        await loop.Crm.ChangeAsync($"crmb_definitions({id})", new JsonObject { ["statuscode"] = Paused });
        (await TagsOfAttendeeAsync()).ShouldBeEmpty();
        await loop.Crm.ChangeAsync($"crmb_definitions({id})", new JsonObject { ["statuscode"] = Live });
        (await TagsOfAttendeeAsync()).ShouldBe(["Attendee"]);

        IReadOnlyList<JsonObject> versions = await loop.Crm.ReadAsync($"crmb_definitionversions?$select=crmb_version,crmb_reason,crmb_diff&$filter=_crmb_definitionid_value eq {id}&$orderby=crmb_version");
        versions.Select(v => ((int)v["crmb_version"]!, (string?)v["crmb_reason"])).ShouldBe([(1, "Let us begin"), (2, "A better name")]);
        ((string)versions[1]["crmb_diff"]!).ShouldContain("Attendee");
        HttpRequestException refused = await Should.ThrowAsync<HttpRequestException>(() => loop.Crm.ChangeAsync($"crmb_definitionversions({(string)versions[0]["crmb_definitionversionid"]!})", new JsonObject { ["crmb_json"] = Second }));
        refused.Message.ShouldContain("40");
    }

    [Fact]
    public async Task A_published_definition_that_makes_no_sense_is_left_out_and_said_so_and_the_others_work()
    {
        Guid id = await PublishAsync("""{"kind":"segment","name":"nonsense","when":{"trait":"x"}}""");
        (Guid contact, _) = await loop.ContactAsync(("jobtitle", "Head of Sense"));
        await loop.Sandbox.SettleAsync();

        (await TagsAsync(contact)).ShouldBe(["Decision maker"]);
        (await loop.Service.Http.GetStringAsync("/health/ready")).ShouldContain("nonsense");
        await loop.Crm.ChangeAsync($"crmb_definitions({id})", new JsonObject { ["statecode"] = 1, ["statuscode"] = 2 });
        await loop.Sandbox.SettleAsync();
        (await loop.Service.Http.GetStringAsync("/health/ready")).ShouldNotContain("nonsense");
    }

    async Task<Guid> PublishAsync(string json)
    {
        JsonNode row = await loop.Crm.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = json, ["statuscode"] = Live });
        await loop.Sandbox.SettleAsync();
        return (Guid)row["crmb_definitionid"]!;
    }

    async Task CallPublishAsync(Guid id, string reason)
    {
        await loop.Crm.CallAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reason"] = reason });
        await loop.Sandbox.SettleAsync();
    }

    async Task<IReadOnlyList<string>> TagsOfAttendeeAsync()
    {
        (Guid contact, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        await loop.TrackAsync(contact, "webinar_joined");
        await loop.Sandbox.SettleAsync();
        return await TagsAsync(contact);
    }

    async Task<IReadOnlyList<string>> TagsAsync(Guid contact) =>
        [.. (await loop.Crm.ReadAsync($"contacts?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)&$filter=contactid eq {contact}"))[0]["crmb_contact_tag"]!.AsArray().Select(t => (string)t!["crmb_name"]!)];

    async Task<IReadOnlyList<string?>> SubjectsAsync(Guid contact) =>
        [.. (await loop.Crm.ReadAsync($"crmb_touchpoints?$select=subject&$filter=_regardingobjectid_value eq {contact}")).Select(t => (string?)t["subject"])];
}
