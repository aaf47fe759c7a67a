using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Commits;

/// <summary>A commit as rows: checked, in the order of their keys, without what is of erased contacts, effects of one key folded into one.</summary>
internal sealed class CommitRows
{
    /// <exception cref="StoreException">A row is wrong.</exception>
    public CommitRows(ProfileCommit commit, BatchScope scope, long now)
    {
        CommitCheck.Check(commit, scope);
        Erased = [.. commit.Erased.Distinct().Order()];
        // What still comes of people who are gone must not bring them back, not even as the contact of a visitor.
        HashSet<Guid> gone = [.. Erased, .. scope.Profiles.Values.Where(x => x.IsErased).Select(x => x.Contact)];
        Profiles = [.. commit.Profiles.Where(x => !gone.Contains(x.Profile.Contact)).OrderBy(x => x.Profile.Contact)];
        Masters = [.. Profiles.Where(x => x.Profile.Master != scope.Profiles.GetValueOrDefault(x.Profile.Contact)?.Master).Select(x => (x.Profile.Contact, x.Profile.Master))];
        Events = [.. commit.Events.Where(x => !gone.Contains(x.Contact)).OrderBy(x => x.Contact).ThenBy(x => x.Sequence).Select(x => new EventRow(x))];
        Decisions = [.. commit.Decisions.Where(x => !gone.Contains(x.Contact)).OrderBy(x => x.Contact).ThenBy(x => x.Ordinal)];
        Claims = [.. commit.Claims.Where(x => !gone.Contains(x.Contact)).OrderBy(x => x.Visitor, StringComparer.Ordinal)];
        Joined = [.. commit.Claims.Select(x => x.Visitor)];
        Kept = [.. commit.Kept.OrderBy(x => x.Visitor, StringComparer.Ordinal)];
        Parked = [.. commit.Parked.Where(x => !gone.Contains(x.Event.Contact))];
        Rejudged = [.. commit.Rejudged.Where(x => !gone.Contains(x.Event.Contact)).OrderBy(x => x.Event.Contact).ThenBy(x => x.Sequence)];
        Effects = EffectRow.Fold(commit.Effects.Where(x => !gone.Contains(x.Contact)), now);
    }

    /// <summary>Profiles by contact, with when time alone may change them.</summary>
    public List<(Profile Profile, long? Due)> Profiles { get; }

    /// <summary>Contacts that were merged into others by this commit, or are (null) of their own again.</summary>
    public List<(Guid Contact, Guid? Master)> Masters { get; }

    /// <summary>Events by contact and sequence.</summary>
    public List<EventRow> Events { get; }

    /// <summary>Events of visitors by visitor, of one visitor as they came.</summary>
    public List<KeptEvent> Kept { get; }

    /// <summary>Visitors who are known from now on.</summary>
    public List<(string Visitor, Guid Contact)> Claims { get; }

    /// <summary>Visitors whose kept events are in the log now, or gone with their contact.</summary>
    public List<string> Joined { get; }

    /// <summary>Decisions by contact and ordinal.</summary>
    public List<StoredDecision> Decisions { get; }

    /// <summary>Effects by id.</summary>
    public List<EffectRow> Effects { get; }

    /// <summary>Events of the log that are set aside.</summary>
    public List<(string Door, string Reason, LoggedEvent Event)> Parked { get; }

    /// <summary>Events of the log that have been judged after all, by contact and new sequence.</summary>
    public List<RejudgedEvent> Rejudged { get; }

    /// <summary>Contacts of whom only a mark stays.</summary>
    public List<Guid> Erased { get; }
}

/// <summary>An event with its key against repetition.</summary>
internal readonly record struct EventRow(LoggedEvent Event)
{
    /// <summary>Its id as 64 bits.</summary>
    public long Key { get; } = EventHash.Of(Event.Id);

    /// <summary>
    /// The week in which the key is noted: that of the contact's now, for an event that was kept of a visitor may have been received long
    /// before, and its key must live as long as any other.
    /// </summary>
    public int Week => Retention.Week.Of(Math.Max(Event.Now, Event.ReceivedAt));
}
