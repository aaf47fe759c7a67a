using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Retention;

namespace CrmBehavior.Storage.Commits;

/// <summary>
/// Refuses a commit that breaks a promise, before anything is written, and names the row. A store that took it would lose an event, write
/// what it has not locked, or fail on one database and not on the other.
/// </summary>
internal static class CommitCheck
{
    /// <exception cref="StoreException">A row is wrong.</exception>
    public static void Check(ProfileCommit commit, BatchScope scope)
    {
        CheckProfiles(commit, scope);
        CheckEvents(commit, scope);
        CheckVisitors(commit, scope);
        for (int i = 0; i < commit.Decisions.Count; i++)
        {
            StoredDecision decision = commit.Decisions[i];
            var row = new Row("decision", i, decision.Contact);
            IsLocked(decision.Contact, scope, row);
            IsInstant(decision.At, row, "instant");
            StoredText.Check(decision.Definition, row, "definition");
            StoredText.Check(decision.Kind, row, "kind");
            StoredText.Check(decision.Effect, row, "effect");
        }
        for (int i = 0; i < commit.Effects.Count; i++)
        {
            Effect effect = commit.Effects[i];
            var row = new Row("effect", i, effect.Contact);
            IsLocked(effect.Contact, scope, row);
            EffectRow.Check(effect, row);
        }
        for (int i = 0; i < commit.Rejudged.Count; i++)
        {
            var row = new Row("judged event", i, commit.Rejudged[i].Event.Contact);
            IsLocked(commit.Rejudged[i].Event.Contact, scope, row);
            IsInstant(commit.Rejudged[i].Now, row, "now");
        }
        foreach (Guid contact in commit.Erased) IsLocked(contact, scope, new Row("erased contact", 0, contact));
    }

    private static void CheckProfiles(ProfileCommit commit, BatchScope scope)
    {
        var seen = new HashSet<Guid>(commit.Profiles.Count);
        for (int i = 0; i < commit.Profiles.Count; i++)
        {
            Profile profile = commit.Profiles[i].Profile;
            var row = new Row("profile", i, profile.Contact);
            IsLocked(profile.Contact, scope, row);
            if (!seen.Add(profile.Contact)) throw Refuse(row, "there are two of this contact");
            if (profile.Master == profile.Contact) throw Refuse(row, "it is said to be merged into itself");
            if (profile.IsErased) throw Refuse(row, "it is marked as erased; name the contact among the erased ones instead");
        }
    }

    private static void CheckEvents(ProfileCommit commit, BatchScope scope)
    {
        var seen = new HashSet<EventKey>(commit.Events.Count);
        for (int i = 0; i < commit.Events.Count; i++)
        {
            LoggedEvent logged = commit.Events[i];
            var row = new Row("event", i, logged.Contact);
            IsLocked(logged.Contact, scope, row);
            StoredText.Check(logged.Id, row, "id");
            StoredText.Check(logged.Name, row, "name");
            IsInstant(logged.ReceivedAt, row, "time of receipt");
            IsInstant(logged.Now, row, "now");
            if (logged.Sequence < 1) throw Refuse(row, $"its sequence {logged.Sequence} is less than 1");
            if (!seen.Add(new EventKey(logged.Contact, logged.Id))) throw Refuse(row, $"the id '{logged.Id}' is there twice for this contact");
        }
    }

    private static void CheckVisitors(ProfileCommit commit, BatchScope scope)
    {
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string visitor, Guid contact) in commit.Claims)
        {
            var row = new Row("claim", claimed.Count, contact);
            IsLocked(contact, scope, row);
            IsLocked(visitor, scope, row);
            if (!claimed.Add(visitor)) throw Refuse(row, $"visitor '{visitor}' is claimed twice");
        }
        for (int i = 0; i < commit.Kept.Count; i++)
        {
            KeptEvent kept = commit.Kept[i];
            var row = new Row("kept event", i, null);
            IsLocked(kept.Visitor, scope, row);
            StoredText.Check(kept.Id, row, "id");
            StoredText.Check(kept.Name, row, "name");
            IsInstant(kept.ReceivedAt, row, "time of receipt");
            if (claimed.Contains(kept.Visitor) || scope.Claims.ContainsKey(kept.Visitor))
                throw Refuse(row, $"visitor '{kept.Visitor}' is known, so nobody would ever take it up; log it for the contact");
        }
    }

    private static void IsLocked(Guid contact, BatchScope scope, Row row)
    {
        if (!scope.Contacts.Contains(contact)) throw Refuse(row, $"contact {contact} is not locked by this batch; name it when the batch is opened");
    }

    private static void IsLocked(string visitor, BatchScope scope, Row row)
    {
        if (!scope.Visitors.Contains(visitor)) throw Refuse(row, $"visitor '{visitor}' is not locked by this batch; name it when the batch is opened");
    }

    private static void IsInstant(long at, Row row, string what)
    {
        if (at < 0 || at > Month.Latest) throw Refuse(row, $"its {what} {at} is not between the years 1970 and 9999 in milliseconds");
    }

    private static StoreException Refuse(Row row, string fault) => new($"{row}: {fault}.", isTransient: false);

    private readonly record struct Row(string Kind, int Index, Guid? Contact)
    {
        public override string ToString() => Contact is null ? $"Commit, {Kind} {Index}" : $"Commit, {Kind} {Index} (contact {Contact})";
    }
}
