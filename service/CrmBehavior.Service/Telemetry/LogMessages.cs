using System;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Telemetry;

/// <summary>Every line that the host logs. No addresses, names or texts of people.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(2001, LogLevel.Warning, "A message of the bus ({Id}) cannot be read and is set aside: {Reason}")]
    public static partial void MessageParked(this ILogger log, string id, string reason);

    [LoggerMessage(2101, LogLevel.Warning, "{Worker}: {Reason}; trying again in {Seconds:0.#} s.")]
    public static partial void WorkerRetries(this ILogger log, string worker, string reason, double seconds);

    [LoggerMessage(2102, LogLevel.Error, "{Worker} failed; trying again in {Seconds:0.#} s.")]
    public static partial void WorkerFailed(this ILogger log, string worker, double seconds, Exception exception);

    [LoggerMessage(2103, LogLevel.Information, "{Worker} is well again.")]
    public static partial void WorkerRecovered(this ILogger log, string worker);

    [LoggerMessage(2201, LogLevel.Information, "{Count} definitions of the folder were published in the CRM.")]
    public static partial void DefinitionsPublished(this ILogger log, int count);

    [LoggerMessage(2202, LogLevel.Error, "The folder of definitions has errors and was not published: {Problem}")]
    public static partial void DefinitionsRefused(this ILogger log, string problem);

    [LoggerMessage(2401, LogLevel.Warning, "Input {Number} of {Door}, set aside because \"{Reason}\", was dropped by a person: {Why}")]
    public static partial void InputDropped(this ILogger log, long number, string door, string reason, string why);

    [LoggerMessage(2402, LogLevel.Warning, "Effect {Id} of kind {Kind} for contact {Contact}, set aside because \"{Reason}\", was dropped by a person: {Why}")]
    public static partial void EffectDropped(this ILogger log, Guid id, string kind, Guid contact, string reason, string why);

    [LoggerMessage(2301, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void RequestFailed(this ILogger log, string method, string path, Exception exception);
}
