using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Compiles journeys: conditions, and steps linked in the order of their flow.</summary>
internal sealed class JourneyCompiler(Plan plan, ConditionCompiler conditions, IReadOnlyList<Definition> definitions, Needs onDemand)
{
    readonly Dictionary<string, TemplateDefinition> templates = definitions.OfType<TemplateDefinition>().ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>Compiles all journeys that are not drafts; answers their triggers by condition, in their order of work.</summary>
    public List<(CompiledDefinition, Needs)> Compile()
    {
        var sources = definitions.OfType<JourneyDefinition>().Where(j => j.Run != JourneyRun.Draft).Select(j => (Source: j, IsCurrent: true))
            .Concat(plan.Options.Draining.Select(j => (Source: j, IsCurrent: false)))
            .OrderByDescending(j => j.Source.Priority).ThenBy(j => j.Source.Name, StringComparer.Ordinal).ThenBy(j => j.Source.Version);
        plan.Journeys = [.. sources.Select((j, index) => new CompiledJourney(j.Source) { Index = index, IsCurrent = j.IsCurrent })];
        plan.JourneysByName = plan.Journeys.Where(j => j.IsCurrent).ToDictionary(j => j.Name, StringComparer.Ordinal);
        if (plan.Journeys.Length > 0)
        {
            foreach (string trait in new[] { TraitCatalogue.Email, TraitCatalogue.DoNotEmail, TraitCatalogue.DoNotBulkEmail, TraitCatalogue.BestHour, TraitCatalogue.StateCode }) plan.Traits.Of(trait);
        }
        var triggers = new List<(CompiledDefinition, Needs)>();
        foreach (CompiledJourney journey in plan.Journeys) Compile(journey, triggers);
        return triggers;
    }

    void Compile(CompiledJourney journey, List<(CompiledDefinition, Needs)> triggers)
    {
        JourneyDefinition source = journey.Source;
        if (journey.IsCurrent && source.Trigger?.When is { } when)
        {
            var needs = new Needs();
            journey.When = new CompiledTrigger(source, conditions.Compile(when, needs)) { Journey = journey.Index };
            triggers.Add((journey.When, needs));
        }
        if (source.Trigger?.Event is { } trigger) conditions.Pattern(trigger);
        if (source.Entry.If is { } entry) journey.EntryIf = conditions.Compile(entry, onDemand);
        if (source.Goal is { } goal) journey.Goal = Fresh(goal.When);
        journey.Exits = [.. source.Exits.Select(e => new CompiledExit(e.When == null ? null : Fresh(e.When), e.After, e.Reason))];
        IEnumerable<HistoryNode> ofGoal = journey.Goal?.Nodes ?? [];
        journey.SinceNodes = [.. ofGoal.Concat(journey.Exits.SelectMany(e => e.Condition?.Nodes ?? [])).Distinct()];
        var byId = new Dictionary<string, CompiledStep>(StringComparer.Ordinal);
        journey.First = Link(source.Steps, null, byId);
        journey.StepsById = byId;
        journey.NeedsTrigger = byId.Values.Any(NeedsTrigger);
        if (journey.NeedsTrigger && source.Trigger?.When is { } shown)
        {
            journey.Shown = conditions.Nodes.OfType<LatestPair>().FirstOrDefault(n => References.Leaves(shown).OfType<AbsenceSince>()
                .Any(a => n.Key == new LatestPair(conditions.Pattern(a.Event), conditions.Pattern(a.Since)).Key));
            if (journey.Shown != null) journey.Shown.Keep(LatestPair.WithProperties);
        }
        TakeKeys(journey);
    }

    FreshCondition Fresh(Condition condition)
    {
        var needs = new Needs();
        CompiledCondition compiled = conditions.Compile(condition, needs);
        onDemand.Journeys |= needs.Journeys;
        return new FreshCondition(compiled, needs.Nodes);
    }

