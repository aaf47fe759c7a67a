using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Policies;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.Compile;

/// <summary>Compiles definitions into a plan: scores, then segments and signals in their order of work, then journeys and policies.</summary>
internal sealed class PlanCompiler
{
    readonly IReadOnlyList<Definition> definitions;
    readonly Plan plan;
    readonly ConditionCompiler conditions;
    readonly List<(CompiledDefinition Definition, Needs Needs)> work = [];
    readonly List<(Pattern Pattern, ScoreRow Row)> rows = [];
    readonly Needs onDemand = new();
    readonly Dictionary<CompiledDefinition, int> levels = [];
    readonly HashSet<(string Kind, string Name)> underWay = [];

    public PlanCompiler(IReadOnlyList<Definition> definitions, PlanOptions options, StateLayout layout)
    {
        this.definitions = definitions;
        plan = new Plan(options, layout);
        conditions = new ConditionCompiler(plan);
    }

    public Plan Compile()
    {
        PolicyDefinition[] policies = [.. definitions.OfType<PolicyDefinition>().OrderBy(p => p.Name, StringComparer.Ordinal)];
        plan.Zones = new ZoneRule(plan.Traits.Of(TraitCatalogue.TimeZone), plan.Traits.Of(TraitCatalogue.ToldZone), policies.FirstOrDefault(p => p.Zone != null)?.Zone);
        foreach (ScoreDefinition score in definitions.OfType<ScoreDefinition>().OrderBy(s => s.Name, StringComparer.Ordinal)) AddScore(score);
        int scores = work.Count;
        foreach (Definition definition in definitions.Where(d => d is SignalDefinition or SegmentDefinition)) AddConditional(definition);
        work.Sort(scores, work.Count - scores, Comparer<(CompiledDefinition Definition, Needs)>.Create((a, b) => Order(a.Definition, b.Definition)));
        int firstTrigger = work.Count;
        var journeys = new JourneyCompiler(plan, conditions, definitions, onDemand);
        work.AddRange(journeys.Compile());
        plan.Policies = new PolicyCompiler(conditions, onDemand).Compile(policies);
        plan.FirstTrigger = firstTrigger;
        plan.ScoreCount = scores;
        Number();
        Connect();
        if (plan.Journeys.Length > 0 || plan.TraitDependents[plan.Traits.Find(TraitCatalogue.ToldZone)].Length > 0) plan.ToldZone = plan.Traits.Find(TraitCatalogue.ToldZone);
        journeys.NameEvents();
        NameEvents();
        return plan;
    }

    void AddScore(ScoreDefinition source)
    {
        string key = ConditionKey.Of(source);
        int index = work.Count;
        var compiled = new List<ScoreRow>();
        for (int i = 0; i < source.Points.Count; i++)
        {
            PointRow point = source.Points[i];
            ScoringTimes? cap = point.Cap == null ? null : conditions.Node(new ScoringTimes($"{key} row {i}", point.Cap.Max));
            var row = new ScoreRow(index, i, point.Add, cap, point.Cap?.Per ?? 0);
            rows.Add((conditions.Pattern(point.Event), row));
            compiled.Add(row);
        }
        var score = new CompiledScore(source, conditions.Node(new ScoreValueNode(key)), [.. compiled]);
        conditions.Known.Add(("score", source.Name), score);
        work.Add((score, new Needs()));
    }

    CompiledDefinition AddConditional(Definition definition)
    {
        var name = (definition.Kind, definition.Name);
        if (conditions.Known.TryGetValue(name, out CompiledDefinition? known)) return known;
        if (!underWay.Add(name)) throw new ArgumentException($"The {definition.Kind} \"{definition.Name}\" refers to itself in a circle.");
        Condition when = definition is SignalDefinition s ? s.When : ((SegmentDefinition)definition).When;
        int level = 0;
        foreach ((string kind, string referred) in References.Of(when))
        {
            Definition target = definitions.FirstOrDefault(d => d.Kind == kind && d.Name == referred)
                ?? throw new ArgumentException($"There is no {kind} named \"{referred}\", which the {definition.Kind} \"{definition.Name}\" names.");
            level = Math.Max(level, levels[AddConditional(target)] + 1);
        }
        var needs = new Needs();
        CompiledCondition compiled = conditions.Compile(when, needs);
        CompiledDefinition made = definition is SignalDefinition signal ? new CompiledSignal(signal, compiled) : new CompiledSegment((SegmentDefinition)definition, compiled);
        conditions.Known.Add(name, made);
        levels.Add(made, level);
        work.Add((made, needs));
        return made;
    }

    int Order(CompiledDefinition a, CompiledDefinition b)
    {
        int level = levels[a].CompareTo(levels[b]);
        if (level != 0) return level;
        int kind = string.CompareOrdinal(a.Source.Kind, b.Source.Kind);
        return kind != 0 ? kind : string.CompareOrdinal(a.Source.Name, b.Source.Name);
    }

