using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Plugins;

/// <summary>Reviews, consent and erasure, with the DLL that ships, as each role.</summary>
public sealed class ReviewRowTests : IAsyncLifetime
{
    const string Queue = "crm-events";
    SandboxFixture sandbox = null!;
    Guid contact;

    Crm Service => sandbox.Crm.As("sandbox:service");

    public async Task InitializeAsync()
    {
        sandbox = await SandboxFixture.StartAsync();
        contact = await Service.CreateAsync("contacts", new JsonObject { ["lastname"] = "Lovelace" });
        await Drain();
    }

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Theory]
    [InlineData("sandbox:marketer")]
    [InlineData("sandbox:administrator")]
    public async Task Answer_names_who_gave_it_and_reaches_the_bus(string user)
    {
        Guid review = await Review("2999-01-01T00:00:00Z");
        Crm person = sandbox.Crm.As(user);

        CrmAnswer answer = await person.PatchAsync($"crmb_reviews({review})", new JsonObject { ["crmb_answer"] = 410330001 });

        answer.Status.ShouldBe(204, answer.Text);
        JsonNode row = (await person.GetAsync($"crmb_reviews({review})?$select=_crmb_answeredby_value,crmb_answeredon,statecode")).Json;
        JsonNode who = (await person.GetAsync("WhoAmI")).Json;
        row["_crmb_answeredby_value"]!.GetValue<string>().ShouldBe(who["UserId"]!.GetValue<string>());
        row["crmb_answeredon"].ShouldNotBeNull();
        row["statecode"]!.GetValue<int>().ShouldBe(1);
        JsonNode told = (await Drain())!;
        told["name"]!.GetValue<string>().ShouldBe("review_decided");
        told["contactIds"]![0]!.GetValue<string>().ShouldBe(contact.ToString());
        (told["properties"]!["journey"]!.GetValue<string>(), told["properties"]!["step"]!.GetValue<string>(), told["properties"]!["approved"]!.GetValue<bool>())
            .ShouldBe(("welcome", "v", true));
        (await person.PatchAsync($"crmb_reviews({review})", new JsonObject { ["crmb_answer"] = 410330002 })).Message.ShouldNotBeNull()
            .ShouldStartWith("This review was approved on ");
    }

    [Fact]
    public async Task Deadline_goes_by_the_platforms_clock()
    {
        Guid review = await Review(Hours(1));
        await sandbox.Controls.AdvanceAsync("2h");

        CrmAnswer late = await sandbox.Crm.As("sandbox:marketer").PatchAsync($"crmb_reviews({review})", new JsonObject { ["crmb_answer"] = 410330001 });

        (late.Status, late.Code).ShouldBe((400, "0x80040265"));
        late.Message.ShouldNotBeNull().ShouldContain("and \"approve\" was taken");
        (await Service.PatchAsync($"crmb_reviews({review})", new JsonObject { ["crmb_answer"] = 410330003, ["statecode"] = 1, ["statuscode"] = 2 })).Status.ShouldBe(204);
        (await Drain()).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_but_the_service_makes_a_review()
    {
        foreach (string user in new[] { "sandbox:marketer", "sandbox:salesperson" })
            (await sandbox.Crm.As(user).PostAsync("crmb_reviews", new JsonObject { ["crmb_name"] = "x" })).Status.ShouldBe(403, user);
    }

    [Fact]
    public async Task Consent_that_a_salesperson_notes_reaches_the_bus()
    {
        Crm person = sandbox.Crm.As("sandbox:salesperson");
        Guid own = await person.CreateAsync("contacts", new JsonObject { ["lastname"] = "Hopper" });
        await Drain();

        CrmAnswer answer = await person.PostAsync("crmb_consents", new JsonObject
        {
            ["crmb_name"] = "by phone",
            ["crmb_granted"] = false,
            ["crmb_channel"] = "email",
            ["crmb_contactid@odata.bind"] = $"/contacts({own})",
        });

        answer.Status.ShouldBe(204, answer.Text);
        JsonNode told = (await Drain())!;
        told["name"]!.GetValue<string>().ShouldBe("consent_changed");
        told["properties"]!["granted"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Deleted_contact_leaves_nothing_but_counts()
    {
        await Review("2999-01-01T00:00:00Z");
        await Service.CreateAsync("crmb_consents", new JsonObject { ["crmb_name"] = "c", ["crmb_contactid@odata.bind"] = $"/contacts({contact})" });
        await Service.CreateAsync("crmb_contactscores", new JsonObject { ["crmb_name"] = "engagement", ["crmb_contactid@odata.bind"] = $"/contacts({contact})" });
        await Service.CreateAsync("crmb_touchpoints", new JsonObject
        {
            ["subject"] = "Saw the price",
            ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({contact})",
        });
        await Service.PostAsync("crmb_SetTags", new JsonObject { ["Pairs"] = new JsonArray(new JsonObject { ["contact"] = contact.ToString(), ["add"] = new JsonArray("vip") }).ToJsonString() });
        await Service.CreateAsync("crmb_statistics", new JsonObject { ["crmb_name"] = "vip 2026-01-05" });
        await Drain();

        (await sandbox.Crm.DeleteAsync($"contacts({contact})")).Status.ShouldBe(204);

        foreach (string set in new[] { "crmb_reviews", "crmb_consents", "crmb_contactscores", "crmb_touchpoints", "activitypointers" })
            (await sandbox.Crm.GetAsync(set)).Rows.ShouldBeEmpty(set);
        (await sandbox.Crm.GetAsync("crmb_tags?$expand=crmb_contact_tag($select=contactid)")).Rows.ShouldHaveSingleItem()!["crmb_contact_tag"]!.AsArray().ShouldBeEmpty();
        (await sandbox.Crm.GetAsync("crmb_statistics")).Rows.ShouldHaveSingleItem();
        (await Drain())!["name"]!.GetValue<string>().ShouldBe("contact_deleted");
    }

    [Fact]
    public async Task Version_is_written_by_who_publishes_and_forged_by_nobody()
    {
        Crm marketer = sandbox.Crm.As("sandbox:marketer");
        Guid definition = await marketer.CreateAsync("crmb_definitions",
            new JsonObject { ["crmb_json"] = """{"kind":"segment","name":"vip","when":{"trait":"tier","gte":3}}""" });
        CrmAnswer published = await marketer.PostAsync($"crmb_definitions({definition})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reason"] = "why" });
        published.Status.ShouldBe(200, published.Text);

        JsonNode version = (await marketer.GetAsync("crmb_definitionversions?$select=_createdby_value")).Rows.ShouldHaveSingleItem()!;
        version["_createdby_value"]!.GetValue<string>().ShouldBe((await marketer.GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>());
        string id = version["crmb_definitionversionid"]!.GetValue<string>();
        var forged = new JsonObject { ["crmb_name"] = "vip v9", ["crmb_version"] = 9, ["crmb_definitionid@odata.bind"] = $"/crmb_definitions({definition})" };
        foreach (string user in new[] { "sandbox", "sandbox:marketer", "sandbox:administrator", "sandbox:service", "sandbox:salesperson" })
        {
            Crm person = sandbox.Crm.As(user);
            (await person.PostAsync("crmb_definitionversions", forged)).Status.ShouldBeOneOf(400, 403);
            (await person.PatchAsync($"crmb_definitionversions({id})", new JsonObject { ["crmb_reason"] = "other" })).Status.ShouldBeOneOf(400, 403);
            (await person.DeleteAsync($"crmb_definitionversions({id})")).Status.ShouldBeOneOf(400, 403);
            (await person.DeleteAsync($"crmb_definitions({definition})")).Status.ShouldBeOneOf(400, 403);
        }

        (await sandbox.Crm.GetAsync("crmb_definitionversions")).Rows.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Question_to_a_service_that_is_not_set_up_is_told_in_a_sentence()
    {
        var question = new JsonObject { ["Json"] = "{}" };

        CrmAnswer answer = await sandbox.Crm.As("sandbox:marketer").PostAsync("crmb_Validate", question.DeepClone());

        (answer.Status, answer.Code).ShouldBe((400, "0x80040265"));
        answer.Message.ShouldNotBeNull().ShouldContain("crmb_Service");
        (await sandbox.Crm.As("sandbox:salesperson").PostAsync("crmb_Validate", question)).Status.ShouldBe(403);
    }

    async Task<Guid> Review(string deadline) => await Service.CreateAsync("crmb_reviews", new JsonObject
    {
        ["crmb_name"] = "Send the offer?",
        ["crmb_contactid@odata.bind"] = $"/contacts({contact})",
        ["crmb_journey"] = "welcome",
        ["crmb_step"] = "v",
        ["crmb_deadline"] = deadline,
        ["crmb_default"] = "approve",
        ["crmb_decisionid"] = Guid.NewGuid().ToString(),
    });

    static string Hours(int hours) => DateTimeOffset.UtcNow.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The last event on the bus, which is empty then.</summary>
    async Task<JsonNode?> Drain()
    {
        await sandbox.Controls.SettleAsync();
        JsonNode? last = null;
        for (BusAnswer taken = await sandbox.Bus.TakeAsync(Queue); taken.Status == 200; taken = await sandbox.Bus.TakeAsync(Queue))
            last = JsonNode.Parse(Told(JsonNode.Parse(taken.Body)!));
        return last;
    }

    static string Told(JsonNode context)
    {
        foreach (JsonNode? pair in context["SharedVariables"]!.AsArray())
            if (pair!["key"]!.GetValue<string>() == "crmb_event") return pair["value"]!.GetValue<string>();
        throw new InvalidOperationException("The message carries no event.");
    }
}