    /// <summary>Compiles a list of steps from its end, so that each knows what follows it.</summary>
    CompiledStep? Link(IReadOnlyList<Step> steps, CompiledStep? after, Dictionary<string, CompiledStep> byId)
    {
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            var compiled = new CompiledStep(steps[i]) { Next = after };
            byId.Add(compiled.Id, compiled);
            switch (steps[i])
            {
                case WaitForStep wait:
                    compiled.WaitFor = Fresh(wait.Condition);
                    compiled.Arms = [Link(wait.Then, after, byId), Link(wait.Else, after, byId)];
                    break;
                case BranchStep branch:
                    compiled.Conditions = [.. branch.Arms.Select(a => conditions.Compile(a.If, onDemand))];
                    compiled.Arms = [.. branch.Arms.Select(a => a.Then).Append(branch.Else ?? []).Select(arm => Link(arm, after, byId))];
                    break;
                case SplitStep split: compiled.Arms = [.. split.Arms.Select(a => Link(a.Then, after, byId))]; break;
                case ReviewStep review: compiled.Arms = [Link(review.Then, after, byId), Link(review.Else, after, byId)]; break;
                case WaitUntilStep { Trait: { } trait }: compiled.Trait = plan.Traits.Of(trait); break;
                case SetFieldStep set: compiled.Trait = plan.Traits.Of(set.Field); break;
                case AddScoreStep add: compiled.Score = (CompiledScore)conditions.Known[("score", add.Score)]; break;
                case MessageStep { Template: { } template }: compiled.Template = templates[template]; break;
            }
            after = compiled;
        }
        return after;
    }

    static bool NeedsTrigger(CompiledStep step) => step.Source switch
    {
        EnrollStep or WaitUntilStep { Property: not null } => true,
        MessageStep message => Shows(message.Args.GetRawText()) || (step.Template is { } t && (Shows(t.Subject) || Shows(t.Html) || Shows(t.Text))),
        EffectStep { Action: "timeline" } effect => Shows(effect.Args.GetRawText()),
        ReviewStep review => Shows(review.Args.GetRawText()),
        _ => false,
    };

    /// <summary>Whether a Handlebars text may show something of the event; asking for too much only keeps more.</summary>
    static bool Shows(string? text) => text != null && text.Contains("{{", StringComparison.Ordinal) && text.Contains("event", StringComparison.Ordinal);

    /// <summary>Has the key taken from every event that may carry one that matters.</summary>
    void TakeKeys(CompiledJourney journey)
    {
        if (journey.Source.Entry.Key is not { } key) return;
        foreach (HistoryNode node in journey.SinceNodes.Concat(journey.StepsById.Values.SelectMany(s => s.WaitFor?.Nodes ?? [])))
        {
            foreach (Pattern pattern in node.Patterns) pattern.Shape.SlotOf(key);
        }
        if (journey.Source.Trigger?.Event is { } trigger) plan.Events.Of(trigger.Name).SlotOf(key);
        plan.Events.Of("enroll_requested:" + journey.Name).SlotOf(key);
    }

    /// <summary>Names what journeys raise and listen to; done last, when all that is listened to is known.</summary>
    public void NameEvents()
    {
        foreach (CompiledJourney journey in plan.Journeys)
        {
            journey.Entered = Raised("journey_entered:" + journey.Name);
            journey.Exited = Raised("journey_exited:" + journey.Name);
            journey.Reached = Raised("journey_goal:" + journey.Name);
            foreach (CompiledStep step in journey.StepsById.Values)
            {
                step.Raises = step.Source switch
                {
                    SetFieldStep => plan.Events.Find("contact_updated"u8),
                    AddScoreStep => plan.Events.Find("score_added"u8),
                    EnrollStep enroll => plan.Events.Find(Encoding.UTF8.GetBytes("enroll_requested:" + enroll.Journey)),
                    _ => null,
                };
            }
            // A condition may be made true by any event, which is then the triggering one.
            if (journey is { IsCurrent: true, Source: { Entry.Key: { } key, Trigger.When: not null } })
            {
                plan.Events.Other.SlotOf(key);
                foreach (EventShape shape in plan.Events.All) shape.SlotOf(key);
            }
        }
    }

    /// <summary>What is raised is an input when somebody listens, or when conditions that name journeys have to be asked again.</summary>
    EventShape? Raised(string name) => plan.Events.TryFind(name, out EventShape? shape) ? shape : plan.NamesJourneys ? plan.Events.Other : null;
}
