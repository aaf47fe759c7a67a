using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Api;

/// <summary>What the CRM's custom APIs ask: only signed, only lately, and about a contact only in the name of somebody who may read it.</summary>
[Collection(LoopCollection.Name)]
public sealed class CrmApiTests(LoopFixture loop)
{
    readonly ApiCaller api = new(loop);

    async Task<(Guid User, string Address)> SomebodyAsync()
    {
        IReadOnlyList<JsonObject> users = await loop.Crm.ReadAsync("systemusers?$select=systemuserid,internalemailaddress,fullname");
        JsonObject user = users.First(u => (string?)u["internalemailaddress"] is { Length: > 0 } && ((string?)u["fullname"])!.Contains("arketer", StringComparison.Ordinal));
        return ((Guid)user["systemuserid"]!, (string)user["internalemailaddress"]!);
    }

    [Fact]
    public async Task Explain_is_answered_to_a_user_who_may_read_the_contact_and_to_nobody_else()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        (Guid user, _) = await SomebodyAsync();
        var question = new JsonObject { ["contactId"] = id, ["definition"] = "abandoned-cart" };

        (int status, JsonNode answer) = await api.CrmAsync("explain", question, user);
        (int stranger, JsonNode refused) = await api.CrmAsync("explain", question, Guid.NewGuid());

        status.ShouldBe(200, answer.ToJsonString());
        ((string)answer["text"]!).ShouldContain("The contact has never been in this journey.");
        (stranger, (string?)refused["code"]).ShouldBe((403, "forbidden"));
    }

    [Fact]
    public async Task Calls_that_are_not_signed_rightly_or_too_old_are_refused()
    {
        (Guid user, _) = await SomebodyAsync();
        var question = new JsonObject { ["json"] = """{"kind":"segment","name":"keen","tag":"Keen","when":{"signal":"buying-intent"}}""" };

        (await api.CrmAsync("validate", question, user)).Status.ShouldBe(200);
        (await api.CrmAsync("validate", question, user, key: "retired")).Status.ShouldBe(200, "both keys are good while they are changed");
        (await api.CrmAsync("validate", question, user, key: "guessed")).Status.ShouldBe(401);
        (await api.CrmAsync("validate", question, user, at: DateTimeOffset.UtcNow.AddMinutes(-6))).Status.ShouldBe(401);
        (await api.CrmAsync("validate", question, user, at: DateTimeOffset.UtcNow.AddMinutes(6))).Status.ShouldBe(401);
        (int status, JsonNode answer) = await api.CrmAsync("validate", question, user, sent: """{"json":"{}"}""");
        (status, (string?)answer["code"]).ShouldBe((401, "unauthorized"));
    }

    [Fact]
    public async Task Validate_and_backtest_answer_in_words()
    {
        (Guid user, _) = await SomebodyAsync();

        (int _, JsonNode trial) = await api.CrmAsync("validate", new JsonObject { ["json"] = """{"kind":"signal","name":"x","when":{"event":"page_view"}}""" }, user);
        (int status, JsonNode backtest) = await api.CrmAsync("backtest", new JsonObject { ["journey"] = "abandoned-cart", ["days"] = 30 }, user);

        trial["warnings"]!.AsArray().Select(w => (string)w!["message"]!).ShouldContain(m => m.Contains("did you mean \"page_viewed\"?", StringComparison.Ordinal));
        status.ShouldBe(200, backtest.ToJsonString());
        ((string)backtest["text"]!).ShouldStartWith("The journey \"abandoned-cart\" on ");
    }

    [Fact]
    public async Task Test_mail_goes_to_the_user_filled_with_the_contacts_data_and_says_it_is_a_test()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        (Guid user, string address) = await SomebodyAsync();
        int before = (await loop.MailsAsync(address)).Count;
        const string template = """{"kind":"template","name":"hello","subject":"Hello {{contact.firstname}}","html":"<p>Dear {{contact.fullname}}</p>"}""";

        (int status, JsonNode answer) = await api.CrmAsync("send-test", new JsonObject { ["json"] = template, ["contactId"] = id }, user);
        (int unknown, JsonNode problem) = await api.CrmAsync("send-test", new JsonObject { ["template"] = "cart-remainder", ["contactId"] = id }, user);

        status.ShouldBe(200, answer.ToJsonString());
        ((string)answer["text"]!).ShouldStartWith("Sent to " + address);
        IReadOnlyList<JsonObject> mails = await loop.MailsAsync(address);
        mails.Count.ShouldBe(before + 1);
        ((string?)mails[^1]["subject"]).ShouldBe("[Test] Hello Person");
        (await loop.MailsAsync(email)).ShouldBeEmpty();
        unknown.ShouldBe(400);
        ((string)problem["message"]!).ShouldContain("Did you mean \"cart-reminder\"?");
    }
}
