using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Warns about mails: nobody asks for consent, or a cap leaves no place for them.</summary>
internal static class MessageCheck
{
    public static void Run(CheckContext context)
    {
        JourneyDefinition[] journeys = [.. context.Definitions.OfType<JourneyDefinition>()];
        PolicyDefinition[] policies = [.. context.Definitions.OfType<PolicyDefinition>()];
        JourneyDefinition? mailing = journeys.FirstOrDefault(j => StepWalk.All(j.Steps).OfType<MessageStep>().Any(m => IsMarketing(context, m)));
        if (mailing != null && policies.All(p => p.EmailOptIn == null))
        {
            context.Warn(mailing, "", "no policy says \"consent\", so mail goes to all who did not object, which is against the law in many places; write a policy with {\"consent\":{\"email\":\"optIn\"}}");
        }
        foreach (JourneyDefinition journey in journeys)
        {
            foreach (PolicyDefinition policy in policies)
            {
                for (int i = 0; i < policy.Caps.Count; i++) Cap(context, journey, policy, policy.Caps[i], i);
            }
        }
    }

    static bool IsMarketing(CheckContext context, MessageStep message) =>
        message.Template is { } name && context.Find("template", name) is TemplateDefinition template && template.Purpose != TemplateDefinition.Transactional;

    /// <summary>Goes down the main line of a journey and counts its messages in the cap's window.</summary>
    static void Cap(CheckContext context, JourneyDefinition journey, PolicyDefinition policy, CapRule cap, int index)
    {
        long now = 0;
        var sent = new List<long>();
        foreach (Step step in journey.Steps)
        {
            switch (step)
            {
                case WaitStep { Until: null } wait: now += wait.For; break;
                // How long these take is not known beforehand, so nothing is certain behind them.
                case WaitStep or WaitUntilStep or WaitForStep or ReviewStep or BranchStep or SplitStep: return;
                case MessageStep message when IsCounted(context, journey, message, cap):
                    sent.RemoveAll(at => at <= now - cap.Per);
                    if (sent.Count >= cap.Max)
                    {
                        context.Warn(journey, context.PointerOfStep(journey, message.Id),
                            $"this message always meets the cap \"{policy.Name}/{cap.Name ?? "cap" + (index + 1)}\" (at most {cap.Max} in {Duration.ToWords(cap.Per)}): the journey itself sends {sent.Count} before it in that time; wait longer between them");
                        return;
                    }
                    sent.Add(now);
                    break;
            }
        }
    }

    static bool IsCounted(CheckContext context, JourneyDefinition journey, MessageStep message, CapRule cap)
    {
        var template = message.Template == null ? null : context.Find("template", message.Template) as TemplateDefinition;
        string? category = template?.Category ?? journey.Category;
        return template?.Purpose != TemplateDefinition.Transactional && (cap.Scope.Channel == "any" || cap.Scope.Channel == message.Channel)
            && (cap.Scope.Categories == null || (category != null && cap.Scope.Categories.Contains(category)));
    }
}
