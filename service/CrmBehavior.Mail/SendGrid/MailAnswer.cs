using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.SendGrid;

/// <summary>What SendGrid's answer to a mail means. Source: its "Mail errors" page and bodies seen in public.</summary>
static class MailAnswer
{
    public static MailResult Read(HttpResponseMessage answer, string body, DateTimeOffset now)
    {
        int status = (int)answer.StatusCode;
        string reason = Reason(status, body);
        return status switch
        {
            >= 200 and < 300 => new MailResult(MailOutcome.Accepted),
            // 404, 405 and redirections mean that the address is wrong, which is so for all mails; revoked keys and used-up plans likewise.
            401 or 403 or 404 or 405 or (>= 300 and < 400) => new MailResult(MailOutcome.Closed, reason),
            // Something between us and the provider gave up, or the provider broke on it: it may have been accepted before that.
            500 or 502 or 504 => new MailResult(MailOutcome.Uncertain, reason),
            408 or 429 or >= 500 => new MailResult(MailOutcome.Retry, reason, Wait(answer.Headers, now)),
            _ => new MailResult(MailOutcome.Refused, reason),
        };
    }

    static string Reason(int status, string body)
    {
        List<string> errors = Errors(body);
        string prefix = status.ToString(CultureInfo.InvariantCulture) + " ";
        return prefix + (errors.Count > 0 ? string.Join(" ", errors) : ((HttpStatusCode)status).ToString());
    }

    static List<string> Errors(string body)
    {
        var errors = new List<string>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("errors", out JsonElement list)
                || list.ValueKind != JsonValueKind.Array)
                return errors;
            foreach (JsonElement error in list.EnumerateArray())
            {
                if (error.ValueKind != JsonValueKind.Object) continue;
                string? message = Text(error, "message"), field = Text(error, "field");
                if (message is not null) errors.Add(field is null ? message : $"{field}: {message}");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Not the provider's own words, so there are none to pass on.
        }
        return errors;
    }

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static TimeSpan? Wait(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.RetryAfter?.Delta is { } delta) return delta;
        if (headers.RetryAfter?.Date is { } date) return Positive(date - now);
        if (!headers.TryGetValues("X-RateLimit-Reset", out IEnumerable<string>? values)) return null;
        bool isTime = long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds is > 0 and < 253_402_300_800;
        return isTime ? Positive(DateTimeOffset.FromUnixTimeSeconds(seconds) - now) : null;
    }

    static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
