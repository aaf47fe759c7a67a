using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Policies;

/// <summary>
/// Asks every rule about a message, in the order of the language: age, address, wishes of the contact, consent, holdout, review, quiet
/// hours, best hour, cooldowns, caps. The first that blocks decides.
/// </summary>
internal sealed class PolicyGate(Plan plan)
{
    readonly CompiledPolicies policies = plan.Policies;

    /// <summary>The message of an enrollment that stands at a message step.</summary>
    readonly record struct Message(Enrollment Enrollment, MessageStep Step, TemplateDefinition? Template, string? Category)
    {
        public bool IsMail => Step.Channel == "email";

        public string Journey => Enrollment.Journey.Name;

        public bool IsIn(RuleScope scope) => (scope.Channel == "any" || scope.Channel == Step.Channel) && IsOf(scope.Categories, Category);

        public static bool IsOf(IReadOnlyList<string>? categories, string? category) => categories == null || (category != null && categories.Contains(category));
    }

    /// <summary>Category of a message: a mail's template's, else the journey's.</summary>
    public static string? CategoryOf(Enrollment enrollment) => enrollment.Step!.Template?.Category ?? enrollment.Journey.Source.Category;

    /// <summary>Whether a message counts for rules, and they for it.</summary>
    public static bool IsFree(Enrollment enrollment) => enrollment.Step!.Template?.Purpose == TemplateDefinition.Transactional;

    public Verdict Judge(View view, Enrollment enrollment)
    {
        var message = new Message(enrollment, (MessageStep)enrollment.Step!.Source, enrollment.Step.Template, CategoryOf(enrollment));
        ContactState contact = view.Contact;
        if (enrollment.Journey.Source.MaxAge is { } maxAge && view.Now - enrollment.CauseAt > maxAge) return Verdict.Drop("maxAge");
        if (message.IsMail && BlocksMail(contact, message) is { } blocked) return blocked;
        if (IsFree(enrollment)) return Verdict.Send;
        Verdict verdict = Consent(contact, message) ?? Holdout(contact) ?? Review(view, message) ?? QuietHours(view, message)
            ?? SendTime(view, message) ?? Cooldown(view, message) ?? Cap(view, message) ?? Verdict.Send;
        long firstTried = enrollment.FirstTried == Instant.None ? view.Now : enrollment.FirstTried;
        // A place that comes too late is no place.
        if (verdict.Fate == Fate.Defer && verdict.Until > Instant.Add(firstTried, policies.DeferAtMost)) return verdict with { Fate = Fate.Drop };
        return verdict;
    }

    Verdict? BlocksMail(ContactState contact, Message message)
    {
        string? forbidden = Standing.MailForbidden(plan, contact, message.Template?.Purpose == TemplateDefinition.Transactional);
        return forbidden == null ? null : Verdict.Drop(forbidden);
    }

    Verdict? Consent(ContactState contact, Message message)
    {
        if (!message.IsMail) return null;
        bool? consent = contact.Consents.Find("email", message.Template?.Purpose ?? "marketing");
        if (consent == false) return Verdict.Drop("consent");
        if (consent == true) return null;
        CompiledPolicy? optIn = policies.All.FirstOrDefault(p => p.Source.EmailOptIn == true);
        return optIn == null ? null : Verdict.Drop("consent", optIn.Name + "/consent");
    }

    Verdict? Holdout(ContactState contact)
    {
        foreach (CompiledPolicy policy in policies.All)
        {
            if (policy.Source.Holdout is { } share && Chance.Of("holdout", policy.Name, contact.Id) < share) return Verdict.Drop("holdout", policy.Name + "/holdout");
        }
        return null;
    }

    Verdict? Review(View view, Message message)
    {
        if (message.Enrollment.IsReviewed) return null;
        foreach (CompiledPolicy policy in policies.All)
        {
            for (int i = 0; i < policy.Source.Review.Count; i++)
            {
                ReviewRule rule = policy.Source.Review[i];
                if (!rule.Actions.Contains(message.Step.Action) || !Message.IsOf(rule.Categories, message.Category) || policy.ReviewIf[i]?.Holds(view) == false) continue;
                return new Verdict(Fate.Hold, "review", Instant.Add(view.Now, rule.Deadline), By(policy, rule.Name, "review", i), null, rule.SendByDefault);
            }
        }
        return null;
    }

    Verdict? QuietHours(View view, Message message)
    {
        foreach (CompiledPolicy policy in policies.All)
        {
            for (int i = 0; i < policy.Source.QuietHours.Count; i++)
            {
                QuietHoursRule rule = policy.Source.QuietHours[i];
                if (!message.IsIn(rule.Scope)) continue;
                ZoneClock clock = plan.Zones.Of(view.Contact, rule.Zone);
                var window = new LocalWindow(rule.From, rule.To, rule.Days);
                if (!window.IsOpen(clock, view.Now)) continue;
                return new Verdict(rule.Defer ? Fate.Defer : Fate.Drop, "quietHours", window.NextChange(clock, view.Now), By(policy, rule.Name, "quietHours", i));
            }
        }
        return null;
    }