    void Number()
    {
        plan.Definitions = [.. work.Select(w => w.Definition)];
        for (int i = 0; i < plan.Definitions.Length; i++)
        {
            plan.Definitions[i].Index = i;
            plan.Definitions[i].Number = plan.Layout.NumberOf(ConditionKey.Of(plan.Definitions[i].Source));
        }
        plan.Nodes = [.. conditions.Nodes];
        for (int i = 0; i < plan.Nodes.Length; i++)
        {
            plan.Nodes[i].Index = i;
            plan.Nodes[i].Keep(plan.Layout.KeptOf(plan.Nodes[i].Key, plan.Nodes[i].Kept));
            plan.Nodes[i].Number = plan.Layout.NumberOf(plan.Nodes[i].Key, plan.Nodes[i].Kept);
        }
        plan.TraitNumbers = [.. plan.Traits.Names.Select(t => plan.Layout.NumberOf("trait " + t))];
        plan.Scores = plan.Definitions.OfType<CompiledScore>().ToDictionary(s => s.Source.Name, StringComparer.Ordinal);
        plan.WithoutEvents = [.. plan.Definitions.Where(d => d.CanHoldWithoutEvents).Select(d => d.Index)];
    }

    /// <summary>Notes for everything that can change what has to be worked out again.</summary>
    void Connect()
    {
        IEnumerable<HistoryNode> kept = work.SelectMany(w => w.Needs.Nodes).Concat(onDemand.Nodes).Distinct();
        var uses = conditions.Patterns.Select(_ => (Nodes: new List<HistoryNode>(), Rows: new List<ScoreRow>(), Journeys: new List<int>())).ToArray();
        foreach (HistoryNode node in kept)
        {
            foreach (Pattern pattern in node.Patterns) uses[pattern.Id].Nodes.Add(node);
        }
        foreach ((Pattern pattern, ScoreRow row) in rows) uses[pattern.Id].Rows.Add(row);
        foreach (CompiledJourney journey in plan.Journeys)
        {
            if (journey.IsCurrent && journey.Source.Trigger?.Event is { } trigger) uses[conditions.Pattern(trigger).Id].Journeys.Add(journey.Index);
        }
        plan.Uses = [.. uses.Select(u => new PatternUse { Nodes = [.. u.Nodes], Rows = [.. u.Rows], Journeys = [.. u.Journeys] })];
        plan.NodeDependents = ByNode(needs => needs.Beginning);
        plan.NodeEnds = ByNode(needs => needs.Ending);
        plan.TraitDependents = [.. plan.Traits.Names.Select((_, trait) => Which(w => w.Traits.Contains(trait)))];
        plan.ConsentDependents = Which(w => w.Consent);
        plan.JourneyDependents = Which(w => w.Journeys);
        plan.NamesJourneys = plan.JourneyDependents.Length > 0 || onDemand.Journeys;
        ILookup<CompiledDefinition, int> dependents = work.SelectMany(w => w.Needs.Definitions.Select(d => (On: d, w.Definition.Index))).ToLookup(p => p.On, p => p.Index);
        foreach ((CompiledDefinition definition, _) in work) definition.Dependents = [.. dependents[definition]];
    }

    /// <summary>Definitions by the nodes that they need, in the order of work.</summary>
    int[][] ByNode(Func<Needs, IEnumerable<HistoryNode>> which)
    {
        ILookup<int, int> byNode = work.SelectMany(w => which(w.Needs).Select(n => (Node: n.Index, Definition: w.Definition.Index))).ToLookup(p => p.Node, p => p.Definition);
        return [.. plan.Nodes.Select(n => byNode[n.Index].ToArray())];
    }

    int[] Which(Func<Needs, bool> needs) => [.. work.Where(w => needs(w.Needs)).Select(w => w.Definition.Index)];

    /// <summary>Tells definitions what they raise, where somebody listens, or something waits for whatever input comes next.</summary>
    void NameEvents()
    {
        plan.EmailDelivered = Listened("email_delivered");
        plan.EmailTrait = plan.Traits.Find(TraitCatalogue.Email);
        foreach (CompiledDefinition definition in plan.Definitions)
        {
            string name = definition.Source.Name;
            switch (definition)
            {
                case CompiledSignal signal: signal.Fired = Listened("signal:" + name); break;
                case CompiledSegment segment: (segment.Entered, segment.Left) = (Listened("segment_entered:" + name), Listened("segment_left:" + name)); break;
                case CompiledScore score: score.Graded = [.. score.GradeNames.Select(grade => Listened($"score:{name}:{grade}"))]; break;
            }
        }
    }

    /// <summary>What names a journey changes at the next input, also at one that nobody listens to.</summary>
    EventShape? Listened(string name) => plan.Events.TryFind(name, out EventShape? shape) ? shape : plan.NamesJourneys ? plan.Events.Other : null;
}
