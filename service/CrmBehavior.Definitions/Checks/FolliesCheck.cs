using System.Linq;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Warns of conditions and journeys that are legal but foolish, with the better form.</summary>
internal static class FolliesCheck
{
    const int ManyArms = 12;

    public static void Run(CheckContext context)
    {
        foreach (Definition definition in context.Definitions)
        {
            switch (definition)
            {
                case SignalDefinition signal: When(context, signal, "/when", signal.When, "signal"); break;
                case SegmentDefinition segment: When(context, segment, "/when", segment.When, "segment"); break;
                case JourneyDefinition journey: Journey(context, journey); break;
                case ScoreDefinition score: Grades(context, score); break;
                case PolicyDefinition policy: EmptyListCheck.Policy(context, policy); break;
                case TemplateDefinition template: Strangers(context, template); break;
            }
        }
    }

    static void When(CheckContext context, Definition definition, string pointer, Condition when, string what)
    {
        if (what != "segment" && IsForEver(when))
        {
            context.Warn(definition, pointer, $"without \"within\" this becomes true once in a contact's life and stays true, so the {what} fires once; write a window, as in \"within\":\"24h\"");
        }
        if (IsTrueOfStrangers(when))
        {
            context.Warn(definition, pointer, "this is true of somebody known for a minute; to ask for silence write {\"absent\":{\"event\":…},\"for\":\"30d\"}, or combine it with what must have happened in {\"all\":[…]}");
        }
        if (what == "signal" && IsSingleOpen(when))
        {
            context.Warn(definition, pointer, "a single open says little (mail programs open mails by themselves); count several, or use \"email_clicked\"");
        }
        if (References.Leaves(when).All(l => l is LocalTime))
        {
            context.Warn(definition, pointer, "a local time alone comes for everybody every day, and wakes all contacts; combine it in {\"all\":[…]} with what must have happened");
        }
        if (when is EventCount { Count: { } count } && count.Passes(0) && count.Passes(1) && count.Passes(1_000_000))
        {
            context.Warn(definition, pointer, "this count is true of everybody; write {\"gte\":1} for at least one");
        }
    }

    /// <summary>Whether a condition that has become true stays so.</summary>
    static bool IsForEver(Condition condition) => condition switch
    {
        EventCount { Within: null } or EventSequence { Within: null } => true,
        AllOf all => all.Conditions.All(IsForEver),
        AnyOf any => any.Conditions.Any(IsForEver),
        _ => false,
    };

    static bool IsSingleOpen(Condition condition) => condition switch
    {
        EventCount { Event.Name: "email_opened" } opened => opened.Count.Passes(1),
        AnyOf any => any.Conditions.Any(IsSingleOpen),
        _ => false,
    };

    static void Grades(CheckContext context, ScoreDefinition score)
    {
        for (int i = 0; i < score.Grades.Count; i++)
        {
            Grade grade = score.Grades[i];
            if (grade.From > score.Max) context.Warn(score, $"/grades/{i}/from", $"the grade \"{grade.Name}\" is never reached: it begins at {grade.From}, and the score goes to {score.Max} at most; raise \"max\" or lower \"from\"");
        }
    }

    /// <summary>Paths that start with none of what texts see: the mail would wait for their values for ever.</summary>
    static void Strangers(CheckContext context, TemplateDefinition template)
    {
        foreach ((string pointer, string? text) in new[] { ("/subject", template.Subject), ("/html", template.Html), ("/text", template.Text) })
        {
            foreach (string path in TemplateText.Strangers(text ?? "").Distinct().Where(p => !template.Fallbacks.ContainsKey(p)))
            {
                context.Warn(template, pointer, $"nothing is known of {{{{{path}}}}}: texts see \"contact.<column>\", \"event.<property>\" and \"journey.name\"");
            }
        }
    }

    static bool IsOutOfReach(CheckContext context, Condition condition) =>
        condition is ScoreIs { Is.Comparisons: [{ Operator: Operator.Gte or Operator.Gt } bound] } asked && context.Find("score", asked.Score) is ScoreDefinition score
        && (bound.Operator == Operator.Gte ? bound.Numbers[0] > score.Max : bound.Numbers[0] >= score.Max);

    static bool IsTrueOfStrangers(Condition condition) => condition switch
    {
        Not => true,
        ScoreIs score => score.Is.Passes(0),
        AllOf all => all.Conditions.All(IsTrueOfStrangers),
        AnyOf any => any.Conditions.Any(IsTrueOfStrangers),
        EventCount count => count.Count.Passes(0) && !count.Count.Passes(1_000_000),
        EventAggregate { Of: Aggregate.Sum or Aggregate.Distinct } aggregate => aggregate.Is.Passes(0) && !aggregate.Is.Passes(1_000_000_000),
        _ => false,
    };

