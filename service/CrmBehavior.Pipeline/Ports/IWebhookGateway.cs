using System;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>Addresses of customers that are called when a journey says so.</summary>
public interface IWebhookGateway
{
    /// <summary>Posts once. Whoever is called knows by the id what he has had already, so calling again does no harm.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>How it came out.</returns>
    Task<WebhookResult> PostAsync(WebhookCall call, CancellationToken cancellation);
}

/// <summary>A call as it goes out.</summary>
/// <param name="Id">Id of the decision, the key against repetition.</param>
/// <param name="Url">Where to.</param>
/// <param name="Body">JSON in UTF-8.</param>
public sealed record WebhookCall(Guid Id, string Url, byte[] Body);

/// <summary>How a call came out.</summary>
public enum WebhookOutcome
{
    /// <summary>Answered with success.</summary>
    Taken,

    /// <summary>To be tried again.</summary>
    Retry,

    /// <summary>Refused for good, by the other side or because the address may not be called.</summary>
    Refused,
}

/// <summary>The result of a call.</summary>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">Why it was not taken; never what the other side wrote.</param>
/// <param name="After">How long to wait before the next attempt, where the other side says so.</param>
public readonly record struct WebhookResult(WebhookOutcome Outcome, string? Reason = null, TimeSpan? After = null);
