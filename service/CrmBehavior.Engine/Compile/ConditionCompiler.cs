using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;

namespace CrmBehavior.Engine.Compile;

/// <summary>Makes authored conditions run: patterns and nodes that are asked for more than once are made once.</summary>
internal sealed class ConditionCompiler(Plan plan)
{
    readonly Dictionary<string, Pattern> patterns = new(StringComparer.Ordinal);
    readonly Dictionary<string, HistoryNode> nodes = new(StringComparer.Ordinal);

    /// <summary>Definitions already compiled, which conditions may name.</summary>
    public Dictionary<(string Kind, string Name), CompiledDefinition> Known { get; } = [];

    public IReadOnlyList<Pattern> Patterns => [.. patterns.Values];

    public IReadOnlyList<HistoryNode> Nodes => [.. nodes.Values];

    public Pattern Pattern(EventPattern source)
    {
        EventShape shape = plan.Events.Of(source.Name);
        string key = source.Name + string.Concat(source.Where.Select(w => $" {w.Path.Text} {w.Test.ToKey()}").Order(StringComparer.Ordinal));
        if (!patterns.TryGetValue(key, out Pattern? pattern))
        {
            pattern = new Pattern(patterns.Count, shape, key, [.. source.Where.Select(w => (shape.SlotOf(w.Path), w.Test))]);
            patterns.Add(key, pattern);
            shape.Patterns.Add(pattern);
        }
        return pattern;
    }

    public T Node<T>(T made) where T : HistoryNode
    {
        if (nodes.TryGetValue(made.Key, out HistoryNode? known)) return (T)known;
        nodes.Add(made.Key, made);
        return made;
    }

    /// <summary>Compiles a condition; what it needs kept is added to `needs`.</summary>
    /// <param name="condition">As authored.</param>
    /// <param name="needs">Is added to.</param>
    /// <param name="isNegated">Whether the whole holds rather when this does not.</param>
    public CompiledCondition Compile(Condition condition, Needs needs, bool isNegated = false)
    {
        switch (condition)
        {
            case AllOf all: return new Combination(all, [.. all.Conditions.Select(c => Compile(c, needs, isNegated))], any: false);
            case AnyOf any: return new Combination(any, [.. any.Conditions.Select(c => Compile(c, needs, isNegated))], any: true);
            case Not not: return new Negation(not, Compile(not.Inner, needs, !isNegated));
            case EventCount { Within: { } } count:
                LatestTimes times = needs.Add(Node(new LatestTimes(Pattern(count.Event))), onlyEnds: isNegated && count.Count.IsAtLeast);
                times.Keep(count.Count.Saturation);
                return new CountInWindow(count, times);
            case EventCount count:
                Tally tally = needs.Add(Node(new Tally(Pattern(count.Event))));
                tally.Keep(count.Count.Saturation);
                return new CountEver(count, tally);
            case EventAggregate aggregate: return CompileAggregate(aggregate, needs);
            case EventSequence sequence:
                var chain = new Chain([.. sequence.Events.Select(Pattern)], sequence.Unless == null ? null : Pattern(sequence.Unless));
                return new SequenceDone(sequence, needs.Add(Node(chain)));
            case Absence absence: return new AbsentFor(absence, needs.Add(Node(new LatestTimes(Pattern(absence.Event))), onlyEnds: !isNegated));
            case AbsenceSince absence: return new AbsentSince(absence, needs.Add(Node(new LatestPair(Pattern(absence.Event), Pattern(absence.Since)))));
            case TraitIs trait:
                int number = plan.Traits.Of(trait.Trait);
                needs.Traits.Add(number);
                return new TraitPasses(trait, number);
            case ScoreIs score:
                CompiledScore scored = Named<CompiledScore>("score", score.Score);
                needs.Definitions.Add(scored);
                scored.AskFor(score.Is);
                return new ScorePasses(score, scored);
            case InSegment segment: return Holds(condition, "segment", segment.Segment, needs);
            case SignalActive signal: return Holds(condition, "signal", signal.Signal, needs);
            case InJourney journey:
                needs.Journeys = true;
                return new JourneyStands(journey, journey.Journey);
            case HasConsent consent:
                needs.Consent = true;
                return new ConsentGiven(consent);
            case LocalTime local:
                needs.Traits.Add(plan.Traits.Of(TraitCatalogue.TimeZone));
                needs.Traits.Add(plan.Traits.Of(TraitCatalogue.ToldZone));
                return new InLocalTime(local, plan.Zones);
            default: throw new ArgumentException($"Conditions of the form {condition.GetType().Name} are not known.", nameof(condition));
        }
    }

    CompiledCondition CompileAggregate(EventAggregate aggregate, Needs needs)
    {
        Pattern pattern = Pattern(aggregate.Event);
        bool texts = aggregate.Of == Aggregate.Distinct;
        if (aggregate.Within is { } within)
        {
            RecentValues values = needs.Add(Node(new RecentValues(pattern, aggregate.Path, texts)));
            values.Keep(within);
            return texts ? new DistinctInWindow(aggregate, values) : new AggregateInWindow(aggregate, values);
        }
        if (!texts) return new AggregateEver(aggregate, needs.Add(Node(new Totals(pattern, aggregate.Path))));
        KnownTexts known = needs.Add(Node(new KnownTexts(pattern, aggregate.Path)));
        known.Keep(aggregate.Is.Saturation);
        return new DistinctEver(aggregate, known);
    }

    DefinitionHolds Holds(Condition condition, string kind, string name, Needs needs)
    {
        CompiledDefinition definition = Named<CompiledDefinition>(kind, name);
        needs.Definitions.Add(definition);
        return new DefinitionHolds(condition, definition);
    }

    T Named<T>(string kind, string name) where T : CompiledDefinition =>
        Known.TryGetValue((kind, name), out CompiledDefinition? definition) ? (T)definition
            : throw new ArgumentException($"There is no {kind} named \"{name}\", or it names this one in turn.");
}

/// <summary>What a condition needs: kept records, and what makes it come out otherwise besides events.</summary>
internal sealed class Needs
{
    readonly HashSet<HistoryNode> beginning = [];

    /// <summary>Nodes whose events may make the condition begin to hold.</summary>
    public IReadOnlyCollection<HistoryNode> Beginning => beginning;

    public List<HistoryNode> Nodes { get; } = [];

    public HashSet<int> Traits { get; } = [];

    public HashSet<CompiledDefinition> Definitions { get; } = [];

    public bool Consent { get; set; }

    public bool Journeys { get; set; }

    /// <summary>Nodes whose events can only make the condition cease to hold; while it does not, it need not be asked for them.</summary>
    public IEnumerable<HistoryNode> Ending => Nodes.Except(beginning);

    /// <summary>Notes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="onlyEnds">Whether one more event can only make the condition fail, now and at any later time.</param>
    public T Add<T>(T node, bool onlyEnds = false) where T : HistoryNode
    {
        if (!Nodes.Contains(node)) Nodes.Add(node);
        if (!onlyEnds) beginning.Add(node);
        return node;
    }
}
