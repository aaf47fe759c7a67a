using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>Malformed calls at the tracking API.</summary>
[Collection(LoopCollection.Name)]
public sealed class TrackingDoorTests(LoopFixture loop)
{
    static readonly string Deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);

    public static TheoryData<string, string, int, string> Calls() => new()
    {
        { "/v1/track", "", 400, "JSON" },
        { "/v1/track", "{", 400, "JSON" },
        { "/v1/track", "\0\u0001garbage", 400, "JSON" },
        { "/v1/track", "[]", 400, "object" },
        { "/v1/track", "\"text\"", 400, "object" },
        { "/v1/track", "{}", 400, "userId" },
        { "/v1/track", """{"userId":"u1"}""", 400, "event" },
        { "/v1/track", """{"userId":"u1","event":""}""", 400, "event" },
        { "/v1/track", """{"userId":"u1","event":7}""", 400, "event" },
        { "/v1/track", """{"userId":{},"event":"x"}""", 400, "userId" },
        { "/v1/track", """{"userId":"u1","event":"x","timestamp":"yesterday"}""", 400, "timestamp" },
        { "/v1/track", """{"userId":"u1","event":"x","timestamp":"1901-01-01T00:00:00Z"}""", 400, "timestamp" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":[1]}""", 400, "properties" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"amount":1e400}}""", 400, "properties.amount" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"a":"\u0000"}}""", 400, "properties.a" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"a":"\ud800"}}""", 400, "properties.a" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"a":1,"a":2}}""", 400, "properties.a" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":""" + Deep + "}", 400, "properties.a" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"text":""" + '"' + new string('x', 9000) + "\"}}", 400, "properties.text" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"text":""" + '"' + new string('x', 40_000) + "\"}}", 413, "32 KB" },
        { "/v1/identify", """{"traits":{"email":"a@example.com"}}""", 400, "userId" },
        { "/v1/alias", """{"userId":"u1"}""", 400, "previousId" },
        { "/v1/group", """{"userId":"u1"}""", 400, "groupId" },
        { "/v1/batch", "{}", 400, "batch" },
        { "/v1/batch", """{"batch":{}}""", 400, "batch" },
        { "/v1/batch", """{"batch":[],"context":{"traits":{"a\ud800":1}}}""", 400, "context: traits" },
        { "/v1/track", """{"userId":"u1","event":"x","properties":{"a\ud800":1}}""", 400, "properties: has a name" },
        { "/v1/batch", """{"batch":[""" + string.Join(',', Enumerable.Repeat("1", 2501)) + "]}", 413, "2500" },
        { "/v1/batch", """{"batch":[],"context":""" + '"' + new string('x', 600_000) + "\"}", 413, "500 KB" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_malformed_call_is_refused_with_the_field_named(string route, string body, int status, string named)
    {
        (int Status, string Body) answer = await loop.PostAsync(route, body);

        answer.Status.ShouldBe(status, answer.Body);
        JsonNode error = JsonNode.Parse(answer.Body)!;
        ((string?)error["code"]).ShouldNotBeNullOrEmpty();
        ((string)error["message"]!).ShouldContain(named);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    [InlineData("")]
    public async Task A_call_without_a_known_key_is_refused(string? key)
    {
        (int Status, string Body) answer = await loop.PostAsync("/v1/track", """{"userId":"u1","event":"x"}""", key);

        answer.Status.ShouldBe(401);
        answer.Body.ShouldContain("writeKey");
    }

    [Fact]
    public async Task Of_a_batch_the_good_calls_are_kept_and_the_bad_ones_named_by_their_place()
    {
        (Guid id, _) = await loop.ContactAsync();
        string good(int n) => $$"""{"type":"page","userId":"{{id}}","messageId":"good-{{id}}-{{n}}","properties":{"path":"/pricing"} }""";
        string batch = $$"""{"batch":[{{good(1)}},{"type":"dance"},7,{{good(2)}},{"type":"track","userId":"u","event":"x","properties":{{Deep}}},{{good(3)}}]}""";

        (int Status, string Body) answer = await loop.PostAsync("/v1/batch", batch);
        // Sent twice, because the first answer may have been lost.
        (await loop.PostAsync("/v1/batch", batch)).Status.ShouldBe(200);
        await loop.Sandbox.SettleAsync();

        answer.Status.ShouldBe(200, answer.Body);
        JsonArray errors = JsonNode.Parse(answer.Body)!["errors"]!.AsArray();
        errors.Select(e => (int)e!["index"]!).ShouldBe([1, 2, 4]);
        ((string)errors[0]!["message"]!).ShouldContain("type");
        ((string)errors[2]!["message"]!).ShouldContain("deep");
        // Three visits, not six: the intent shows that they counted, and that the repetition did not.
        (await loop.Crm.ReadAsync($"tasks?$select=subject&$filter=_regardingobjectid_value eq {id}")).Count.ShouldBe(1);
        JsonObject score = (await loop.Crm.ReadAsync($"crmb_contactscores?$select=crmb_value&$filter=_crmb_contactid_value eq {id}")).ShouldHaveSingleItem();
        ((double)score["crmb_value"]!).ShouldBe(18, 0.01);
    }

    [Fact]
    public async Task A_compressed_body_is_read_whatever_its_content_type_and_a_bomb_is_not_inflated()
    {
        (Guid id, _) = await loop.ContactAsync();
        (await CompressedAsync($$"""{"batch":[{"type":"track","userId":"{{id}}","event":"Demo Watched"}]}""")).ShouldBe(200);
        (await CompressedAsync(new string(' ', 50_000_000))).ShouldBe(413);
        (await loop.PostAsync("/v1/batch", "not compressed", "sandbox", "application/json", ("Content-Encoding", "gzip"))).Status.ShouldBe(400);
        await loop.Sandbox.SettleAsync();

        (await loop.Crm.ReadAsync($"contacts?$select=crmb_lastseen&$filter=contactid eq {id}"))[0]["crmb_lastseen"].ShouldNotBeNull();
    }

    async Task<int> CompressedAsync(string body)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(Encoding.UTF8.GetBytes(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new ByteArrayContent(bytes.ToArray()) };
        request.Content.Headers.Add("Content-Encoding", "gzip");
        request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic c2FuZGJveDo=");
        using HttpResponseMessage answer = await loop.Service.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    [Fact]
    public async Task A_browsers_key_may_not_speak_for_a_contact_nor_of_consent()
    {
        (Guid id, string email) = await loop.ContactAsync();
        for (int i = 0; i < 3; i++)
        {
            (await loop.PostAsync("/v1/page", $$"""{"userId":"{{email}}","anonymousId":"thief","properties":{"path":"/pricing"} }""", "sandbox-web")).Status.ShouldBe(200);
        }
        (int Status, string Body) consent = await loop.PostAsync("/v1/track", $$"""{"userId":"{{email}}","event":"Consent Changed","properties":{"granted":true} }""", "sandbox-web");
        await loop.Sandbox.SettleAsync();

        consent.Status.ShouldBe(400);
        consent.Body.ShouldContain("consent_changed");
        (await loop.Crm.ReadAsync($"crmb_contactscores?$select=crmb_value&$filter=_crmb_contactid_value eq {id}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_that_is_not_there_answers_with_anything_but_an_error_in_JSON()
    {
        (int Status, string Body) answer = await loop.PostAsync("/v1/nothing", "{}");

        answer.Status.ShouldBe(404);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }
}
