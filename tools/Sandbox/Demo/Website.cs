using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>What a website tells the service: its server speaks of people it knows, a browser of a visitor it does not.</summary>
internal sealed class Website : IDisposable
{
    readonly HttpClient server, browser;

    public Website(string service)
    {
        server = Client(service, "sandbox");
        browser = Client(service, "sandbox-web");
    }

    /// <summary>Somebody who is signed in looks at a page.</summary>
    public Task VisitAsync(Guid contact, string path, CancellationToken cancel) =>
        SendAsync(server, "page", new JsonObject { ["userId"] = contact.ToString(), ["properties"] = new JsonObject { ["path"] = path } }, cancel);

    /// <summary>Somebody who is signed in does something.</summary>
    public Task TrackAsync(Guid contact, string name, JsonObject properties, CancellationToken cancel) =>
        SendAsync(server, "track", new JsonObject { ["userId"] = contact.ToString(), ["event"] = name, ["properties"] = properties }, cancel);

    /// <summary>Somebody nobody knows looks at a page.</summary>
    public Task VisitAnonymouslyAsync(string visitor, string path, CancellationToken cancel) =>
        SendAsync(browser, "page", new JsonObject { ["anonymousId"] = visitor, ["properties"] = new JsonObject { ["path"] = path } }, cancel);

    /// <summary>Somebody nobody knows sends a form.</summary>
    public Task SubmitAsync(string visitor, JsonObject form, CancellationToken cancel) =>
        SendAsync(browser, "track", new JsonObject { ["anonymousId"] = visitor, ["event"] = "Form Submitted", ["properties"] = form }, cancel);

    static HttpClient Client(string service, string key)
    {
        var http = new HttpClient { BaseAddress = new Uri(service + "/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(key + ":")));
        return http;
    }

    static async Task SendAsync(HttpClient http, string call, JsonObject body, CancellationToken cancel)
    {
        body["messageId"] = Guid.NewGuid().ToString();
        using HttpResponseMessage answer = await http.PostAsJsonAsync(call, body, cancel);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"The service answered {(int)answer.StatusCode} to /v1/{call}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        server.Dispose();
        browser.Dispose();
    }
}
