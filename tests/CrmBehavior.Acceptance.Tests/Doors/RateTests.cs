using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>
/// Who sends too fast is asked to wait, and nobody else. Limits are low, and floods many times what they let through, so that it does not
/// matter how long a flood takes on a busy machine. Every flood has a key or an address of its own.
/// </summary>
public sealed class RateTests(RateTests.Fixture loop) : IClassFixture<RateTests.Fixture>
{
    const int Flood = 400;

    /// <summary>A loop of its own with low limits.</summary>
    public sealed class Fixture : LoopFixture
    {
        protected override Dictionary<string, string> Settings => new(base.Settings)
        {
            ["Ingest__WriteKeys"] = "single=server:a,batches=browser:b,calm=browser:c",
            ["Ingest__WebhookSecrets"] = "billing=hush,shipping=hush",
            ["Limits__CallsPerSecondPerKey"] = "10",
            ["Limits__CallsPerSecondPerAddress"] = "10",
            ["Service__Proxies"] = "192.0.2.0/24,2001:db8:ffff::1",
        };
    }

    [Fact]
    public async Task A_key_that_sends_too_fast_is_asked_to_wait_and_another_is_not()
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, i => Track("single", "single-" + Text(i)));

        answers.Select(a => a.Status).Distinct().Order().ShouldBe([200, 429]);
        AssertRefused(answers, "the write key", "Limits:CallsPerSecondPerKey");
        (await SendAsync(Track("calm", "calm-1"))).Status.ShouldBe(200);
        loop.InStore("SELECT count(*) FROM kept WHERE id LIKE 'single-%'").ShouldBe(answers.Count(a => a.Status == 200));
    }

    [Fact]
    public async Task A_batch_counts_as_the_calls_it_has_and_is_taken_whole_or_not_at_all()
    {
        const int Batches = 10, Calls = 20;

        IReadOnlyList<Answer> answers = await FloodAsync(Batches, i => Post("/v1/batch", new JsonObject
        {
            ["writeKey"] = "batches",
            ["batch"] = new JsonArray([.. Enumerable.Range(0, Calls).Select(c => (JsonNode)Call($"batch-{i}-{c}"))]),
        }.ToJsonString()));

        AssertRefused(answers, "the write key", "Limits:CallsPerSecondPerKey");
        int taken = answers.Count(a => a.Status == 200);
        taken.ShouldBeGreaterThan(0);
        loop.InStore("SELECT count(*) FROM kept WHERE id LIKE 'batch-%'").ShouldBe(taken * Calls);
    }

    [Fact]
    public async Task Keys_that_nobody_knows_share_one_limit_however_many_they_are()
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, i => Track("made-up-" + Text(i), "unknown"));

        answers.Select(a => a.Status).ShouldAllBe(s => s == 401 || s == 429);
        AssertRefused(answers, "without a known write key", "Limits:CallsPerSecondPerKey");
        (await SendAsync(Track("calm", "calm-2"))).Status.ShouldBe(200);
        Answer later = await SendAsync(Track("made-up", "unknown"));
        for (int i = 0; later.Status == 429 && i < 100; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(later.RetryAfter!, CultureInfo.InvariantCulture)));
            later = await SendAsync(Track("made-up", "unknown"));
        }
        later.Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_source_of_webhooks_is_limited_by_what_it_has_signed()
    {
        IReadOnlyList<Answer> forged = await FloodAsync(Flood, _ => Post("/webhooks/shipping", "{}"));
        (await SendAsync(Signed("shipping", "shipping-1"))).Status.ShouldBe(200);

        IReadOnlyList<Answer> signed = await FloodAsync(Flood, i => Signed("billing", "billing-" + Text(i)));

        forged.Select(a => a.Status).ShouldAllBe(s => s == 401 || s == 429);
        signed.Select(a => a.Status).Distinct().Order().ShouldBe([200, 429]);
        loop.InStore("SELECT count(*) FROM kept WHERE id LIKE 'billing-%'").ShouldBe(signed.Count(a => a.Status == 200));
    }

    [Theory]
    [InlineData("GET", "/crmb.js", "203.0.113.1")]
    [InlineData("GET", "/v1/projects/k/settings", "203.0.113.2")]
    [InlineData("POST", "/v1/m", "203.0.113.3")]
    [InlineData("POST", "/v1/track", "203.0.113.4")]
    [InlineData("POST", "/webhooks/billing", "203.0.113.5")]
    public async Task An_address_that_asks_the_doors_of_events_too_fast_is_asked_to_wait_and_another_is_not(string method, string path, string address)
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, _ => From(address, method, path));

        AssertRefused(answers, "the address", "Limits:CallsPerSecondPerAddress");
        answers.ShouldContain(a => a.Status != 429 || !a.Body.Contains("the address", StringComparison.Ordinal));
        (await SendAsync(From("203.0.113.100", "GET", "/crmb.js"))).Status.ShouldBe(200);
        (await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/crmb.js"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("POST", "/webhooks/sendgrid", 401)]
    [InlineData("POST", "/unsubscribe/unknown", 404)]
    [InlineData("GET", "/preferences/unknown", 404)]
    [InlineData("GET", "/api/definitions", 401)]
    [InlineData("GET", "/health/live", 200)]
    public async Task Other_doors_are_open_to_an_address_however_fast_it_asks(string method, string path, int status)
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, _ => From("203.0.113.200", method, path));

        answers.Select(a => a.Status).Distinct().ShouldBe([status]);
    }

    [Fact]
    public async Task This_machine_is_not_counted_by_address()
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, _ => new HttpRequestMessage(HttpMethod.Get, "/crmb.js"));

        answers.Select(a => a.Status).Distinct().ShouldBe([200]);
    }

    [Fact]
    public async Task Addresses_of_one_network_of_IPv6_count_as_one()
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, i => From($"2001:db8:1:2::{i + 1:x}", "GET", "/crmb.js"));

        AssertRefused(answers, "the address", "Limits:CallsPerSecondPerAddress");
        (await SendAsync(From("2001:db8:1:3::1", "GET", "/crmb.js"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8:ffff::1")]
    public async Task Callers_behind_a_known_proxy_are_counted_by_their_own_addresses(string proxy)
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, i => From($"198.51.{i % 200}.{1 + i / 200}, {proxy}", "GET", "/crmb.js"));

        answers.Select(a => a.Status).Distinct().ShouldBe([200]);
    }

    [Fact]
    public async Task What_an_unknown_proxy_says_of_its_callers_is_not_believed()
    {
        IReadOnlyList<Answer> answers = await FloodAsync(Flood, i => From($"198.51.100.{i % 200}, 203.0.113.50", "GET", "/crmb.js"));

        AssertRefused(answers, "the address", "Limits:CallsPerSecondPerAddress");
    }

    static void AssertRefused(IReadOnlyList<Answer> answers, string whose, string setting)
    {
        Answer refused = answers.First(a => a.Status == 429 && a.Body.Contains(whose, StringComparison.Ordinal));
        refused.RetryAfter.ShouldNotBeNull();
        int.Parse(refused.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        JsonObject error = JsonNode.Parse(refused.Body)!.AsObject();
        error.Select(p => p.Key).ShouldBe(["code", "message"]);
        ((string)error["code"]!).ShouldBe("busy");
        ((string)error["message"]!).ShouldContain(setting);
    }

    async Task<IReadOnlyList<Answer>> FloodAsync(int count, Func<int, HttpRequestMessage> request)
    {
        var answers = new Answer[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => answers[i] = await SendAsync(request(i)));
        return answers;
    }

    async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpRequestMessage sent = request;
        using HttpResponseMessage answer = await loop.Service.Http.SendAsync(sent);
        string? wait = answer.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.Single() : null;
        return new Answer((int)answer.StatusCode, wait, await answer.Content.ReadAsStringAsync());
    }

    static HttpRequestMessage Track(string key, string id)
    {
        JsonObject call = Call(id);
        call["writeKey"] = key;
        return Post("/v1/track", call.ToJsonString());
    }

    static JsonObject Call(string id) => new() { ["type"] = "track", ["event"] = "Looked", ["anonymousId"] = "visitor-of-rates", ["messageId"] = id };

    static HttpRequestMessage Signed(string source, string id)
    {
        string body = Call(id).ToJsonString();
        HttpRequestMessage request = Post("/webhooks/" + source, body);
        request.Headers.Add("X-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("hush"u8, Encoding.UTF8.GetBytes(body))));
        return request;
    }

    static HttpRequestMessage From(string address, string method, string path)
    {
        HttpRequestMessage request = method == "POST" ? Post(path, "{}") : new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", address);
        return request;
    }

    static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    sealed record Answer(int Status, string? RetryAfter, string Body);
}
