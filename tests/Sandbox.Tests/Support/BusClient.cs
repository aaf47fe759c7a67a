using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Bus;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>A caller of the bus by HTTPS run-time API.</summary>
internal sealed class BusClient(string url, string keyName, string key)
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(3) };

    public Task<BusAnswer> SendAsync(string queue, string body, string? properties = null, params (string Name, string Value)[] headers) =>
        CallAsync("POST", $"/{queue}/messages", body, properties is null ? headers : [.. headers, ("BrokerProperties", properties)]);

    public Task<BusAnswer> PeekLockAsync(string queue, int seconds = 0) => CallAsync("POST", $"/{queue}/messages/head?timeout={seconds}", "");

    public Task<BusAnswer> TakeAsync(string queue, int seconds = 0) => CallAsync("DELETE", $"/{queue}/messages/head?timeout={seconds}", null);

    /// <summary>Makes a queue with a short lock, so that its loss can be waited for.</summary>
    public Task<BusAnswer> CreateQueueAsync(string queue, string settings = "") => CallAsync("PUT", "/" + queue,
        $"<entry xmlns=\"http://www.w3.org/2005/Atom\"><content type=\"application/xml\"><QueueDescription xmlns=\"http://schemas.microsoft.com/netservices/2010/10/servicebus/connect\">{settings}</QueueDescription></content></entry>");

    public async Task<BusAnswer> CallAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith("http", StringComparison.Ordinal) ? path : url + path);
        string type = "text/plain";
        request.Headers.TryAddWithoutValidation("Authorization", SasToken.Create(keyName, key, url, DateTimeOffset.UtcNow.AddHours(1)));
        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type") type = value;
            else if (name == "Authorization")
            {
                request.Headers.Remove("Authorization");
                if (value.Length > 0) request.Headers.TryAddWithoutValidation(name, value);
            }
            else request.Headers.TryAddWithoutValidation(name, value);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using HttpResponseMessage response = await Http.SendAsync(request);
        return new BusAnswer(
            (int)response.StatusCode, response.ReasonPhrase, await response.Content.ReadAsStringAsync(), response.Headers.Location?.ToString(),
                response.Content.Headers.ContentType?.ToString(),
            response.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>An answer of the bus.</summary>
internal sealed record BusAnswer(int Status, string? Reason, string Body, string? Location, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Broker => JsonNode.Parse(Headers["BrokerProperties"])!;
}
