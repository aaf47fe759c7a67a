using System;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>The sandbox's own routes.</summary>
internal sealed class Controls(string url)
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(3) };

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(url + path))!;

    public async Task<(int Status, JsonNode? Body)> PostAsync(string path, JsonNode? body = null)
    {
        using var content = new StringContent(body?.ToJsonString() ?? "", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.PostAsync(new Uri(url + path), content);
        string text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task FaultAsync(JsonObject fault) => (await PostAsync("/sandbox/faults", fault)).Status.ShouldBe(204);

    public async Task ClearFaultsAsync()
    {
        using HttpResponseMessage response = await Http.DeleteAsync(new Uri(url + "/sandbox/faults"));
        response.EnsureSuccessStatusCode();
    }

    public async Task AdvanceAsync(string by) => (await PostAsync("/sandbox/clock", new JsonObject { ["advance"] = by })).Status.ShouldBe(200);

    public async Task SettleAsync()
    {
        (int status, JsonNode? body) = await PostAsync("/sandbox/settle");
        status.ShouldBe(200, body?.ToJsonString());
    }
}
