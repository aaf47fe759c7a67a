using System;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>The store could not do what it was asked.</summary>
public class StoreUnavailableException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">What happened, and what to mend.</param>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="inner">What lies behind it.</param>
    public StoreUnavailableException(string message, bool isTransient, Exception? inner = null) : base(message, inner) => IsTransient = isTransient;

    /// <summary>Whether another attempt may succeed; a commit whose outcome is unknown is among these.</summary>
    public bool IsTransient { get; }
}
