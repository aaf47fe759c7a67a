using System;

namespace CrmBehavior.Sandbox.Dataverse.Errors;

/// <summary>A failure as the Web API tells it: <c>{"error":{"code","message"}}</c> with an HTTP status.</summary>
internal sealed class DataverseException : Exception
{
    public DataverseException() : this(500, ErrorCodes.Unexpected, "An unexpected error occurred.")
    {
    }

    public DataverseException(string message) : this(400, ErrorCodes.InvalidArgument, message)
    {
    }

    public DataverseException(string message, Exception innerException) : base(message, innerException)
    {
        Status = 500;
        Code = ErrorCodes.Unexpected;
    }

    public DataverseException(int status, string code, string message, Exception? inner = null) : base(message, inner)
    {
        Status = status;
        Code = code;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>The platform's code, <c>0x…</c>.</summary>
    public string Code { get; }

    /// <summary>Seconds to wait, when the caller is throttled.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Of a plugin's refusal: its own error code.</summary>
    public int? SubErrorCode { get; init; }
}
