using System.Text.Json;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>A call of the tracking API (Segment's HTTP API), checked.</summary>
public sealed record TrackingCall
{
    /// <summary>Key against repeated delivery: the <c>messageId</c>, or one made here.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the event.</summary>
    public required string Name { get; init; }

    /// <summary>When it happened, by the corrected clock of the sender, not later than <see cref="ReceivedAt"/>.</summary>
    public required long At { get; init; }

    /// <summary>When it was accepted.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Who the sender says it is, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>The visitor, or null.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>Of an <c>alias</c>: the visitor who is the user from now on.</summary>
    public string? PreviousId { get; init; }

    /// <summary>An address in the traits, or null.</summary>
    public string? Email { get; init; }

    /// <summary>Whether an address that no contact has makes one: an <c>identify</c>, or a form.</summary>
    public bool MayCreate { get; init; }

    /// <summary>Proof that the browser's user is who he says: HMAC-SHA256 of the user id, as hex; null without.</summary>
    public string? UserHash { get; init; }

    /// <summary>A signed link by which the visitor came, or null.</summary>
    public string? Link { get; init; }

    /// <summary>Traits, or undefined.</summary>
    public JsonElement Traits { get; init; }

    /// <summary>Properties, or undefined.</summary>
    public JsonElement Properties { get; init; }

    /// <summary>Context, or undefined.</summary>
    public JsonElement Context { get; init; }

    /// <summary>Which key it came by.</summary>
    public required WriteKey Key { get; init; }

    /// <summary>How urgent it is.</summary>
    public Lane Lane { get; init; }
}

/// <summary>A key with which senders write.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsServer">Whether it is secret and speaks for whomever it names; a browser's is public.</param>
/// <param name="Source">Name of the source.</param>
public sealed record WriteKey(string Key, bool IsServer, string Source);
