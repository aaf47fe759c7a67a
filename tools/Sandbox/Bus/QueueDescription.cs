using System;
using System.Text.Json;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>How a queue behaves. Defaults are those of the real service.</summary>
internal sealed record QueueDescription
{
    /// <summary>How long a received message stays locked, real time. The real service takes 5 s to 5 min; this one any time above zero.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After this many deliveries a message goes to the dead-letter queue.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Whether a message id seen within the window is dropped.</summary>
    public bool RequiresDuplicateDetection { get; init; }

    /// <summary>The window of duplicate detection, sandbox time.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest a message lives, real time; null is for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whether an expired message goes to the dead-letter queue instead of nowhere.</summary>
    public bool DeadLetterOnExpiry { get; init; }

    /// <summary>Writes it for the journal.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static QueueDescription FromJson(string json) => JsonSerializer.Deserialize<QueueDescription>(json) ?? new QueueDescription();
}
