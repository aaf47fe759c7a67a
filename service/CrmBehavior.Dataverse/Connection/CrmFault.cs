using System;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>Why a request came to nothing.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer, and it may have been carried out.</param>
/// <param name="Code">The CRM's own code, or null where the answer is not the CRM's.</param>
/// <param name="Message">The CRM's words, or ours.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
sealed record CrmFault(int Status, string? Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether an answer was waited for in vain.</summary>
    public bool IsTimeout { get; init; }

    public bool IsThrottle => Status == 429;

    /// <summary>A row with this id is there already.</summary>
    public bool IsDuplicate => Code == ErrorCodes.DuplicateRecord || (Code != ErrorCodes.DuplicateKey
        && Message.Contains("Cannot insert duplicate key", StringComparison.OrdinalIgnoreCase));

    /// <summary>The row, or one that it refers to, is not there.</summary>
    public bool IsGone => Code is ErrorCodes.ObjectDoesNotExist or ErrorCodes.NotFoundByKey;

    /// <summary>The address leads nowhere: the environment has no such table or message.</summary>
    public bool IsUnknownAddress => Code == ErrorCodes.NoResource
        || Message.StartsWith("Resource not found for the segment", StringComparison.OrdinalIgnoreCase);

    /// <summary>The platform could not do so much in its time; less at once may pass.</summary>
    public bool IsTooMuchAtOnce => Code
        is ErrorCodes.SqlTimeout or ErrorCodes.PluginTimeout or ErrorCodes.SandboxClientTimeout or ErrorCodes.SandboxHostTimeout or ErrorCodes.SandboxWorkerTimeout;

    /// <summary>Whether the same request may come out otherwise later.</summary>
    public bool IsTransient => Code switch
    {
        ErrorCodes.PluginAborted or ErrorCodes.PluginFailed => false,
        ErrorCodes.SqlError => true,
        _ when IsTooMuchAtOnce => true,
        // 401 is about our token, not about the row. 403 and 404 without a code come from something between us and the CRM.
        null => Status is 0 or 401 or 403 or 404 or 408 or 429 or >= 500 or (>= 300 and < 400),
        _ => Status is 401 or 408 or 429 or >= 500,
    };

    /// <summary>Code and words, for a person to read.</summary>
    public string Reason => Code is null ? Message : $"{Code}: {Message}";

    public CrmException ToException(Exception? inner = null) => new(Reason, IsTransient, Code, inner) { RetryAfter = RetryAfter };

    public CrmResult ToResult() =>
        IsTransient ? new(CrmOutcome.Retry, Reason, RetryAfter)
        : IsGone ? new(CrmOutcome.Gone, Reason)
        : new(CrmOutcome.Refused, Reason);
}