    static void Journey(CheckContext context, JourneyDefinition journey)
    {
        if (journey.Trigger?.When is { } when) When(context, journey, "/trigger/when", when, "trigger");
        foreach (BranchStep branch in StepWalk.All(journey.Steps).OfType<BranchStep>())
        {
            string pointer = context.PointerOfStep(journey, branch.Id) + "/branch";
            if (branch.Arms.Count + (branch.Else == null ? 0 : 1) > ManyArms) context.Warn(journey, pointer, $"{branch.Arms.Count} branches are hard to follow and to measure; make segments of them, or split the journey");
            for (int i = 0; i < branch.Arms.Count; i++)
            {
                Condition condition = branch.Arms[i].If;
                int earlier = branch.Arms.Take(i).ToList().FindIndex(a => Implication.Holds(condition, a.If));
                if (earlier >= 0)
                {
                    string why = ConditionKey.Of(branch.Arms[earlier].If) == ConditionKey.Of(condition) ? "an arm before it has the same condition" : $"whenever its condition holds, that of the arm at {pointer}/{earlier} does too; put the narrower one first";
                    context.Warn(journey, $"{pointer}/{i}", $"this branch can never be taken: {why}");
                }
                else if (IsOutOfReach(context, condition)) context.Warn(journey, $"{pointer}/{i}", "this branch can never be taken: the score never gets there; raise its \"max\" or ask for less");
                else if (IsNever(condition)) context.Warn(journey, $"{pointer}/{i}", "this branch can never be taken: its condition contradicts itself");
                if (IsAlways(condition) && (i < branch.Arms.Count - 1 || branch.Else != null))
                {
                    context.Warn(journey, $"{pointer}/{i}", "this arm is always taken, so those behind it never are");
                    break;
                }
            }
        }
        foreach (SplitStep split in StepWalk.All(journey.Steps).OfType<SplitStep>())
        {
            if (split.Arms.Count > ManyArms) context.Warn(journey, $"{context.PointerOfStep(journey, split.Id)}/split", $"{split.Arms.Count} arms leave few contacts in each; results will take long to mean anything");
            for (int i = 0; i < split.Arms.Count; i++)
            {
                if (split.Arms[i].Weight == 0) context.Warn(journey, $"{context.PointerOfStep(journey, split.Id)}/split/{i}", "this branch can never be taken: its weight is 0");
            }
        }
        foreach (PauseStep pause in StepWalk.All(journey.Steps).OfType<PauseStep>().Where(p => p.Journeys?.Count == 0))
        {
            context.Warn(journey, context.PointerOfStep(journey, pause.Id) + "/pause/journeys", "an empty list pauses nothing; name journeys, or write \"all\" for all others");
        }
        if (journey.Goal is { } goal) Forestalled(context, journey, goal);
    }

    /// <summary>A goal that needs more time than an exit leaves it.</summary>
    static void Forestalled(CheckContext context, JourneyDefinition journey, Goal goal)
    {
        long needs = LeastTime(goal.When);
        for (int i = 0; i < journey.Exits.Count; i++)
        {
            Exit exit = journey.Exits[i];
            if (exit.When is EventCount earlier && goal.When is EventCount later && ConditionKey.Of(earlier) != ConditionKey.Of(later) && Implication.Holds(later, earlier))
            {
                context.Warn(journey, "/goal", $"the exit at /exit/{i} always comes before the goal: it asks for fewer of the same events; ask for more there, or make it the goal");
            }
            if (exit.After < needs)
            {
                context.Warn(journey, "/goal", $"the goal takes {Duration.ToWords(needs)} at least, but the exit at /exit/{i} ends the journey after {Duration.ToWords(exit.After.Value)}; the goal is never reached");
            }
        }
    }

    /// <summary>How long after the start a condition can be true at the earliest, where that can be told.</summary>
    static long LeastTime(Condition condition) => condition switch
    {
        Absence absence => absence.For,
        AbsenceSince absence => absence.For,
        AllOf all => all.Conditions.Max(LeastTime),
        AnyOf any => any.Conditions.Min(LeastTime),
        _ => 0,
    };

    static bool IsAlways(Condition condition) => condition switch
    {
        EventCount count => count.Count.Passes(0) && count.Count.Passes(1) && count.Count.Passes(1_000_000) && count.Count.Comparisons.All(c => c.Operator is Operator.Gt or Operator.Gte),
        AllOf all => all.Conditions.All(IsAlways),
        AnyOf any => any.Conditions.Any(IsAlways),
        Not not => IsNever(not.Inner),
        _ => false,
    };

    /// <summary>Lower bound above upper bound, or both a condition and its opposite.</summary>
    static bool IsNever(Condition condition) => condition switch
    {
        EventCount count => IsEmpty(count.Count) || (count.Count.Comparisons is [{ Operator: Operator.Lt }] && count.Count.Comparisons[0].Numbers[0] <= 0),
        ScoreIs score => IsEmpty(score.Is),
        AllOf all => all.Conditions.Any(IsNever) || all.Conditions.OfType<Not>().Any(n => all.Conditions.Any(c => ConditionKey.Of(c) == ConditionKey.Of(n.Inner))),
        AnyOf any => any.Conditions.All(IsNever),
        Not not => IsAlways(not.Inner),
        _ => false,
    };

    static bool IsEmpty(NumberTest test)
    {
        double low = double.NegativeInfinity, high = double.PositiveInfinity;
        bool open = false;
        foreach (NumberComparison comparison in test.Comparisons)
        {
            double number = comparison.Numbers[0];
            if (comparison.Operator is Operator.Gt or Operator.Gte && number >= low) (low, open) = (number, open || comparison.Operator == Operator.Gt);
            if (comparison.Operator is Operator.Lt or Operator.Lte && number <= high) (high, open) = (number, open || comparison.Operator == Operator.Lt);
        }
        return low > high || (low == high && open);
    }
}
