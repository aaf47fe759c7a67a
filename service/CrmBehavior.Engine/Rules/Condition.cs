using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Rules;

/// <summary>A condition as authored: a function of a contact's history and of time. No behaviour; the compiler makes it run.</summary>
public abstract record Condition;

/// <summary>All hold.</summary>
/// <param name="Conditions">At least one.</param>
public sealed record AllOf(IReadOnlyList<Condition> Conditions) : Condition;

/// <summary>One holds at least.</summary>
/// <param name="Conditions">At least one.</param>
public sealed record AnyOf(IReadOnlyList<Condition> Conditions) : Condition;

/// <summary>Does not hold.</summary>
/// <param name="Inner">What does not.</param>
public sealed record Not(Condition Inner) : Condition;

/// <summary>Events with <c>at</c> in (now−within, now] number so many.</summary>
/// <param name="Event">Which events.</param>
/// <param name="Within">Milliseconds, or null for all time.</param>
/// <param name="Count">How many.</param>
public sealed record EventCount(EventPattern Event, long? Within, NumberTest Count) : Condition;

/// <summary>What is worked out over a number that events carry.</summary>
public enum Aggregate
{
    /// <summary>The sum; 0 of none.</summary>
    Sum,

    /// <summary>The mean.</summary>
    Average,

    /// <summary>The least.</summary>
    Least,

    /// <summary>The greatest.</summary>
    Greatest,

    /// <summary>How many different texts; 0 of none.</summary>
    Distinct,
}

/// <summary>A sum, mean, extreme or number of different values over events passes a test.</summary>
/// <param name="Event">Which events.</param>
/// <param name="Within">Milliseconds, or null for all time.</param>
/// <param name="Of">What is worked out.</param>
/// <param name="Path">Where the value is in the event.</param>
/// <param name="Is">The test.</param>
public sealed record EventAggregate(EventPattern Event, long? Within, Aggregate Of, EventPath Path, NumberTest Is) : Condition;

/// <summary>A chain of events in order of arrival, all within a window, and nothing that forbids it since the first.</summary>
/// <param name="Events">The chain.</param>
/// <param name="Within">Milliseconds, or null for all time.</param>
/// <param name="Unless">What forbids it, or null.</param>
public sealed record EventSequence(IReadOnlyList<EventPattern> Events, long? Within, EventPattern? Unless) : Condition;

/// <summary>No such event for so long, of a contact known as long.</summary>
/// <param name="Event">Which events.</param>
/// <param name="For">Milliseconds.</param>
public sealed record Absence(EventPattern Event, long For) : Condition;

/// <summary>No such event after the latest other one, which is so long ago.</summary>
/// <param name="Event">Which events are missed.</param>
/// <param name="For">Milliseconds.</param>
/// <param name="Since">Which event they are counted from.</param>
public sealed record AbsenceSince(EventPattern Event, long For, EventPattern Since) : Condition;

/// <summary>A trait passes tests.</summary>
/// <param name="Trait">Its name.</param>
/// <param name="Test">The tests, at least one.</param>
public sealed record TraitIs(string Trait, ValueTest Test) : Condition;

/// <summary>A score's value passes a test.</summary>
/// <param name="Score">Its name.</param>
/// <param name="Is">The test: gt, gte, lt, lte.</param>
public sealed record ScoreIs(string Score, NumberTest Is) : Condition;

/// <summary>The contact is in a segment.</summary>
/// <param name="Segment">Its name.</param>
public sealed record InSegment(string Segment) : Condition;

/// <summary>A signal is active.</summary>
/// <param name="Signal">Its name.</param>
public sealed record SignalActive(string Signal) : Condition;

/// <summary>How the contact stands with a journey.</summary>
public enum Enrolled
{
    /// <summary>An enrollment runs.</summary>
    Active,

    /// <summary>One has ever come to the end of its steps.</summary>
    Completed,

    /// <summary>One has ever converted.</summary>
    Converted,

    /// <summary>There was none.</summary>
    Never,
}

/// <summary>How the contact stands with a journey.</summary>
/// <param name="Journey">Its name.</param>
/// <param name="State">How.</param>
public sealed record InJourney(string Journey, Enrolled State) : Condition;

/// <summary>Consent is granted and not withdrawn.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Purpose">The purpose.</param>
public sealed record HasConsent(string Channel, string Purpose) : Condition;

/// <summary>Local time lies in a part of the week.</summary>
/// <param name="Days">The weekdays that count.</param>
/// <param name="From">Millisecond of the day, 0 when only the weekday counts.</param>
/// <param name="To">Millisecond of the day, 86,400,000 for its end.</param>
/// <param name="Zone">IANA name, or null for the contact's.</param>
public sealed record LocalTime(Weekdays Days, long From, long To, string? Zone) : Condition;
