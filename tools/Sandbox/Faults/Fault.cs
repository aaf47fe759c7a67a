using System;

namespace CrmBehavior.Sandbox.Faults;

/// <summary>A planned disturbance of one stand-in.</summary>
internal sealed class Fault
{
    /// <summary><c>crm</c>, <c>bus</c> or <c>mail</c>.</summary>
    public required string Target { get; init; }

    /// <summary><c>status</c>, <c>delay</c>, <c>hang</c>, <c>accept-then-fail</c>, <c>redeliver</c> or <c>throttle</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>HTTP status of <c>status</c> (default 503) and of <c>accept-then-fail</c> (default: none, the connection breaks).</summary>
    public int? Status { get; init; }

    /// <summary>Share of requests that are hit, 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>Of <c>delay</c>: how long each request waits.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>When it ends by itself, in sandbox time; null: only when deleted.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only requests whose method and address contain this text; null: all of the target.</summary>
    public string? Match { get; init; }
}
