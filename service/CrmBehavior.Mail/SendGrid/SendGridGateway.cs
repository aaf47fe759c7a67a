using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.SendGrid;

/// <summary>
/// Hands mails to SendGrid (<c>POST /v3/mail/send</c>). It tries once: SendGrid has no key against repetition, so whether a mail may be
/// handed over again is for the caller to decide, by the outcome.
/// </summary>
public sealed class SendGridGateway : IMailGateway, IDisposable
{
    const int LongestAnswer = 64 * 1024;
    readonly HttpClient http;
    readonly Sender from;
    readonly Uri send;
    readonly TimeSpan timeout;
    readonly TimeProvider time;

    /// <summary>A gateway.</summary>
    /// <param name="options">Settings, without problems.</param>
    /// <param name="time">The real clock, which the provider's own times are held against; null for the machine's.</param>
    /// <exception cref="ArgumentException">The settings have problems.</exception>
    public SendGridGateway(MailOptions options, TimeProvider? time = null)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        if (!Sender.TryRead(options.From, out Sender? sender)) throw new ArgumentException("Mail:From is no address.", nameof(options));
        from = sender;
        send = new Uri(options.Url.TrimEnd('/') + "/v3/mail/send");
        timeout = options.Timeout;
        this.time = time ?? TimeProvider.System;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5)
        };
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
    }

    /// <inheritdoc/>
    public async Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation)
    {
        if (MailRequest.Problem(mail) is { } problem) return new MailResult(MailOutcome.Refused, problem);
        using var content = new WatchedContent(MailRequest.Write(mail, from));
        using var request = new HttpRequestMessage(HttpMethod.Post, send) { Content = content };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(timeout);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            // From here on the status is known; a body that breaks off changes nothing.
            return MailAnswer.Read(answer, answer.IsSuccessStatusCode ? "" : await BodyAsync(answer, end.Token), time.GetUtcNow());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            string reason = broken is OperationCanceledException
                ? (cancellation.IsCancellationRequested ? "Waiting was given up." : $"No answer within {timeout}.")
                : broken.Message;
            return content.HasBegun
                ? new MailResult(MailOutcome.Uncertain, reason)
                : new MailResult(MailOutcome.Retry, "Nothing was sent: " + reason);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();

    static async Task<string> BodyAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation);
            byte[] body = new byte[LongestAnswer];
            int read = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
            return Encoding.UTF8.GetString(body, 0, read);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return "";
        }
    }
}
