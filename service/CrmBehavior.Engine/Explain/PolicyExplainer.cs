using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Policies;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Explain;

/// <summary>Says how a contact stands with the rules of a policy, whatever message might come.</summary>
internal static class PolicyExplainer
{
    public static PolicyStanding? Of(Plan plan, View view, PolicyDefinition source)
    {
        CompiledPolicy? policy = plan.Policies.All.FirstOrDefault(p => p.Name == source.Name);
        return policy == null ? null : new PolicyStanding(source, view.Now, [.. Rules(plan, view, policy)]);
    }

    static IEnumerable<RuleStanding> Rules(Plan plan, View view, CompiledPolicy policy)
    {
        PolicyDefinition source = policy.Source;
        if (Standing.MailForbidden(plan, view.Contact, transactional: false) is { } forbidden) yield return new RuleStanding(forbidden, null, true);
        bool? consent = view.Contact.Consents.Find("email", "marketing");
        if (source.EmailOptIn != null || consent == false) yield return new RuleStanding("consent", policy.Name + "/consent", consent == false || (consent == null && source.EmailOptIn == true)) { Consent = consent };
        if (source.Holdout is { } share) yield return new RuleStanding("holdout", policy.Name + "/holdout", Chance.Of("holdout", policy.Name, view.Contact.Id) < share);
        for (int i = 0; i < source.Review.Count; i++)
        {
            Evidence? condition = policy.ReviewIf[i]?.Explain(view);
            yield return new RuleStanding("review", PolicyGate.By(policy, source.Review[i].Name, "review", i), condition?.Holds != false) { Evidence = condition };
        }
        for (int i = 0; i < source.QuietHours.Count; i++) yield return QuietHours(plan, view, policy, i);
        if (source.SendTimeWithin != null) yield return new RuleStanding("sendTime", policy.Name + "/sendTime", false);
        for (int i = 0; i < source.Cooldowns.Count; i++) yield return Cooldown(view, policy, i);
        for (int i = 0; i < source.Caps.Count; i++) yield return Cap(view, policy, i);
    }

    static RuleStanding QuietHours(Plan plan, View view, CompiledPolicy policy, int index)
    {
        QuietHoursRule rule = policy.Source.QuietHours[index];
        ZoneClock clock = plan.Zones.Of(view.Contact, rule.Zone);
        var window = new LocalWindow(rule.From, rule.To, rule.Days);
        bool isOpen = window.IsOpen(clock, view.Now);
        return new RuleStanding("quietHours", PolicyGate.By(policy, rule.Name, "quietHours", index), isOpen) { Until = isOpen ? window.NextChange(clock, view.Now) : null };
    }

    /// <summary>A cooldown by event stands by itself; one by message depends on what the next message is, so only its latest is told.</summary>
    static RuleStanding Cooldown(View view, CompiledPolicy policy, int index)
    {
        CooldownRule rule = policy.Source.Cooldowns[index];
        string by = PolicyGate.By(policy, rule.Name, "cooldown", index);
        if (policy.CooldownAfter[index] is { } node)
        {
            ReadOnlySpan<long> times = view.Contact.History.Find(node.Index);
            bool blocks = !times.IsEmpty && times[^1] > view.Now - rule.For;
            return new RuleStanding("cooldown", by, blocks) { Until = blocks ? Instant.Add(times[^1], rule.For) : null };
        }
        SentMessage[] sent = Counted(view, rule.Scope, rule.For);
        return new RuleStanding("cooldown", by, false) { Latest = sent.Length == 0 ? null : Of(sent[^1]), Until = sent.Length == 0 ? null : Instant.Add(sent[^1].At, rule.For) };
    }

    static RuleStanding Cap(View view, CompiledPolicy policy, int index)
    {
        CapRule rule = policy.Source.Caps[index];
        SentMessage[] sent = Counted(view, rule.Scope, rule.Per);
        bool blocks = sent.Length >= rule.Max;
        return new RuleStanding("cap", PolicyGate.By(policy, rule.Name, "cap", index), blocks)
        {
            Used = sent.Length,
            Latest = sent.Length == 0 ? null : Of(sent[^1]),
            Until = blocks ? Instant.Add(sent[^rule.Max].At, rule.Per) : null,
        };
    }

    static SentMessage[] Counted(View view, RuleScope scope, long window) =>
        [.. (view.Contact.Journeys?.Sent ?? []).Where(m => m.At > view.Now - window && m.At <= view.Now && PolicyGate.IsOf(scope, m.Channel, m.Category))];

    static Winner Of(SentMessage message) => new(message.Journey, message.Step, message.At);
}
