using System;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Diagnostics;

/// <summary>Every line that the pipeline logs. No addresses, names or texts of people; contacts by id.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Information, "Plan {Generation} is in force: {Count} definitions.")]
    public static partial void PlanPublished(this ILogger log, int generation, int count);

    [LoggerMessage(1002, LogLevel.Warning, "A published definition is left out: {Problem}")]
    public static partial void DefinitionLeftOut(this ILogger log, string problem);

    [LoggerMessage(1101, LogLevel.Error, "An event of contact {Contact} could not be evaluated and is set aside: {Reason}")]
    public static partial void EventParked(this ILogger log, Guid contact, string reason, Exception exception);

    [LoggerMessage(1103, LogLevel.Error, "The timers of contact {Contact} could not be served; they are tried again in an hour: {Reason}")]
    public static partial void TimerFailed(this ILogger log, Guid contact, string reason, Exception exception);

    [LoggerMessage(1106, LogLevel.Error, "Contact {Contact} could not be brought up to the plan in force; it is tried again in an hour: {Reason}")]
    public static partial void BringingUpFailed(this ILogger log, Guid contact, string reason, Exception exception);

    [LoggerMessage(1107, LogLevel.Error, "The faded scores of contact {Contact} could not be shown anew: {Reason}")]
    public static partial void RefreshFailed(this ILogger log, Guid contact, string reason, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "The store asks for another attempt ({Reason}); {Count} events are tried again.")]
    public static partial void BatchRepeated(this ILogger log, string reason, int count);

    [LoggerMessage(1104, LogLevel.Information, "Contact {Contact} was merged into {Master} and counts for it from now on.")]
    public static partial void ContactMerged(this ILogger log, Guid contact, Guid master);

    [LoggerMessage(1105, LogLevel.Information, "Contact {Contact} is no longer merged into {Master} and has its own history again.")]
    public static partial void ContactSeparated(this ILogger log, Guid contact, Guid master);

    [LoggerMessage(1204, LogLevel.Information, "An effect of kind {Kind} for contact {Contact} is dropped: {Reason}")]
    public static partial void EffectDropped(this ILogger log, string kind, Guid contact, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "An effect of kind {Kind} for contact {Contact} is set aside: {Reason}")]
    public static partial void EffectParked(this ILogger log, string kind, Guid contact, string reason);

    [LoggerMessage(1202, LogLevel.Warning, "{Count} effects are tried again in {Seconds} s: {Reason}")]
    public static partial void EffectsRetried(this ILogger log, int count, double seconds, string reason);

    [LoggerMessage(1203, LogLevel.Error, "Sending of mail has stopped: {Reason}")]
    public static partial void MailClosed(this ILogger log, string reason);

    [LoggerMessage(1401, LogLevel.Warning, "{Count} changes of contacts had not arrived and were found by change tracking.")]
    public static partial void ReconciliationFound(this ILogger log, int count);

    [LoggerMessage(1402, LogLevel.Warning, "The CRM no longer knows what has changed since the last look; changes from between that did not arrive stay unknown until the next of the same contact.")]
    public static partial void ReconciliationGap(this ILogger log);

    [LoggerMessage(1403, LogLevel.Error, "Contact {Contact} cannot be compared with the CRM and is left out: {Reason}")]
    public static partial void ReconciliationSkipped(this ILogger log, Guid contact, string reason, Exception exception);

    [LoggerMessage(1301, LogLevel.Warning, "The CRM cannot be asked who somebody is ({Reason}); {Count} calls wait.")]
    public static partial void IdentityWaits(this ILogger log, string reason, int count);
}
