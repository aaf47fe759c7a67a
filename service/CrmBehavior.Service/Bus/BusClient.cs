using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Service.Bus;

/// <summary>
/// The HTTPS run-time API of Azure Service Bus, as far as receiving needs it: peek-lock, complete, renew. Format: Service Bus REST
/// reference; the token is that of "Shared access signatures".
/// </summary>
internal sealed class BusClient(HttpClient http, Uri url, string queue, string keyName, string key)
{
    static readonly TimeSpan TokenLife = TimeSpan.FromHours(1), Margin = TimeSpan.FromMinutes(5);

    readonly Lock gate = new();
    string token = "";
    DateTimeOffset tokenEnds;

    /// <summary>The next message, or null when none comes within the time.</summary>
    /// <exception cref="BusException">The bus did not answer, or refused.</exception>
    public async Task<BusMessage?> ReceiveAsync(TimeSpan patience, CancellationToken cancellation)
    {
        string seconds = ((int)patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, $"{queue}/messages/head?timeout={seconds}", patience + TimeSpan.FromSeconds(15), cancellation);
        if (answer.StatusCode == HttpStatusCode.NoContent) return null;
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) throw new BusException($"the queue \"{queue}\" does not exist at {url.Host}; create it, or mend the setting Bus:Queue");
        if (!answer.IsSuccessStatusCode) throw await RefusedAsync(answer, cancellation);
        using JsonDocument broker = JsonDocument.Parse(answer.Headers.GetValues("BrokerProperties").First());
        JsonElement properties = broker.RootElement;
        string id = properties.TryGetProperty("SequenceNumber", out JsonElement number) ? number.GetRawText() : properties.GetProperty("MessageId").GetString()!;
        TimeSpan locked = TimeSpan.FromSeconds(30);
        if (properties.TryGetProperty("LockedUntilUtc", out JsonElement until) && DateTimeOffset.TryParse(until.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end))
        {
            // Against the bus's own clock where it tells it, so that ours may be wrong.
            DateTimeOffset now = answer.Headers.Date ?? DateTimeOffset.UtcNow;
            locked = TimeSpan.FromSeconds(Math.Clamp((end - now).TotalSeconds, 1, 300));
        }
        int deliveries = properties.TryGetProperty("DeliveryCount", out JsonElement count) ? count.GetInt32() : 1;
        return new BusMessage(id, properties.GetProperty("LockToken").GetString()!, locked, deliveries, await answer.Content.ReadAsByteArrayAsync(cancellation));
    }

    /// <summary>Removes a message that has been taken in; false when its lock was lost, and it will come again.</summary>
    /// <exception cref="BusException">The bus did not answer, or refused.</exception>
    public Task<bool> CompleteAsync(BusMessage message, CancellationToken cancellation) => SettleAsync(HttpMethod.Delete, message, cancellation);

    /// <summary>Makes the lock last anew; false when it was lost.</summary>
    /// <exception cref="BusException">The bus did not answer, or refused.</exception>
    public Task<bool> RenewAsync(BusMessage message, CancellationToken cancellation) => SettleAsync(HttpMethod.Post, message, cancellation);

    async Task<bool> SettleAsync(HttpMethod method, BusMessage message, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await SendAsync(method, $"{queue}/messages/{message.Id}/{message.LockToken}", TimeSpan.FromSeconds(30), cancellation);
        if (answer.IsSuccessStatusCode) return true;
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone) return false;
        throw await RefusedAsync(answer, cancellation);
    }

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, TimeSpan limit, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, "/" + path));
        request.Headers.TryAddWithoutValidation("Authorization", Token());
        request.Content = new ByteArrayContent([]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, patience.Token);
        }
        catch (HttpRequestException e)
        {
            throw new BusException($"the bus at {url.Host} cannot be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new BusException($"the bus at {url.Host} did not answer within {limit.TotalSeconds:0} s", e);
        }
    }

    static async Task<BusException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        string detail = await answer.Content.ReadAsStringAsync(cancellation);
        string hint = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "; check the settings Bus:KeyName and Bus:Key, and that the policy may listen",
            HttpStatusCode.TooManyRequests => "; the namespace is throttled",
            _ => "",
        };
        return new BusException($"the bus answered {(int)answer.StatusCode} {answer.ReasonPhrase}{hint} {(detail.Length > 300 ? detail[..300] : detail)}".TrimEnd());
    }

    /// <summary>A shared access signature for the queue, renewed before it ends.</summary>
    string Token()
    {
        lock (gate)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            if (now + Margin < tokenEnds) return token;
            tokenEnds = now + TokenLife;
            string resource = Uri.EscapeDataString($"{url.Scheme}://{url.Authority}/{queue}".ToLowerInvariant());
            string expiry = tokenEnds.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(resource + "\n" + expiry));
            token = $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(keyName)}";
            return token;
        }
    }
}
