using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Api;

/// <summary>What tools ask of the service: why, whether a definition is sound, what a journey would have done, how much happened.</summary>
[Collection(LoopCollection.Name)]
public sealed class ApiTests(LoopFixture loop)
{
    readonly ApiCaller api = new(loop);

    [Fact]
    public async Task Explain_says_where_a_contact_stands_in_a_journey_and_what_comes_next()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.SettleAsync();

        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "abandoned-cart" });

        status.ShouldBe(200, answer.ToJsonString());
        string text = (string)answer["text"]!;
        text.ShouldContain("The contact is in the journey since");
        text.ShouldContain("Next is the step \"reminder\" (Send the mail \"cart-reminder\")");
        JsonNode enrollment = answer["explanation"]!["standing"]!["enrollments"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)enrollment["step"]).ShouldBe("patience");
        ((string?)enrollment["next"]).ShouldBe("reminder");
    }

    [Fact]
    public async Task Explain_of_an_earlier_instant_is_worked_out_from_the_event_log()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        (int _, JsonNode known) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "buying-intent" });
        string before = (string)known["explanation"]!["at"]!;
        await loop.Sandbox.AdvanceAsync("1h");
        for (int i = 0; i < 3; i++) await loop.TrackAsync(id, "page_viewed", new JsonObject { ["path"] = "/pricing" });
        await loop.Sandbox.SettleAsync();

        (int _, JsonNode then) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "signal:buying-intent", ["at"] = before });
        (int _, JsonNode now) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "signal:buying-intent" });

        ((bool)then["explanation"]!["standing"]!["active"]!).ShouldBeFalse();
        then["explanation"]!["decisions"]!.AsArray().ShouldBeEmpty();
        ((bool)now["explanation"]!["standing"]!["active"]!).ShouldBeTrue();
        ((string)now["text"]!).ShouldContain("fired, because");
    }

    [Fact]
    public async Task Explain_names_what_is_not_there_and_what_is_near()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();

        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "abandoned-card" });
        (int unknown, JsonNode nobody) = await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = Guid.NewGuid(), ["definition"] = "abandoned-cart" });

        (status, (string?)answer["code"]).ShouldBe((404, "not_found"));
        ((string)answer["message"]!).ShouldContain("Did you mean \"abandoned-cart\"?");
        unknown.ShouldBe(404);
        ((string)nobody["message"]!).ShouldContain("nothing is known of contact");
        (await api.ToolAsync(HttpMethod.Post, "/api/explain", new JsonObject { ["contactId"] = id, ["definition"] = "abandoned-cart" }, key: "wrong")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Validate_holds_a_definition_against_those_in_force()
    {
        (int _, JsonNode wrong) = await api.ToolAsync(HttpMethod.Post, "/api/validate", new JsonObject { ["json"] = """{"kind":"segment","name":"keen","tag":"Keen","when":{"signal":"buying-intend"}}""" });
        (int _, JsonNode sound) = await api.ToolAsync(HttpMethod.Post, "/api/validate", new JsonObject { ["json"] = """{"kind":"segment","name":"keen","tag":"Keen","when":{"signal":"buying-intent"}}""" });
        (int _, JsonNode alone) = await api.ToolAsync(HttpMethod.Post, "/api/validate", new JsonObject { ["json"] = """{"kind":"segment","name":"keen","tag":"Keen","when":{"signal":"elsewhere"}}""", ["others"] = false });

        ((bool)wrong["isValid"]!).ShouldBeFalse();
        JsonNode error = wrong["errors"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)error["pointer"]).ShouldBe("/when/signal");
        ((string)error["message"]!).ShouldContain("Did you mean \"buying-intent\"?");
        ((bool)sound["isValid"]!).ShouldBeTrue(sound.ToJsonString());
        ((string)sound["words"]!).ShouldContain("A contact is in the segment \"keen\" exactly as long as the signal \"buying-intent\" is active.");
        ((bool)alone["isValid"]!).ShouldBeTrue(alone.ToJsonString());
    }

    [Fact]
    public async Task Backtest_tries_a_journey_on_the_event_log_and_sends_nothing()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.ConsentAsync(id);
        await loop.TrackAsync(id, "webinar_attended");
        await loop.Sandbox.SettleAsync();
        const string journey = """{"kind":"journey","name":"webinar","trigger":{"event":"webinar_attended"},"steps":[{"id":"thanks","sendEmail":{"template":"cart-reminder"}}]}""";

        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Post, "/api/backtest", new JsonObject { ["json"] = journey, ["days"] = 7 });
        (int bad, JsonNode problem) = await api.ToolAsync(HttpMethod.Post, "/api/backtest", new JsonObject { ["journey"] = "abandoned-card" });

        status.ShouldBe(200, answer.ToJsonString());
        ((int)answer["report"]!["enrolled"]!).ShouldBe(1);
        ((string?)answer["report"]!["examples"]!.AsArray().ShouldHaveSingleItem()).ShouldBe(id.ToString());
        ((string)answer["text"]!).ShouldContain("1 contacts would have come in");
        (await loop.MailsAsync(email)).ShouldBeEmpty();
        bad.ShouldBe(400);
        ((string)problem["message"]!).ShouldContain("Did you mean \"abandoned-cart\"?");
    }

    [Fact]
    public async Task Statistics_count_decisions_by_day_definition_and_effect()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.SettleAsync();

        (int status, JsonNode answer) = await api.ToolAsync(HttpMethod.Get, "/api/statistics?days=1000");

        status.ShouldBe(200);
        JsonNode row = answer["counts"]!.AsArray().Last(c => (string?)c!["definition"] == "abandoned-cart" && (string?)c["effect"] == "enrolled")!;
        ((string?)row["kind"]).ShouldBe("journey");
        ((int)row["count"]!).ShouldBeGreaterThan(0);
        ((string?)row["day"])!.Length.ShouldBe(10);
    }
}
