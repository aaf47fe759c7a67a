using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Webhooks;

/// <summary>
/// Posts JSON to an address that a marketer wrote into a journey, and trusts neither: https on two ports, public addresses only, no redirects,
/// no proxy, no cookies; ten seconds; of the answer 64 KB are read and nothing is shown.
/// </summary>
public sealed class WebhookGateway : IWebhookGateway, IDisposable
{
    const int LongestAnswer = 64 * 1024;

    static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    readonly WebhookOptions options;
    readonly TimeProvider time;
    readonly HttpClient http;
    readonly ConcurrentDictionary<string, SemaphoreSlim> hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A gateway.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="time">The real clock, by which calls are signed; null for the machine's.</param>
    public WebhookGateway(WebhookOptions options, TimeProvider? time = null) : this(options, time ?? TimeProvider.System, GuardedConnection.OfThisMachine, null)
    {
    }

    internal WebhookGateway(WebhookOptions options, TimeProvider time, GuardedConnection connection, RemoteCertificateValidationCallback? trust)
    {
        (this.options, this.time) = (options, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // What is left of an answer is not read for the sake of the connection.
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 16,
            // A connection outlives the name's meaning only for so long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        if (options.Sink == null) handler.ConnectCallback = connection.OpenAsync;
        if (trust != null) handler.SslOptions.RemoteCertificateValidationCallback = trust;
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public async Task<WebhookResult> PostAsync(WebhookCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (options.Keys.Count == 0) return new WebhookResult(WebhookOutcome.Refused, "the setting Webhook:Keys is missing: the keys with which calls are signed");
        (Uri? url, string? problem) = WebhookTarget.Read(call.Url);
        if (url == null) return new WebhookResult(WebhookOutcome.Refused, problem);
        SemaphoreSlim room = hosts.GetOrAdd(url.IdnHost, _ => new SemaphoreSlim(options.AtOncePerHost));
        await room.WaitAsync(cancellation);
        try
        {
            return await SendAsync(call, url, cancellation);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        http.Dispose();
        foreach (SemaphoreSlim room in hosts.Values) room.Dispose();
    }

    async Task<WebhookResult> SendAsync(WebhookCall call, Uri url, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(options.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Sink ?? url) { Content = new ByteArrayContent(call.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", call.Id.ToString("D"));
        request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Of(options.Keys, time.GetUtcNow(), call.Body));
        request.Headers.TryAddWithoutValidation("User-Agent", "CrmBehavior");
        if (options.Sink != null) request.Headers.TryAddWithoutValidation("X-Crmb-Target", url.AbsoluteUri);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            await ReadAwayAsync(answer, end.Token);
            return ResultOf(answer);
        }
        catch (HttpRequestException e) when (e.InnerException is ForbiddenAddressException forbidden)
        {
            return new WebhookResult(WebhookOutcome.Refused, forbidden.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new WebhookResult(WebhookOutcome.Retry, $"{url.IdnHost} could not be called: {(e as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookResult(WebhookOutcome.Retry, $"{url.IdnHost} did not answer within {options.Timeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>A short answer is read to its end, so that the connection can be used again; a long one is broken off.</summary>
    static async Task ReadAwayAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation);
            byte[] some = new byte[8 * 1024];
            for (int read = 0, n; read < LongestAnswer && (n = await stream.ReadAsync(some.AsMemory(0, Math.Min(some.Length, LongestAnswer - read)), cancellation)) > 0; read += n)
            {
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status is known; what the body says does not matter.
        }
    }

    WebhookResult ResultOf(HttpResponseMessage answer)
    {
        int status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode) return new WebhookResult(WebhookOutcome.Taken);
        string reason = $"{answer.RequestMessage?.RequestUri?.IdnHost} answered {status}";
        if (status is 408 or 425 or 429 or >= 500) return new WebhookResult(WebhookOutcome.Retry, reason, Wait(answer.Headers.RetryAfter));
        return new WebhookResult(WebhookOutcome.Refused, status is >= 300 and < 400 ? reason + ", a redirect; write the address it leads to into the journey" : reason);
    }

    TimeSpan? Wait(RetryConditionHeaderValue? after)
    {
        TimeSpan? wait = after?.Delta ?? (after?.Date - time.GetUtcNow());
        return wait is not { } asked ? null : asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestWait ? LongestWait : asked;
    }
}
