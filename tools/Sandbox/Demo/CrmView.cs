using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>The CRM as a person at a desk uses it: through the Web API, signed in as somebody.</summary>
internal sealed class CrmView : IDisposable
{
    readonly HttpClient http;

    /// <summary>Signs in.</summary>
    public CrmView(string url, string token)
    {
        http = new HttpClient { BaseAddress = new Uri(url + "/api/data/v9.2/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<Guid> CreateAsync(string set, string key, JsonObject row, CancellationToken cancel)
    {
        JsonNode created = await SendAsync(HttpMethod.Post, set, row, cancel);
        return Guid.Parse((string)created[key]!);
    }

    public Task ChangeAsync(string set, Guid id, JsonObject columns, CancellationToken cancel) => SendAsync(HttpMethod.Patch, $"{set}({id})", columns, cancel);

    /// <summary>Rows of a query, as <c>contacts?$select=…</c>.</summary>
    public async Task<IReadOnlyList<JsonObject>> ReadAsync(string query, CancellationToken cancel)
    {
        JsonNode answer = await SendAsync(HttpMethod.Get, query, null, cancel);
        return [.. answer["value"]!.AsArray().Select(r => r!.AsObject())];
    }

    /// <summary>Names of a contact's tags.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(Guid contact, CancellationToken cancel)
    {
        JsonNode row = await SendAsync(HttpMethod.Get, $"contacts({contact})?$select=fullname&$expand=crmb_contact_tag($select=crmb_name)", null, cancel);
        return [.. row["crmb_contact_tag"]!.AsArray().Select(t => (string)t!["crmb_name"]!)];
    }

    public Task<IReadOnlyList<JsonObject>> TasksAsync(Guid contact, CancellationToken cancel) =>
        ReadAsync($"tasks?$select=subject,description,scheduledend,prioritycode,_ownerid_value&$filter=_regardingobjectid_value eq {contact}", cancel);

    public Task<IReadOnlyList<JsonObject>> TimelineAsync(Guid contact, CancellationToken cancel) =>
        ReadAsync($"crmb_touchpoints?$select=subject,description,crmb_effect,crmb_at&$filter=_regardingobjectid_value eq {contact}&$orderby=crmb_at", cancel);

    async Task<JsonNode> SendAsync(HttpMethod method, string address, JsonObject? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Prefer", "return=representation");
        if (body != null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.SendAsync(request, cancel);
        string text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{method} {address}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text.Length == 0 ? "{}" : text, null, new JsonDocumentOptions { AllowTrailingCommas = false })!;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
