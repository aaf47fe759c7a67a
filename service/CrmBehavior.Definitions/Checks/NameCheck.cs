using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Tells of names that name nothing, and of definitions that nobody names.</summary>
internal static class NameCheck
{
    public static void Run(CheckContext context)
    {
        var used = new HashSet<(string Kind, string Name)>();
        foreach (Definition definition in context.Definitions)
        {
            foreach (Reference reference in context.ReferencesOf(definition))
            {
                if (!(reference.Kind == definition.Kind && reference.Name == definition.Name)) used.Add((reference.Kind, reference.Name));
                if (Problem(context, reference) is { } problem) context.Error(definition, reference.Pointer, problem);
            }
        }
        foreach (UnreadDefinition definition in context.Unread)
        {
            foreach (Reference reference in ReferenceFinder.In(definition.Source.Json))
            {
                used.Add((reference.Kind, reference.Name));
                if (Problem(context, reference) is { } problem) context.Error(definition, reference.Pointer, problem);
            }
        }
        foreach (Definition definition in context.Definitions.Where(d => !used.Contains((d.Kind, d.Name)) && !context.IsWrong(d)))
        {
            string? unused = definition switch
            {
                TemplateDefinition => "no journey sends this template",
                SegmentDefinition { Tag: null } => "nobody uses this segment: name it in a condition or journey, or give it a \"tag\" that shows in the CRM",
                SignalDefinition => "nobody uses this signal: start a journey by the event \"signal:" + definition.Name + "\", or name it in a condition",
                JourneyDefinition { Trigger: null } => "nothing starts this journey: give it a \"trigger\", or \"enroll\" in it from another",
                _ => null,
            };
            if (unused != null) context.Warn(definition, "", unused);
        }
    }

    static string? Problem(CheckContext context, Reference reference)
    {
        if (context.Find(reference.Kind, reference.Name) is not { } target)
        {
            // Predictions are scores to the conditions that read them.
            if (context.IsUnread(reference.Kind, reference.Name) || (reference.Kind == "score" && context.Has("prediction", reference.Name))) return null;
            string hint = context.KindsOf(reference.Name).FirstOrDefault() is { } other ? $" There is a {other} of that name." : Nearest.Hint(reference.Name, context.Names(reference.Kind));
            return $"there is no {reference.Kind} named \"{reference.Name}\".{hint}";
        }
        if (target is not ScoreDefinition score || reference is not { ByEvent: true, Detail: { } grade } || score.Grades.Any(g => g.Name == grade)) return null;
        string known = Nearest.Hint(grade, score.Grades.Select(g => g.Name));
        return grade.Length == 0
            ? $"\"score:{score.Name}\" says no grade; write \"score:{score.Name}:\" and a grade.{known}"
            : $"the score \"{score.Name}\" has no grade \"{grade}\"; write \"score:{score.Name}:\" and a grade.{known}";
    }
}
