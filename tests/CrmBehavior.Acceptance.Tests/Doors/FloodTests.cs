using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Crm;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>Ten thousand spoiled inputs at every door: each is answered as the sender's fault or taken, and afterwards all goes on as before.</summary>
public sealed class FloodTests : IAsyncLifetime, IDisposable
{
    const int Inputs = 10_000, AtOnce = 16;

    const string Person = "00000000-0000-4000-8000-00000000f10d";

    static readonly HashSet<HttpStatusCode> Fitting =
    [
        HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted, HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
        HttpStatusCode.MethodNotAllowed, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestUriTooLong, HttpStatusCode.RequestHeaderFieldsTooLarge, HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests,
    ];

    static readonly string[] Calls =
    [
        $$"""{"type":"track","userId":"{{Person}}","event":"Product Added","messageId":"m-1","timestamp":"2026-03-02T09:00:00Z","properties":{"value":12.5,"sku":"a-1","tags":["x","y"]},"context":{"timezone":"Europe/Berlin"} }""",
        $$"""{"type":"page","anonymousId":"visitor-1","messageId":"m-2","properties":{"path":"/pricing","url":"https://shop.example/pricing?x=1"} }""",
        $$"""{"type":"identify","userId":"{{Person}}","traits":{"email":"flood@example.com","firstName":"Flo","address":{"city":"Ulm"} } }""",
        """{"type":"alias","userId":"someone","previousId":"visitor-1"}""",
        """{"type":"group","userId":"someone","groupId":"acme","traits":{"name":"Acme"} }""",
        $$"""{"type":"screen","userId":"{{Person}}","name":"Home","sentAt":"2026-03-02T09:00:00.000Z"}""",
    ];

    static readonly string[] Reports =
    [
        """[{"email":"a@example.com","timestamp":1772442000,"event":"delivered","sg_event_id":"e1","sg_message_id":"m1","decision_id":"0a000000-0000-0000-0000-000000000001","contact_id":"0a000000-0000-0000-0000-000000000002"}]""",
        """[{"email":"a@example.com","timestamp":1772442000,"event":"bounce","sg_event_id":"e2","type":"blocked","reason":"550"},{"event":"open","timestamp":1772442000,"sg_event_id":"e3","useragent":"x"}]""",
    ];

    static readonly string[] Messages =
    [
        $$"""{"PrimaryEntityName":"contact","MessageName":"Update","OperationId":"0a000000-0000-0000-0000-000000000003","SharedVariables":[{"key":"crmb_event","value":"{\"v\":1,\"id\":\"x\",\"name\":\"contact_updated\",\"at\":\"2026-03-02T09:00:00Z\",\"contactIds\":[\"{{Person}}\"],\"traits\":{\"jobtitle\":\"Head\"} }"}]}""",
    ];

    static readonly string[] Sets =
    [
        """{"definitions":[{"file":"a.json","json":{"kind":"segment","name":"many-looks","tag":"Looks","when":{"event":"page_viewed","where":{"path":{"startsWith":"/p"} },"within":"7d","count":{"gte":3} } } }]}""",
    ];

    readonly ECDsa provider = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    SandboxProcess? sandbox;
    ServiceProcess? service;
    CrmClient? crm;

    public async Task InitializeAsync()
    {
        sandbox = await SandboxProcess.StartAsync("--clock", "2026-03-02T09:00:00Z", "--definitions", Path.Combine(BuiltProgram.Root, "tools", "Sandbox", "Demo", "Definitions"));
        service = await ServiceProcess.StartAsync(sandbox, new Dictionary<string, string>
        {
            ["Ingest__WebhookSecrets"] = "billing=hush",
            ["SendGrid__WebhookPublicKey"] = Convert.ToBase64String(provider.ExportSubjectPublicKeyInfo()),
            ["Logging__LogLevel__Default"] = "Error",
        });
        crm = new CrmClient(sandbox.Url);
        await sandbox.SettleAsync();
    }

    public async Task DisposeAsync()
    {
        if (service != null) await service.DisposeAsync();
        if (sandbox != null) await sandbox.DisposeAsync();
    }

    public void Dispose()
    {
        provider.Dispose();
        crm?.Dispose();
    }

