using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>A caller of the Web API.</summary>
internal sealed class Crm(string url, string token)
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(3) };

    public string Root => url + "/api/data/v9.2/";

    public Crm As(string other) => new(url, other);

    public Task<CrmAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<CrmAnswer> PostAsync(string path, JsonNode? body, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, body?.ToJsonString(), headers);

    public Task<CrmAnswer> PatchAsync(string path, JsonNode body, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", path, body.ToJsonString(), headers);

    public Task<CrmAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    /// <summary>Makes a row; answers its id.</summary>
    public async Task<Guid> CreateAsync(string set, JsonNode row)
    {
        CrmAnswer answer = await PostAsync(set, row);
        answer.Status.ShouldBe(204, answer.Text);
        return answer.Id;
    }

    public async Task<CrmAnswer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        string target = path.StartsWith("http", StringComparison.Ordinal) ? path : Root + path.Replace(" ", "%20", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        string type = headers.Where(h => h.Name == "Content-Type").Select(h => h.Value).FirstOrDefault() ?? "application/json";
        foreach ((string name, string value) in headers)
            if (name != "Content-Type") request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using HttpResponseMessage response = await Http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        return new CrmAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), all);
    }
}

/// <summary>An answer of the Web API.</summary>
internal sealed record CrmAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new JsonException("empty");

    public JsonArray Rows => Json["value"]!.AsArray();

    public string? Code => Json["error"]?["code"]?.GetValue<string>();

    public string? Message => Json["error"]?["message"]?.GetValue<string>();

    public Guid Id
    {
        get
        {
            string address = Headers["OData-EntityId"];
            return Guid.Parse(address[(address.LastIndexOf('(') + 1)..].TrimEnd(')'));
        }
    }

    /// <summary>The values of one column, in order.</summary>
    public string?[] Column(string name) => [.. Rows.Select(r => r![name]?.ToString())];
}
