using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>
/// Tells events to the service by signed POSTs, again and again until they are taken (2xx) or a day of sandbox time and an hour of real time have passed.
/// Signature: ECDSA P-256 with SHA-256 over timestamp + raw body, DER, base64. Source: SendGrid's "Event Webhook security features".
/// </summary>
internal sealed class EventWebhook : IDisposable
{
    const int MostPerPost = 100;
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    // Who moves the clock by days has not had days to come up again: so long of real time everybody has.
    static readonly TimeSpan GiveUpAfterReally = TimeSpan.FromHours(1);
    static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    readonly Inbox inbox;
    readonly SandboxClock clock;
    readonly Func<string?> target;
    readonly ECDsa key;
    readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    readonly SemaphoreSlim signal = new(0);
    readonly CancellationTokenSource stop = new();
    readonly Dictionary<long, (int Tries, long First, long NotBefore)> retries = [];
    readonly Task loop;

    public EventWebhook(Journal journal, Inbox inbox, SandboxClock clock, Func<string?> target)
    {
        this.inbox = inbox;
        this.clock = clock;
        this.target = target;
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        key.ImportPkcs8PrivateKey(
            Convert.FromBase64String(journal.SettingOrNew("mail.webhookKey", () => Convert.ToBase64String(key.ExportPkcs8PrivateKey()))), out _);
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        inbox.Told += Wake;
        clock.Moved += Wake;
        loop = Task.Run(RunAsync);
    }

    /// <summary>The public key as SendGrid shows it: base64 of SubjectPublicKeyInfo.</summary>
    public string PublicKey { get; }

    /// <summary>Events that should have been told by now; none while there is nobody to tell.</summary>
    public int Waiting => target() is null ? 0 : inbox.CountDue(clock.UtcNow);

    void Wake() => signal.Release();

    async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                bool more = target() is { } url && await TellOnceAsync(url);
                if (!more) await signal.WaitAsync(TimeSpan.FromMilliseconds(200), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever fails, events count as not told and are told again; nobody looks at how this loop ends.
            catch (Exception e)
#pragma warning restore CA1031
            {
                await Console.Error.WriteLineAsync($"Mail events could not be told and are told again: {e.GetType().Name}: {e.Message}");
                await PauseAsync();
            }
        }
    }

    async Task PauseAsync()
    {
        try
        {
            await Task.Delay(PauseAfterFailure, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends; the loop sees it.
        }
    }

    async Task<bool> TellOnceAsync(string url)
    {
        long now = TimeProvider.System.GetTimestamp();
        List<OutgoingEvent> due = inbox.Due(clock.UtcNow, MostPerPost, e => !retries.TryGetValue(e.Id, out var retry) || retry.NotBefore <= now);
        if (due.Count == 0) return false;
        if (await PostAsync(url, due))
        {
            inbox.Done(due);
            foreach (OutgoingEvent told in due) retries.Remove(told.Id);
            return true;
        }
        foreach (OutgoingEvent one in due)
        {
            (int tries, long first, _) = retries.TryGetValue(one.Id, out var before) ? before : (0, now, 0);
            double wait = Math.Min(30, 0.2 * Math.Pow(2, tries));
            retries[one.Id] = (tries + 1, first, now + (long)(wait * TimeProvider.System.TimestampFrequency));
        }
        OutgoingEvent[] givenUp = [.. due.Where(e => e.Due < clock.UtcNow - GiveUpAfter && TimeProvider.System.GetElapsedTime(retries[e.Id].First, now) >= GiveUpAfterReally)];
        inbox.Done(givenUp);
        foreach (OutgoingEvent one in givenUp) retries.Remove(one.Id);
        return true;
    }

    async Task<bool> PostAsync(string url, IReadOnlyList<OutgoingEvent> events)
    {
        // Real bodies have line ends between the events and after the array; whoever verifies must take the bytes as they are.
        byte[] body = Encoding.UTF8.GetBytes("[" + string.Join(",\r\n", events.Select(e => e.Json)) + "]\r\n");
        string timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Sign(timestamp, body));
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, stop.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (!stop.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    string Sign(string timestamp, byte[] body) =>
        Convert.ToBase64String(key.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <inheritdoc/>
    public void Dispose()
    {
        inbox.Told -= Wake;
        clock.Moved -= Wake;
        stop.Cancel();
        loop.Wait(TimeSpan.FromSeconds(5));
        http.Dispose();
        key.Dispose();
        signal.Dispose();
        stop.Dispose();
    }
}
