using System;
using System.Globalization;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace CrmBehavior.Acceptance.Tests.Api;

/// <summary>Calls the service's API: with a bearer key as tools do, or signed as the CRM's plugins do.</summary>
internal sealed class ApiCaller(LoopFixture loop)
{
    public async Task<(int Status, JsonNode Body)> ToolAsync(HttpMethod method, string route, JsonObject? body = null, string key = "sandbox")
    {
        using var request = new HttpRequestMessage(method, route) { Content = body == null ? null : Json(body.ToJsonString()) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return await SendAsync(request);
    }

    public async Task<(int Status, JsonNode Body)> CrmAsync(
        string question, JsonObject body, Guid user, string key = "signing", DateTimeOffset? at = null, string? sent = null)
    {
        string path = "/api/crm/" + question, text = body.ToJsonString(), time = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = Encoding.UTF8.GetBytes($"{time}\n{user:D}\n{path}\n{text}");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(sent ?? text) };
        request.Headers.TryAddWithoutValidation("X-Crmb-Time", time);
        request.Headers.TryAddWithoutValidation("X-Crmb-User", user.ToString("D"));
        request.Headers.TryAddWithoutValidation("X-Crmb-Signature", "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed)));
        return await SendAsync(request);
    }

    async Task<(int, JsonNode)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage answer = await loop.Service.Http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
