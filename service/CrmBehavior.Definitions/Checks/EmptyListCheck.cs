using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Warns of rules of policies that are about no message at all, since a list in them is empty.</summary>
internal static class EmptyListCheck
{
    public static void Policy(CheckContext context, PolicyDefinition policy)
    {
        for (int i = 0; i < policy.Review.Count; i++)
        {
            Categories(context, policy, $"/review/{i}", policy.Review[i].Categories);
            if (policy.Review[i].Actions.Count == 0) context.Warn(policy, $"/review/{i}/actions", "an empty list holds nothing; name what a person looks at, as in [\"sendEmail\"]");
        }
        for (int i = 0; i < policy.QuietHours.Count; i++) Categories(context, policy, $"/quietHours/{i}", policy.QuietHours[i].Scope.Categories);
        for (int i = 0; i < policy.Cooldowns.Count; i++) Categories(context, policy, $"/cooldown/{i}", policy.Cooldowns[i].Scope.Categories);
        for (int i = 0; i < policy.Caps.Count; i++) Categories(context, policy, $"/caps/{i}", policy.Caps[i].Scope.Categories);
    }

    static void Categories(CheckContext context, PolicyDefinition policy, string rule, IReadOnlyList<string>? categories)
    {
        if (categories?.Count == 0) context.Warn(policy, rule + "/category", "an empty list is about no message at all; name categories, or leave \"category\" out for all");
    }
}
