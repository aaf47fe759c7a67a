using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Conditions in plain English, as clauses that go with "the contact".</summary>
public static class ConditionWords
{
    /// <summary>A clause: "the contact has at least 3 page views in the last 24 hours".</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>The clause, without capital and full stop.</returns>
    public static string Of(Condition condition) => Of(condition, false);

    /// <summary>A clause about what happens after a beginning, as goals, exits and waits have it: "the contact has completed an order".</summary>
    /// <param name="condition">A condition.</param>
    /// <returns>The clause, without capital and full stop.</returns>
    internal static string Since(Condition condition) => Of(condition, true);

    static string Of(Condition condition, bool fresh) => condition switch
    {
        AllOf all => Together(all.Conditions, "and", fresh),
        AnyOf any => any.Conditions.Count == 1 ? Of(any.Conditions[0], fresh) : "either " + Together(any.Conditions, "or", fresh),
        Not not => Negated(not.Inner, fresh),
        EventCount count => Count(count, fresh),
        EventAggregate aggregate => Aggregated(aggregate),
        EventSequence sequence => Sequence(sequence),
        Absence absence => $"the contact has had no {EventPhrases.One(absence.Event)} for {Duration.ToWords(absence.For)} (and has been known that long)",
        AbsenceSince absence => $"the contact last {EventPhrases.Happened(absence.Since)} at least {Duration.ToWords(absence.For)} ago, with no {EventPhrases.One(absence.Event)} since",
        TraitIs trait => $"the contact's {trait.Trait} {EventPhrases.Test(trait.Test, " (or not known)")}",
        ScoreIs score => $"the score \"{score.Score}\" is {EventPhrases.Number(score.Is)}",
        InSegment segment => $"the contact is in the segment \"{segment.Segment}\"",
        SignalActive signal => $"the signal \"{signal.Signal}\" is active",
        InJourney journey => Journey(journey),
        HasConsent consent => $"the contact has agreed to {consent.Channel} for {consent.Purpose}",
        LocalTime local => Local(local),
        _ => "something holds",
    };

    /// <summary>A condition behind the beginning of a sentence; one of many parts becomes a list, so that nobody gets lost in it.</summary>
    internal static IEnumerable<string> Told(string begin, Condition condition)
    {
        if (condition is not (AllOf { Conditions.Count: > 2 } or AnyOf { Conditions.Count: > 2 })) return [$"{begin} {Of(condition)}."];
        (string which, IReadOnlyList<Condition> parts) = condition is AllOf all ? ("all of these are true", all.Conditions) : ("at least one of these is true", ((AnyOf)condition).Conditions);
        return [$"{begin} {which}:", .. parts.Select(p => $"  - {Of(p)}")];
    }

    static string Together(IReadOnlyList<Condition> conditions, string word, bool fresh)
    {
        if (conditions.Count == 1) return Of(conditions[0], fresh);
        // A combination inside another is put in brackets, so that nobody has to guess what belongs together.
        return string.Join($", {word} ", conditions.Select(c => c is AllOf { Conditions.Count: > 1 } or AnyOf { Conditions.Count: > 1 } ? $"({Of(c, fresh)})" : Of(c, fresh)));
    }

    static string Negated(Condition inner, bool fresh) => inner switch
    {
        EventCount { Count.Comparisons: [{ Operator: Operator.Gte, Numbers: [1] }] } count => $"the contact has had no {EventPhrases.One(count.Event)}{Window(count.Within)}",
        InSegment segment => $"the contact is not in the segment \"{segment.Segment}\"",
        SignalActive signal => $"the signal \"{signal.Signal}\" is not active",
        HasConsent consent => $"the contact has not agreed to {consent.Channel} for {consent.Purpose}",
        Not not => Of(not.Inner, fresh),
        AllOf { Conditions.Count: > 1 } or AnyOf { Conditions.Count: > 1 } => $"it is not so that ({Of(inner, fresh)})",
        _ => $"it is not so that {Of(inner, fresh)}",
    };

    static string Count(EventCount count, bool fresh) =>
        count.Count.Comparisons is [{ Operator: Operator.Gte, Numbers: [1] }] && count.Within == null
            ? $"the contact has {(fresh ? "" : "ever ")}{EventPhrases.Happened(count.Event)}"
            : count.Count.Comparisons is [{ Operator: Operator.Eq, Numbers: [0] }] ? $"the contact has had no {EventPhrases.One(count.Event)}{Window(count.Within)}"
            : $"the contact has had {EventPhrases.Number(count.Count)} {(IsOne(count.Count) ? EventPhrases.One(count.Event) : EventPhrases.Many(count.Event))}{Window(count.Within)}";

    static bool IsOne(NumberTest test) => test.Comparisons is [{ Operator: Operator.Gte or Operator.Eq, Numbers: [1] }];

    static string Aggregated(EventAggregate aggregate)
    {
        string of = aggregate.Of switch
        {
            Aggregate.Sum => $"the sum of {aggregate.Path.Short}",
            Aggregate.Average => $"the average {aggregate.Path.Short}",
            Aggregate.Least => $"the smallest {aggregate.Path.Short}",
            Aggregate.Greatest => $"the greatest {aggregate.Path.Short}",
            _ => $"the number of different values of {aggregate.Path.Short}",
        };
        return $"{of} over the contact's {EventPhrases.Many(aggregate.Event)}{Window(aggregate.Within)} is {EventPhrases.Number(aggregate.Is)}";
    }

    static string Sequence(EventSequence sequence)
    {
        string chain = string.Join(", then ", sequence.Events.Select(EventPhrases.Happened));
        string window = sequence.Within is { } within ? $", all in the last {Duration.ToWords(within)}" : "";
        string unless = sequence.Unless is { } forbidden ? $", with no {EventPhrases.One(forbidden)} since the first of these" : "";
        return $"the contact {chain}, in this order{window}{unless}";
    }

    static string Journey(InJourney journey) => journey.State switch
    {
        Enrolled.Active => $"the contact is in the journey \"{journey.Journey}\" now",
        Enrolled.Completed => $"the contact has completed the journey \"{journey.Journey}\"",
        Enrolled.Converted => $"the contact has converted in the journey \"{journey.Journey}\"",
        _ => $"the contact has never been in the journey \"{journey.Journey}\"",
    };

    static string Local(LocalTime local)
    {
        string days = local.Days == Engine.Definitions.Weekdays.All ? "" : " on " + TimeWords.Days(local.Days);
        string hours = local is { From: 0, To: Duration.Day } ? "" : $" between {TimeWords.Hour(local.From)} and {TimeWords.Hour(local.To)}";
        return $"it is{(hours.Length == 0 && days.Length == 0 ? " any time" : hours)}{days} {TimeWords.Zone(local.Zone)}";
    }

    static string Window(long? within) => within is { } time ? $" in the last {Duration.ToWords(time)}" : "";
}
