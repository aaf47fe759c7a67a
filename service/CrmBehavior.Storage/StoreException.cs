using System;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage;

/// <summary>The store could not do what it was asked. Nothing was written unless <see cref="IsOutcomeUnknown"/> says otherwise.</summary>
/// <remarks>
/// <see cref="StoreUnavailableException.IsTransient"/> is true where the same call may succeed later: after a lost connection, a deadlock, a
/// lock that took too long, a full disk.
/// </remarks>
public sealed class StoreException : StoreUnavailableException
{
    /// <summary>An exception.</summary>
    /// <param name="message">What happened, where, and what mends it.</param>
    /// <param name="isTransient">Whether it may come out otherwise later.</param>
    /// <param name="code">The database's own code, or null.</param>
    /// <param name="inner">What lies behind it.</param>
    public StoreException(string message, bool isTransient, string? code = null, Exception? inner = null) : base(message, isTransient, inner) => Code = code;

    /// <summary>
    /// Whether the connection was lost while the commit was under way, so that it may have been written. Repeat the whole batch: the keys
    /// against repetition make that safe.
    /// </summary>
    public bool IsOutcomeUnknown { get; init; }

    /// <summary>The database's own code: an SQLSTATE as <c>40P01</c>, a name of SQLite as <c>SQLITE_FULL</c>; null where the store itself refused.</summary>
    public string? Code { get; }
}
