using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Throttling;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>
/// Dataverse's Web API over HTTP: headers, token, throttling, time limit. It repeats a request only where the CRM refused to look at it
/// (429, an outdated token); everything else is told as it is.
/// </summary>
sealed class WebApi : IDisposable
{
    const int Attempts = 5;
    readonly HttpClient http;
    readonly TokenSource tokens;
    readonly CrmOptions options;
    readonly TimeProvider time;
    readonly Uri root;

    public WebApi(CrmOptions options, TokenSource tokens, TimeProvider time)
    {
        this.options = options;
        this.tokens = tokens;
        this.time = time;
        Gate = new ProtectionGate(time);
        root = new Uri(options.Url.TrimEnd('/') + "/api/data/v9.2/");
        // Cookies would pin all requests to one web server of the environment.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        foreach ((string name, string value) in ((string, string)[])[("Accept", WebApiCall.Json), ("OData-MaxVersion", "4.0"),
            ("OData-Version", "4.0"), ("User-Agent", "CrmBehavior/1.0")])
            http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    /// <summary>What all calls of this process pass.</summary>
    public ProtectionGate Gate { get; }

    /// <summary>The service root, with a slash at its end.</summary>
    public Uri Root => root;

    /// <summary>Sends and returns the answer, or throws.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<WebApiAnswer> SendAsync(WebApiCall call, CancellationToken cancellation)
    {
        WebApiAnswer answer = await TrySendAsync(call, cancellation);
        return answer.Fault is null ? answer : throw answer.Fault.ToException();
    }

    /// <summary>Reads JSON.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<JsonDocument> ReadAsync(string path, string? prefer, CancellationToken cancellation)
    {
        WebApiAnswer answer = await SendAsync(WebApiCall.Get(path, prefer), cancellation);
        try
        {
            return JsonDocument.Parse(answer.Body);
        }
        catch (JsonException e)
        {
            throw new CrmException("The CRM's answer is no JSON: " + e.Message, isTransient: true, inner: e);
        }
    }

    /// <summary>Reads the rows of a query, page after page.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<List<JsonElement>> ReadRowsAsync(string path, string? prefer, CancellationToken cancellation)
    {
        var rows = new List<JsonElement>();
        string? next = path;
        while (next is not null)
        {
            using JsonDocument page = await ReadAsync(next, prefer, cancellation);
            if (!page.RootElement.TryGetProperty("value", out JsonElement value) || value.ValueKind != JsonValueKind.Array)
                throw new CrmException("The CRM's answer has no rows where rows were asked for.", isTransient: true);
            rows.AddRange(value.EnumerateArray().Select(r => r.Clone()));
            next = page.RootElement.TryGetProperty("@odata.nextLink", out JsonElement link) ? link.GetString() : null;
        }
        return rows;
    }

    /// <summary>Sends and returns the answer, whatever it is.</summary>
    public async Task<WebApiAnswer> TrySendAsync(WebApiCall call, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(root, call.Path, out Uri? address) || address.Authority != root.Authority)
            throw new CrmException("The CRM pointed to another host, which is not followed.", isTransient: false);
        TimeSpan patience = options.Patience;
        for (int attempt = 1; ; attempt++)
        {
            string token;
            try
            {
                token = await tokens.GetAsync(cancellation);
            }
            catch (CrmException e)
            {
                return Failed(new CrmFault(401, null, e.Message));
            }
            // The token comes first, so that nothing is waited for between the gate and the request.
            (ProtectionGate.Permit? permit, TimeSpan waited, TimeSpan closed) = await Gate.EnterAsync(patience, cancellation);
            if (permit is null) return Failed(new CrmFault(429, null, "The CRM throttles this application.", closed));
            patience -= waited;
            WebApiAnswer answer;
            using (permit) answer = await SendOnceAsync(call, address, token, cancellation);
            bool again = answer.Fault switch
            {
                { IsThrottle: true } => true,
                { Status: 401 } => attempt == 1 && tokens.Forget(token),
                _ => false,
            };
            if (!again || attempt == Attempts) return answer;
        }
    }

    async Task<WebApiAnswer> SendOnceAsync(WebApiCall call, Uri address, string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("x-ms-client-request-id", Guid.NewGuid().ToString());
        if (call.Method == HttpMethod.Get) request.Headers.TryAddWithoutValidation("If-None-Match", "null");
        foreach ((string name, string value) in call.OwnHeaders()) request.Headers.TryAddWithoutValidation(name, value);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(options.Timeout);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(end.Token);
            return Read(answer, body);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Failed(new CrmFault(0, null, "The CRM did not answer: " + broken.Message));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(new CrmFault(0, null, $"The CRM did not answer within {options.Timeout}.") { IsTimeout = true });
        }
    }

    WebApiAnswer Read(HttpResponseMessage answer, byte[] body)
    {
        int status = (int)answer.StatusCode;
        CrmFault? fault = status < 300
            ? null
            : FaultReader.Read(status, body, FaultReader.Wait(answer.Headers.RetryAfter, time.GetUtcNow()), First(answer, "REQ_ID"));
        if (fault is { IsThrottle: true }) fault = fault with { RetryAfter = Gate.Throttled(fault.RetryAfter, fault.Code) };
        else Gate.Answered(int.TryParse(First(answer, "x-ms-dop-hint"), out int hint) ? hint : null);
        return new WebApiAnswer(status, body, answer.Content.Headers.ContentType?.ToString(), fault);
    }

    static string? First(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    static WebApiAnswer Failed(CrmFault fault) => new(fault.Status, [], null, fault);

    public void Dispose()
    {
        http.Dispose();
        tokens.Dispose();
    }
}