    [Fact]
    public async Task Ten_thousand_spoiled_inputs_at_every_door_are_answered_and_nothing_is_lost_or_stopped()
    {
        await crm!.CreateAsync("contacts", new JsonObject { ["contactid"] = Person, ["lastname"] = "Flood", ["emailaddress1"] = "flood@example.com" });
        string[] batch = [$$"""{"writeKey":"sandbox","batch":[{{string.Join(',', Calls)}}]}"""];

        await FloodAsync("track", Calls, body => Post("/v1/track", body, ("Authorization", Basic("sandbox"))));
        await FloodAsync("identify", Calls, body => Post("/v1/identify", body, ("Authorization", Basic("sandbox-web"))));
        await FloodAsync("batch", batch, body => Post("/v1/batch", body));
        await FloodAsync("webhook", Calls, body => Post("/webhooks/billing", body, ("X-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("hush"u8, body)))));
        await FloodAsync("reports", Reports, body => Post("/webhooks/sendgrid", body, ("X-Twilio-Email-Event-Webhook-Signature", Signature("1772442000", body)), ("X-Twilio-Email-Event-Webhook-Timestamp", "1772442000")));
        await FloodAsync("unsubscribe", ["v1.AAAAAAAAAAAAAAAAAAAAAA.m.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], body => Post("/unsubscribe/" + Uri.EscapeDataString(Encoding.Latin1.GetString(body)), "List-Unsubscribe=One-Click"u8.ToArray()));
        await FloodAsync("preferences", ["List-Unsubscribe=One-Click&marketing=on"], body => Post("/preferences/AAAA", body));
        await FloodAsync("definitions", Sets, body => Post("/api/definitions?dryRun=true", body, ("Authorization", "Bearer sandbox:salesperson")));
        await FloodAsync("bus", Messages, Message, sandbox!.Http);

        service!.Program.HasEnded.ShouldBeFalse(service.Output);
        (await service.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var after = Guid.NewGuid();
        await crm.CreateAsync("contacts", new JsonObject { ["contactid"] = after.ToString(), ["lastname"] = "Afterwards", ["jobtitle"] = "Head of Something" });
        for (int i = 0; i < 3; i++)
        {
            using HttpRequestMessage request = Post("/v1/page", Encoding.UTF8.GetBytes($$$"""{"userId":"{{{after}}}","properties":{"path":"/pricing"} }"""), ("Authorization", Basic("sandbox")));
            using HttpResponseMessage answer = await service.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        try
        {
            await sandbox.SettleAsync();
        }
        catch (InvalidOperationException left)
        {
            throw new InvalidOperationException($"{left.Message} {service.Output}");
        }
        JsonObject row = (await crm.ReadAsync($"contacts?$select=contactid&$filter=contactid eq {after}&$expand=crmb_contact_tag($select=crmb_name)")).Single();
        row["crmb_contact_tag"]!.AsArray().Select(t => (string)t!["crmb_name"]!).Order(StringComparer.Ordinal).ShouldBe(["Buying intent", "Decision maker"]);
    }

    async Task FloodAsync(string door, IReadOnlyList<string> sound, Func<byte[], HttpRequestMessage> request, HttpClient? http = null)
    {
        var mutation = new Mutation(door.Sum(c => c));
        byte[][] inputs = [.. Enumerable.Range(0, Inputs).Select(_ => mutation.Of(sound))];
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (body, stop) =>
        {
            using HttpRequestMessage message = request(body);
            using HttpResponseMessage answer = await (http ?? service!.Http).SendAsync(message, stop);
            answers.AddOrUpdate(answer.StatusCode, 1, (_, n) => n + 1);
            if (!Fitting.Contains(answer.StatusCode)) throw new InvalidOperationException($"{door}: {(int)answer.StatusCode} for {Encoding.UTF8.GetString(body)}: {await answer.Content.ReadAsStringAsync(stop)}");
        });
        // The bus takes everything, and a report with the provider's signature is answered 200 so that it does not come again; both are set aside.
        answers.Keys.Any(s => (int)s >= 400 || door is "bus" or "reports").ShouldBeTrue($"{door}: nothing was refused");
    }

    static HttpRequestMessage Post(string route, byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", route.StartsWith("/unsubscribe", StringComparison.Ordinal) || route.StartsWith("/preferences", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : "application/json");
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    HttpRequestMessage Message(byte[] body)
    {
        IReadOnlyDictionary<string, string> settings = sandbox!.Settings;
        HttpRequestMessage request = Post($"{settings["Bus__Url"].TrimEnd('/')}/{settings["Bus__Queue"]}/messages", body);
        request.Headers.TryAddWithoutValidation("Authorization", SharedAccess.Token(settings["Bus__Url"], settings["Bus__KeyName"], settings["Bus__Key"]));
        return request;
    }

    static string Basic(string key) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":"));

    string Signature(string timestamp, byte[] body) => Convert.ToBase64String(provider.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
}
