using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;

namespace CrmBehavior.Definitions.Words;

/// <summary>How a contact stands with a policy, in plain English: a line per rule.</summary>
internal static class PolicyStandingWords
{
    public static List<string> Of(PolicyStanding standing, IReadOnlyList<Definition> definitions)
    {
        List<string> lines = [standing.Rules.Any(r => r.Blocks) ? "Messages to this contact are held back now (✗), as far as these rules are about them:" : "Nothing in this policy holds messages to this contact back now:"];
        foreach (RuleStanding rule in standing.Rules)
        {
            lines.Add($"  {(rule.Blocks ? "✗" : "✓")} {(rule.By == null ? Sentences.Capital(DecisionWords.MessageRule(rule.Rule)) + "." : PolicyWords.Rule(definitions, rule.By) ?? rule.By)}");
            if (Observed(rule, standing) is { Length: > 0 } observed) lines.Add("      " + observed);
        }
        return lines;
    }

    static string Observed(RuleStanding rule, PolicyStanding standing)
    {
        string until = rule.Until is { } t ? $" until {TimeWords.At(t)}" : "";
        switch (rule.Rule)
        {
            case "consent": return rule.Consent switch { true => "The contact has agreed to marketing mail.", false => "The contact has withdrawn the consent to marketing mail.", _ => "The contact has said nothing about marketing mail." };
            case "holdout": return rule.Blocks ? "This contact is one of them." : "This contact is not one of them.";
            case "quietHours": return rule.Blocks ? $"It is quiet now,{until}." : "It is not quiet now.";
            case "review" when rule.Evidence is { } condition: return condition.Holds ? $"That is so: {EvidenceWords.Why(condition)}." : "That is not so for this contact.";
            case "cap":
                int max = ((PolicyDefinition)standing.Source).Caps.FirstOrDefault(c => rule.By!.EndsWith("/" + c.Name, System.StringComparison.Ordinal))?.Max ?? 0;
                return $"{rule.Used}{(max > 0 ? $" of {max}" : "")} went out in that time{Latest(rule)}{(rule.Blocks ? $"; a place is free again on {TimeWords.At(rule.Until!.Value)}" : "")}.";
            case "cooldown" when rule.Latest != null: return $"The latest{Latest(rule)[", the latest".Length..]}; the next of the same waits{until}.";
            case "cooldown" when rule.Blocks: return $"It blocks{until}.";
            default: return "";
        }
    }

    static string Latest(RuleStanding rule) => rule.Latest is { } m ? $", the latest on {TimeWords.At(m.At)} by the journey \"{m.Definition}\", step \"{m.Step}\"" : "";
}
