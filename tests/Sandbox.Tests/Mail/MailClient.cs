using System;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;

namespace CrmBehavior.Sandbox.Tests.Mail;

/// <summary>A caller of the mail stand-in, and a mail that it accepts.</summary>
internal sealed class MailClient(SandboxFixture sandbox)
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    public static JsonObject Good(string to = "ada@example.com", string? decision = null) => new()
    {
        ["personalizations"] = new JsonArray(new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["email"] = to }),
            ["custom_args"] = new JsonObject { ["decision_id"] = decision ?? "d" },
        }),
        ["from"] = new JsonObject { ["email"] = "news@example.com" },
        ["subject"] = "Hello",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text/plain", ["value"] = "Hello" }),
    };

    public async Task<(int Status, string Body, string? MessageId)> SendAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, sandbox.Url + "/v3/mail/send")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? sandbox.Host.MailApiKey));
        using HttpResponseMessage response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("X-Message-Id", out var ids)
            ? string.Join(",", ids) : null);
    }

    public Task<(int Status, string Body, string? MessageId)> SendAsync(JsonObject mail) => SendAsync(mail.ToJsonString());

    /// <summary>The accepted mails to an address.</summary>
    public async Task<JsonNode[]> InboxAsync(string to) =>
        [.. System.Linq.Enumerable.Where((await sandbox.Controls.GetAsync("/sandbox/mails")).AsArray()!, m => m!["to"]!.GetValue<string>() == to)!];
}
