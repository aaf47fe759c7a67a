using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.State;

/// <summary>Reads how a contact stands: memberships, scores, consent, and why.</summary>
public static class Standing
{
    /// <summary>Whether a contact is in a segment.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan.</param>
    /// <param name="segment">Name of the segment.</param>
    /// <returns>True if so; false also where the plan has no such segment.</returns>
    public static bool IsIn(Plan plan, ContactState contact, string segment) => Find(plan, "segment", segment) is { } definition && definition.IsActive(contact.Definitions.ValueOf(definition.Index));

    /// <summary>The value of a score at an instant.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan.</param>
    /// <param name="score">Name of the score.</param>
    /// <param name="at">No earlier than the contact's now.</param>
    /// <returns>The value; 0 also where the plan has no such score.</returns>
    public static double ScoreOf(Plan plan, ContactState contact, string score, long at) =>
        Find(plan, "score", score) is CompiledScore scored ? scored.ValueOf(contact).At(Math.Max(at, contact.Now)) : 0;

    /// <summary>Granted, withdrawn, or null when nothing was ever said.</summary>
    /// <param name="contact">A state.</param>
    /// <param name="channel">The channel, as <c>email</c>.</param>
    /// <param name="purpose">The purpose, as <c>marketing</c>.</param>
    /// <returns>The record with the greatest time.</returns>
    public static bool? Consent(ContactState contact, string channel, string purpose) => contact.Consents.Find(channel, purpose);

    /// <summary>The purposes on which the contact has said something, with what.</summary>
    /// <param name="contact">A state.</param>
    /// <param name="channel">The channel.</param>
    /// <returns>Purposes; <c>*</c> stands for all that are not named.</returns>
    public static IEnumerable<(string Purpose, bool Granted)> Consents(ContactState contact, string channel)
    {
        foreach (ConsentStore.Entry entry in contact.Consents.Entries)
        {
            if (entry.Channel == channel) yield return (entry.Purpose, entry.Granted);
        }
    }

    /// <summary>Whether mail must not go to the contact's address at all: it bounced for good, complained, or is not to be mailed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan.</param>
    /// <param name="transactional">Whether a contract asks for the mail.</param>
    /// <returns>Why not, as the policies name it; null when nothing forbids it.</returns>
    public static string? MailForbidden(Plan plan, ContactState contact, bool transactional)
    {
        if (contact.IsAddressBlocked) return "blocked";
        if (Trait(plan, contact, TraitCatalogue.DoNotEmail).IsTrue || IsInactive(plan, contact)) return "doNotEmail";
        return !transactional && Trait(plan, contact, TraitCatalogue.DoNotBulkEmail).IsTrue ? "doNotBulkEmail" : null;
    }

    /// <summary>Whether anything in the plan reads a trait.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trait">Name of the trait.</param>
    /// <returns>True if so; of others no value is kept.</returns>
    public static bool Reads(Plan plan, string trait) => plan.Traits.Find(trait) >= 0;

    /// <summary>The value of a trait that the plan reads; missing where it does not.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan.</param>
    /// <param name="trait">Name of the trait.</param>
    /// <returns>The value.</returns>
    public static Value Trait(Plan plan, ContactState contact, string trait)
    {
        int number = plan.Traits.Find(trait);
        return number < 0 ? default : contact.Traits[number];
    }

    /// <summary>Why a signal, segment or score stands as it does.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contact">A state of that plan.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name.</param>
    /// <returns>The evidence as of the contact's now; null where the plan has no such definition.</returns>
    public static Evidence? Why(Plan plan, ContactState contact, string kind, string name) =>
        Find(plan, kind, name) is { } definition
            ? Explanation.Of(definition, new View { Contact = contact, History = contact.History, Begin = contact.First, Now = contact.Now })
            : null;

    internal static bool IsInactive(Plan plan, ContactState contact) => Trait(plan, contact, TraitCatalogue.StateCode).TryGetNumber(out double code) && code == 1;

    static CompiledDefinition? Find(Plan plan, string kind, string name) =>
        Array.Find(plan.Definitions, d => d.Source.Kind == kind && d.Source.Name == name && d is not Journeys.CompiledTrigger);
}
