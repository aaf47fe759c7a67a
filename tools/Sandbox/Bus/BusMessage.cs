using System;
using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>A message as the broker keeps it. Times are sandbox time but for <see cref="ExpiresAt"/>, which is real.</summary>
internal sealed class BusMessage
{
    /// <summary>Given by the broker in each queue, without gaps.</summary>
    public long Sequence { get; set; }

    /// <summary>Id given by the sender, else 32 hex digits.</summary>
    public required string MessageId { get; init; }

    public string? ContentType { get; init; }

    public string? CorrelationId { get; init; }

    public string? Label { get; init; }

    public string? PartitionKey { get; init; }

    public string? ReplyTo { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? SessionId { get; init; }

    public string? To { get; init; }

    /// <summary>How long it lives, as the sender asked; null is as long as the queue allows.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Not handed out before this.</summary>
    public DateTime? ScheduledAt { get; init; }

    public DateTime EnqueuedAt { get; set; }

    /// <summary>Real time after which it is gone.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>Application properties: text, whole number (long), number (double) or truth value.</summary>
    public Dictionary<string, object> Properties { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a fault has already brought it back once after it was completed.</summary>
    public bool BroughtBack { get; set; }

    [JsonIgnore]
    public byte[] Body { get; set; } = [];

    /// <summary>How often it was handed out.</summary>
    [JsonIgnore]
    public int Deliveries { get; set; }

    /// <summary>Key in the journal.</summary>
    [JsonIgnore]
    public long StorageId { get; set; }
}

/// <summary>A message handed to a receiver; without a lock it is gone from the queue.</summary>
internal sealed record Delivery(BusMessage Message, Guid? LockToken, DateTime? LockedUntil);