    Verdict? SendTime(View view, Message message)
    {
        if (!message.IsMail || message.Enrollment.HasWaitedForHour) return null;
        Value best = view.Contact.Traits[plan.Traits.Find(TraitCatalogue.BestHour)];
        if (!best.TryGetNumber(out double hour) || hour is < 0 or > 23 || hour != Math.Floor(hour)) return null;
        ZoneClock clock = plan.Zones.Of(view.Contact, null);
        if (clock.Read(view.Now).Time / Duration.Hour == (long)hour) return null;
        long until = clock.Next(view.Now, (long)hour * Duration.Hour, Weekdays.All);
        // The clock skips the hour today, and this is the first instant after the gap: the hour is now.
        if (until == view.Now) return null;
        CompiledPolicy? policy = policies.All.FirstOrDefault(p => p.Source.SendTimeWithin is { } within && until <= Instant.Add(view.Now, within));
        return policy == null ? null : new Verdict(Fate.Defer, "sendTime", until, policy.Name + "/sendTime");
    }

    Verdict? Cooldown(View view, Message message)
    {
        foreach (CompiledPolicy policy in policies.All)
        {
            for (int i = 0; i < policy.Source.Cooldowns.Count; i++)
            {
                CooldownRule rule = policy.Source.Cooldowns[i];
                if (!message.IsIn(rule.Scope)) continue;
                string by = By(policy, rule.Name, "cooldown", i);
                Fate fate = rule.Defer ? Fate.Defer : Fate.Drop;
                if (policy.CooldownAfter[i] is { } node)
                {
                    ReadOnlySpan<long> times = view.Contact.History.Find(node.Index);
                    if (!times.IsEmpty && times[^1] > view.Now - rule.For) return new Verdict(fate, "cooldown", Instant.Add(times[^1], rule.For), by);
                }
                else if (Latest(view, m => IsSame(rule, message, m), rule.For) is { } winner)
                {
                    return new Verdict(fate, "cooldown", Instant.Add(winner.At, rule.For), by, winner);
                }
            }
        }
        return null;
    }

    static bool IsSame(CooldownRule rule, Message message, SentMessage sent) =>
        sent.Channel == message.Step.Channel && Message.IsOf(rule.Scope.Categories, sent.Category) && rule.Same switch
        {
            "journey" => sent.Journey == message.Journey,
            "template" => sent.Template != null && sent.Template == message.Template?.Name,
            "category" => sent.Category != null && sent.Category == message.Category,
            _ => true,
        };

    Verdict? Cap(View view, Message message)
    {
        foreach (CompiledPolicy policy in policies.All)
        {
            for (int i = 0; i < policy.Source.Caps.Count; i++)
            {
                CapRule rule = policy.Source.Caps[i];
                if (!message.IsIn(rule.Scope) || view.Contact.Journeys is not { } journeys) continue;
                // Newest first: while the max-th of them is in the window, there is no place.
                SentMessage[] counted = [.. journeys.Sent.Where(m => m.At > view.Now - rule.Per && m.At <= view.Now
                    && (rule.Scope.Channel == "any" || rule.Scope.Channel == m.Channel) && Message.IsOf(rule.Scope.Categories, m.Category)).Reverse()];
                if (counted.Length < rule.Max) continue;
                return new Verdict(rule.Defer ? Fate.Defer : Fate.Drop, "cap", Instant.Add(counted[rule.Max - 1].At, rule.Per),
                    By(policy, rule.Name, "cap", i), WinnerOf(counted[0]));
            }
        }
        return null;
    }

    static Winner? Latest(View view, Func<SentMessage, bool> counts, long window)
    {
        if (view.Contact.Journeys is not { } journeys) return null;
        for (int i = journeys.Sent.Count - 1; i >= 0; i--)
        {
            SentMessage message = journeys.Sent[i];
            if (message.At > view.Now - window && counts(message)) return WinnerOf(message);
        }
        return null;
    }

    static Winner WinnerOf(SentMessage message) => new(message.Journey, message.Step, message.At);

    /// <summary>Whether a rule is about messages on a channel and of a category.</summary>
    public static bool IsOf(RuleScope scope, string channel, string? category) => (scope.Channel == "any" || scope.Channel == channel) && Message.IsOf(scope.Categories, category);

    /// <summary>How decision lines name a rule: policy/rule.</summary>
    public static string By(CompiledPolicy policy, string? name, string rule, int index) => $"{policy.Name}/{name ?? rule + (index + 1)}";
}
