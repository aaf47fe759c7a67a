using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace CrmBehavior.Acceptance.Tests.Crm;

/// <summary>Somebody who works with the CRM through its Web API.</summary>
internal sealed class CrmClient : IDisposable
{
    readonly HttpClient http;

    public CrmClient(string url, string token = "sandbox")
    {
        http = new HttpClient { BaseAddress = new Uri(url + "/api/data/v9.2/"), Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Creates rows by CreateMultiple.</summary>
    public Task CreateAsync(string set, string table, IEnumerable<JsonObject> rows) => SendAsync(
        HttpMethod.Post,
        $"{set}/Microsoft.Dynamics.CRM.CreateMultiple",
        new JsonObject
        {
            ["Targets"] = new JsonArray([.. rows.Select(row =>
            {
                row["@odata.type"] = "Microsoft.Dynamics.CRM." + table;
                return (JsonNode)row;
            })]),
        });

    /// <summary>Creates one row.</summary>
    public Task<JsonNode> CreateAsync(string set, JsonObject row) => SendAsync(HttpMethod.Post, set, row);

    public Task ChangeAsync(string row, JsonObject columns) => SendAsync(HttpMethod.Patch, row, columns);

    public Task DeleteAsync(string row) => SendAsync(HttpMethod.Delete, row, null);

    public Task<JsonNode> CallAsync(string action, JsonObject parameters) => SendAsync(HttpMethod.Post, action, parameters);

    /// <summary>All rows of a query, page after page.</summary>
    public async Task<IReadOnlyList<JsonObject>> ReadAsync(string query)
    {
        var rows = new List<JsonObject>();
        for (string? next = query; next != null;)
        {
            JsonNode page = await SendAsync(HttpMethod.Get, next, null);
            rows.AddRange(page["value"]!.AsArray().Select(r => r!.AsObject()));
            next = (string?)page["@odata.nextLink"];
        }
        return rows;
    }

    public void Dispose() => http.Dispose();

    async Task<JsonNode> SendAsync(HttpMethod method, string address, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Post || method == HttpMethod.Patch) request.Headers.Add("Prefer", "return=representation");
        if (body != null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{method} {address}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text.Length == 0 ? "{}" : text)!;
    }
}
