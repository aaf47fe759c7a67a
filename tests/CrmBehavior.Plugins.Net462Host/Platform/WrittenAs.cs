using System;

namespace CrmBehavior.Plugins.Platform;

/// <summary>A plugin's write.</summary>
public sealed class WrittenAs
{
    internal WrittenAs(string message, Guid? id)
    {
        Message = message;
        Id = id;
    }

    /// <summary>Name of the message.</summary>
    public string Message { get; }

    /// <summary>The user in whose name it was written; null is the system.</summary>
    public Guid? Id { get; }
}
