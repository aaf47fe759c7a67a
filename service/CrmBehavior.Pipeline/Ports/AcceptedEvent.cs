using System;
using System.Collections.Generic;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>Which events go first when not all can: fresh behaviour ahead of what is brought in from elsewhere.</summary>
public enum Lane
{
    /// <summary>Somebody is doing something now.</summary>
    Fresh,

    /// <summary>Changes in the CRM, reports of the mail provider.</summary>
    Reported,

    /// <summary>History brought in, late deliveries in bulk.</summary>
    Bulk,

    /// <summary>Somebody said here, by a link of ours, what may be sent to him: ahead of all else.</summary>
    Wish,
}

/// <summary>An event that was accepted, in the form of the event log, with whose it is as far as that is known.</summary>
/// <param name="Id">Key against repeated delivery.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it happened, milliseconds since 1970; not later than <paramref name="ReceivedAt"/>.</param>
/// <param name="ReceivedAt">When it was accepted, milliseconds since 1970.</param>
/// <param name="Body">
/// The event as JSON in UTF-8: <c>id name at receivedAt properties traits context source order</c>; without the subject, which stands beside it.
/// </param>
public sealed record AcceptedEvent(string Id, string Name, long At, long ReceivedAt, byte[] Body)
{
    /// <summary>The contact it is about, or null.</summary>
    public Guid? Contact { get; init; }

    /// <summary>
    /// The visitors it is about, the one under whom it is kept first; empty when none is named. With a contact they are that contact from
    /// now on; without, the first that is known to be one says who it is.
    /// </summary>
    public IReadOnlyList<string> Visitors { get; init; } = [];

    /// <summary>How urgent it is.</summary>
    public Lane Lane { get; init; }

    /// <summary>The trace it belongs to, as a W3C <c>traceparent</c>, or null.</summary>
    public string? Trace { get; init; }
}
