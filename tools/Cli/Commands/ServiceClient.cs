using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;

namespace CrmBehavior.Cli.Commands;

/// <summary>The service's <c>/api</c>, as commands use it.</summary>
internal sealed class ServiceClient : IDisposable
{
    readonly HttpClient http;
    readonly string address;

    /// <exception cref="CliException">The address is none.</exception>
    public ServiceClient(string address, string? key)
    {
        if (!IsAddress(address)) throw new CliException($"--service: \"{address}\" is no address; write it as in http://localhost:5000");
        this.address = address.TrimEnd('/');
        http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Environment.GetEnvironmentVariable("CRMB_API_KEY") ?? "sandbox");
    }

    public static Option<string?> KeyOption() => new("--key") { Description = "A key of the service's setting Service:ApiKeys; by default the environment variable CRMB_API_KEY, else \"sandbox\"." };

    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";

    /// <summary>The definitions in force.</summary>
    public async Task<IReadOnlyList<DefinitionSource>> DefinitionsAsync(CancellationToken cancellation)
    {
        JsonElement answer = await SendAsync(HttpMethod.Get, "/api/definitions", null, cancellation);
        return [.. answer.GetProperty("definitions").EnumerateArray().Select(d => new DefinitionSource($"{d.GetProperty("kind").GetString()} {d.GetProperty("name").GetString()}", d.GetProperty("definition").GetRawText()))];
    }

    /// <summary>Posts and returns the answer.</summary>
    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body), cancellation);

    /// <exception cref="CliException">The service did not answer, or refused; the message says why.</exception>
    async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, address + path) { Content = body };
            using HttpResponseMessage answer = await http.SendAsync(request, cancellation);
            string text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.IsSuccessStatusCode) return JsonDocument.Parse(text).RootElement;
            throw new CliException(Problem((int)answer.StatusCode, text)) { ExitCode = (int)answer.StatusCode == 400 ? 1 : 2 };
        }
        catch (HttpRequestException e)
        {
            throw new CliException($"the service at {address} cannot be reached: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"the service at {address} did not answer in time");
        }
        catch (JsonException)
        {
            throw new CliException($"what answers at {address}{path} is not the behaviour service: its answer is no JSON");
        }
    }

    string Problem(int status, string text)
    {
        try
        {
            JsonElement json = JsonDocument.Parse(text).RootElement;
            IEnumerable<string> errors = json.TryGetProperty("errors", out JsonElement list) ? list.EnumerateArray().Select(e => e.ToString()) : [];
            return string.Join(Environment.NewLine, errors.Append(json.GetProperty("message").GetString()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the service at {address} answered {status}";
        }
    }

    public void Dispose() => http.Dispose();
}
