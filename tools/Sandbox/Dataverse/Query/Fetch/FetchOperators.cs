using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>The operators of FetchXML conditions by their token. Source: Microsoft's "FetchXml condition operators".</summary>
internal static class FetchOperators
{
    public static readonly FrozenDictionary<string, ConditionOperator> Tokens = new Dictionary<string, ConditionOperator>
    {
        ["eq"] = ConditionOperator.Equal,
        ["ne"] = ConditionOperator.NotEqual,
        ["neq"] = ConditionOperator.NotEqual,
        ["gt"] = ConditionOperator.GreaterThan,
        ["ge"] = ConditionOperator.GreaterEqual,
        ["lt"] = ConditionOperator.LessThan,
        ["le"] = ConditionOperator.LessEqual,
        ["like"] = ConditionOperator.Like,
        ["not-like"] = ConditionOperator.NotLike,
        ["in"] = ConditionOperator.In,
        ["not-in"] = ConditionOperator.NotIn,
        ["between"] = ConditionOperator.Between,
        ["not-between"] = ConditionOperator.NotBetween,
        ["null"] = ConditionOperator.Null,
        ["not-null"] = ConditionOperator.NotNull,
        ["begins-with"] = ConditionOperator.BeginsWith,
        ["not-begin-with"] = ConditionOperator.DoesNotBeginWith,
        ["ends-with"] = ConditionOperator.EndsWith,
        ["not-end-with"] = ConditionOperator.DoesNotEndWith,
        ["contain-values"] = ConditionOperator.ContainValues,
        ["not-contain-values"] = ConditionOperator.DoesNotContainValues,
        ["eq-userid"] = ConditionOperator.EqualUserId,
        ["ne-userid"] = ConditionOperator.NotEqualUserId,
        ["eq-businessid"] = ConditionOperator.EqualBusinessId,
        ["ne-businessid"] = ConditionOperator.NotEqualBusinessId,
        ["eq-userteams"] = ConditionOperator.EqualUserTeams,
        ["eq-useroruserteams"] = ConditionOperator.EqualUserOrUserTeams,
        ["on"] = ConditionOperator.On,
        ["not-on"] = ConditionOperator.NotOn,
        ["on-or-before"] = ConditionOperator.OnOrBefore,
        ["on-or-after"] = ConditionOperator.OnOrAfter,
        ["last-seven-days"] = ConditionOperator.Last7Days,
        ["next-seven-days"] = ConditionOperator.Next7Days,
        ["olderthan-x-months"] = ConditionOperator.OlderThanXMonths,
    }.Concat(RelativeDates()).ToFrozenDictionary(StringComparer.Ordinal);

    // today, last-x-days, olderthan-x-years …: the words of the enum's names in small letters.
    static IEnumerable<KeyValuePair<string, ConditionOperator>> RelativeDates()
    {
        foreach (string name in (string[])["Today", "Yesterday", "Tomorrow"]) yield return new(name.ToLowerInvariant(), Enum.Parse<ConditionOperator>(name));
        foreach (string when in (string[])["Last", "This", "Next"])
            foreach (string span in (string[])["Week", "Month", "Year"])
                yield return new($"{when}-{span}".ToLowerInvariant(), Enum.Parse<ConditionOperator>(when + span));
        foreach (string when in (string[])["Last", "Next"])
            foreach (string span in (string[])["Hours", "Days", "Weeks", "Months", "Years"])
                yield return new($"{when}-x-{span}".ToLowerInvariant(), Enum.Parse<ConditionOperator>($"{when}X{span}"));
        foreach (string when in (string[])["Last", "This", "Next"])
            foreach (string span in (string[])["Year", "Period"])
                yield return new($"{when}-fiscal-{span}".ToLowerInvariant(), Enum.Parse<ConditionOperator>($"{when}Fiscal{span}"));
        foreach (string when in (string[])["Last", "Next"])
            foreach (string span in (string[])["Years", "Periods"])
                yield return new($"{when}-x-fiscal-{span}".ToLowerInvariant(), Enum.Parse<ConditionOperator>($"{when}XFiscal{span}"));
        yield return new("in-fiscal-year", ConditionOperator.InFiscalYear);
        foreach (string span in (string[])["Minutes", "Hours", "Days", "Weeks", "Years"])
            yield return new($"olderthan-x-{span}".ToLowerInvariant(), Enum.Parse<ConditionOperator>("OlderThanX" + span));
    }
}
