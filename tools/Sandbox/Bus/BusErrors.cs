using System;
using System.Globalization;
using System.Security;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>Failures in the form of Service Bus: an XML body, and the same text as reason phrase, where some clients look for it.</summary>
internal static class BusErrors
{
    public const string NoSuchQueue = "40400: Endpoint not found. The messaging entity could not be found.";
    public const string LockLost = "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.";
    public const string Throttled = "The request was terminated because the entity is being throttled. Error code: 50009. Please wait 2 seconds and try again.";
    public const string TooLarge = "40900: The message size exceeds the limit of 262144 bytes.";

    public static async Task WriteAsync(HttpContext context, int status, string text, SandboxClock clock)
    {
        string entity = context.Request.Path.Value?.TrimStart('/').Split('/')[0] ?? "";
        string detail = $"{text} TrackingId:{Guid.NewGuid()}_G0, SystemTracker:{context.Request.Host.Host}:{entity}, Timestamp:{clock.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}";
        context.Response.StatusCode = status;
        if (context.Features.Get<IHttpResponseFeature>() is { } response) response.ReasonPhrase = text;
        context.Response.ContentType = "application/xml; charset=utf-8";
        await context.Response.WriteAsync(
            $"<Error><Code>{status.ToString(CultureInfo.InvariantCulture)}</Code><Detail>{SecurityElement.Escape(detail)}</Detail></Error>");
    }
}
