using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>Garbage at the webhooks, the bus, the links and the API.</summary>
[Collection(LoopCollection.Name)]
public sealed class OtherDoorTests(LoopFixture loop)
{
    [Theory]
    [InlineData("[{\"event\":\"open\"}]")]
    [InlineData("")]
    [InlineData("not json")]
    public async Task A_report_of_mail_without_the_providers_signature_is_refused(string body)
    {
        (int Status, string Body) answer = await loop.PostAsync("/webhooks/sendgrid", body, null, "application/json",
            ("X-Twilio-Email-Event-Webhook-Signature", "bm9wZQ=="), ("X-Twilio-Email-Event-Webhook-Timestamp", "1772442000"));

        answer.Status.ShouldBe(401);
        answer.Body.ShouldContain("signature");
    }

    [Fact]
    public async Task A_webhook_of_another_system_needs_its_signature_and_a_sound_call()
    {
        (Guid id, _) = await loop.ContactAsync();
        string call = $$"""{"userId":"{{id}}","event":"Invoice Paid","messageId":"invoice-{{id}}"}""";

        (await loop.PostAsync("/webhooks/billing", call, null)).Status.ShouldBe(401);
        (await loop.PostAsync("/webhooks/unknown", call, null, "application/json", ("X-Signature-256", Signature(call)))).Status.ShouldBe(401);
        (await loop.PostAsync("/webhooks/billing", call + " ", null, "application/json", ("X-Signature-256", Signature(call)))).Status.ShouldBe(401);
        (await loop.PostAsync("/webhooks/billing", "{", null, "application/json", ("X-Signature-256", Signature("{")))).Status.ShouldBe(400);
        (await loop.PostAsync("/webhooks/billing", call, null, "application/json", ("X-Signature-256", Signature(call)))).Status.ShouldBe(200);
        await loop.Sandbox.SettleAsync();
        ((await loop.Crm.ReadAsync($"contacts?$select=crmb_lastseen&$filter=contactid eq {id}"))[0]["crmb_lastseen"]).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("{\"BusinessUnitId\":null}")]
    [InlineData("{\"PrimaryEntityName\":\"contact\",\"SharedVariables\":[{\"key\":\"crmb_event\",\"value\":\"{\\\"v\\\":99}\"}]}")]
    public async Task A_message_on_the_bus_that_cannot_be_read_is_set_aside_and_its_neighbours_are_taken(string body)
    {
        (Guid before, _) = await loop.ContactAsync(("jobtitle", "Head of Nothing"));
        await SendAsync(body);
        (Guid after, _) = await loop.ContactAsync(("jobtitle", "Head of Everything"));
        await loop.Sandbox.SettleAsync();

        foreach (Guid id in new[] { before, after })
        {
            JsonObject row = (await loop.Crm.ReadAsync($"contacts?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)&$filter=contactid eq {id}"))[0];
            row["crmb_contact_tag"]!.AsArray().Count.ShouldBe(1);
        }
        JsonNode health = JsonNode.Parse(await loop.Service.Http.GetStringAsync("/health/ready"))!;
        health["troubles"]!.ToJsonString().ShouldContain("could not be read");
    }

    [Theory]
    [InlineData("/unsubscribe/garbage")]
    [InlineData("/unsubscribe/AAAA.AAAA")]
    [InlineData("/preferences/garbage")]
    public async Task A_forged_link_shows_a_plain_page_and_changes_nothing(string path)
    {
        using HttpResponseMessage shown = await loop.Service.Http.GetAsync(path);
        (int Status, string Body) answer = await loop.PostAsync(path, "List-Unsubscribe=One-Click", null, "application/x-www-form-urlencoded");

        ((int)shown.StatusCode).ShouldBe(404);
        answer.Status.ShouldBe(404);
        (await shown.Content.ReadAsStringAsync()).ShouldContain("<html");
    }

    [Fact]
    public async Task Definitions_with_errors_are_refused_with_every_place_and_nothing_is_published()
    {
        string before = await DefinitionsAsync();
        const string Body = """
            {"definitions":[{"file":"a.json","json":{"kind":"segment","name":"Bad Name","when":{"trait":"x","gte":1}}},
            {"file":"b.json","json":{"kind":"signal","name":"good","when":{"event":"x","within":"fortnight"}}}]}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/definitions") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox");
        using HttpResponseMessage answer = await loop.Service.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();

        ((int)answer.StatusCode).ShouldBe(400, text);
        text.ShouldContain("a.json: /name");
        text.ShouldContain("b.json: /when/within");
        (await DefinitionsAsync()).ShouldBe(before);
        (await loop.Service.Http.GetAsync("/api/definitions")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("{\"kind\":\"segment\"}", "name")]
    public async Task A_definition_in_the_CRM_that_is_no_JSON_is_refused_with_the_place(string json, string named)
    {
        HttpRequestException refused = await Should.ThrowAsync<HttpRequestException>(() => loop.Crm.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = json }));

        refused.Message.ShouldContain("400");
        refused.Message.ShouldContain(named, Case.Insensitive);
    }

    async Task<string> DefinitionsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/definitions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox");
        using HttpResponseMessage answer = await loop.Service.Http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    static string Signature(string body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("hush"u8.ToArray(), Encoding.UTF8.GetBytes(body)));

    async Task SendAsync(string body)
    {
        using HttpResponseMessage answer = await new BusCaller(loop).SendAsync(HttpMethod.Post, "messages", body, "application/json");
        ((int)answer.StatusCode).ShouldBe(201);
    }
}
