using System.Collections.Generic;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Definitions;

/// <summary>What messages must pass before they go out.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
public sealed record PolicyDefinition(string Name) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "policy";

    /// <summary>IANA name of the zone of contacts that have none of their own, or null.</summary>
    public string? Zone { get; init; }

    /// <summary>How long a message may be put off in all, or null.</summary>
    public long? DeferAtMost { get; init; }

    /// <summary>Whether mail needs consent given beforehand; null when this policy does not say.</summary>
    public bool? EmailOptIn { get; init; }

    /// <summary>Share of contacts that get no message at all, 0 to 1; null for none.</summary>
    public double? Holdout { get; init; }

    /// <summary>Messages that a person sees first.</summary>
    public IReadOnlyList<ReviewRule> Review { get; init; } = [];

    /// <summary>Local hours without messages.</summary>
    public IReadOnlyList<QuietHoursRule> QuietHours { get; init; } = [];

    /// <summary>How far off the contact's best hour may be to wait for it; null for no waiting.</summary>
    public long? SendTimeWithin { get; init; }

    /// <summary>Least times between messages.</summary>
    public IReadOnlyList<CooldownRule> Cooldowns { get; init; } = [];

    /// <summary>Most messages per time.</summary>
    public IReadOnlyList<CapRule> Caps { get; init; } = [];
}

/// <summary>Which messages a rule is about.</summary>
/// <param name="Channel"><c>email</c>, <c>task</c>, <c>webhook</c> or <c>any</c>.</param>
/// <param name="Categories">Which categories; null for all.</param>
public sealed record RuleScope(string Channel, IReadOnlyList<string>? Categories);

/// <summary>Messages that a person sees first.</summary>
/// <param name="Name">Its name, or null to be named by its place.</param>
/// <param name="If">For whom, or null for everybody.</param>
/// <param name="Actions">Step kinds: <c>sendEmail</c>, <c>notifySales</c>, <c>webhook</c>.</param>
/// <param name="Categories">Which categories; null for all.</param>
/// <param name="Deadline">Milliseconds after which the default holds.</param>
/// <param name="SendByDefault">Whether the default is to send.</param>
public sealed record ReviewRule(string? Name, Condition? If, IReadOnlyList<string> Actions, IReadOnlyList<string>? Categories, long Deadline, bool SendByDefault);

/// <summary>Local hours without messages.</summary>
/// <param name="Name">Its name, or null to be named by its place.</param>
/// <param name="Scope">Which messages.</param>
/// <param name="From">Millisecond of the day at which they begin.</param>
/// <param name="To">Millisecond of the day at which they end.</param>
/// <param name="Days">The weekdays that count.</param>
/// <param name="Zone">IANA name, or null for the contact's.</param>
/// <param name="Defer">Whether messages wait until they are over; else they are dropped.</param>
public sealed record QuietHoursRule(string? Name, RuleScope Scope, long From, long To, Weekdays Days, string? Zone, bool Defer);

/// <summary>Least time since a message of the same kind, or since an event.</summary>
/// <param name="Name">Its name, or null to be named by its place.</param>
/// <param name="Scope">Which messages.</param>
/// <param name="For">Milliseconds.</param>
/// <param name="Same"><c>journey</c>, <c>template</c>, <c>category</c> or <c>channel</c>; null when <paramref name="After"/> is given.</param>
/// <param name="After">The event; null when <paramref name="Same"/> is given.</param>
/// <param name="Defer">Whether messages wait; else they are dropped.</param>
public sealed record CooldownRule(string? Name, RuleScope Scope, long For, string? Same, EventPattern? After, bool Defer);

/// <summary>Most messages per time, over a sliding window.</summary>
/// <param name="Name">Its name, or null to be named by its place.</param>
/// <param name="Scope">Which messages.</param>
/// <param name="Max">Greatest number.</param>
/// <param name="Per">Milliseconds.</param>
/// <param name="Defer">Whether messages wait; else they are dropped.</param>
public sealed record CapRule(string? Name, RuleScope Scope, int Max, long Per, bool Defer);
