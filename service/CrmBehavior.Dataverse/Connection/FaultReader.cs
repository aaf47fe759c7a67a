using System;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>Reads error answers: <c>{"error":{"code","message"}}</c>, and what stands before the CRM may say instead.</summary>
static class FaultReader
{
    const int LongestMessage = 1000;

    public static CrmFault Read(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter, string? requestId)
    {
        string? code = null;
        string? message = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.Object)
            {
                code = error.Text("code");
                message = error.Text("message");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // A page of a proxy, or nothing; its status is all there is to tell.
        }
        message ??= $"{status} {(HttpStatusCode)status}" + (status == 401
            ? ": the token is not accepted; check Crm:Token, or the application user of the identity."
            : "");
        if (message.Length > LongestMessage) message = message[..LongestMessage] + "…";
        // Microsoft's support asks for it.
        if (status >= 500 && requestId is not null) message += $" [REQ_ID {requestId}]";
        return new CrmFault(status, string.IsNullOrEmpty(code) ? null : code, message, retryAfter);
    }

    public static TimeSpan? Wait(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
