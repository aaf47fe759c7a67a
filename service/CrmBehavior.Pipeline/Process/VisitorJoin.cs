using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>An event that is to be evaluated, with its contact.</summary>
/// <param name="Contact">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it happened.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="Body">The event as JSON.</param>
/// <param name="IsSeen">Whether it shows that the contact was about just then.</param>
/// <param name="Trace">The trace it belongs to, or null.</param>
internal sealed record Incoming(Guid Contact, string Id, string Name, long At, long ReceivedAt, byte[] Body, bool IsSeen, string? Trace = null)
{
    /// <summary>Its row of the log.</summary>
    public LoggedEvent Logged(long sequence, long now) => new(Contact, sequence, Id, Name, At, ReceivedAt, now, Body);
}

/// <summary>
/// Says whose the events of a batch are. An event that names both a visitor and a contact joins them: it is handled first, then what was
/// kept of the visitor follows in order of arrival. What is of nobody known is kept.
/// </summary>
internal sealed class VisitorJoin(IProfileBatch batch)
{
    readonly Dictionary<string, Guid> claims = new(batch.Claims, StringComparer.Ordinal);
    readonly Dictionary<string, List<KeptEvent>> lately = new(StringComparer.Ordinal);
    readonly List<Incoming> arranged = [];

    public async Task<IReadOnlyList<Incoming>> ArrangeAsync(IReadOnlyList<AcceptedEvent> events, ProfileCommit commit, CancellationToken cancellation)
    {
        string[] joining = [.. events.SelectMany(e => e.Visitors).Where(v => !claims.ContainsKey(v)).Distinct(StringComparer.Ordinal)];
        bool mayJoin = joining.Length > 0 && events.Any(e => e.Visitors.Count > 0 && (e.Contact != null || e.Visitors.Any(claims.ContainsKey)));
        ILookup<string, KeptEvent> stored = (mayJoin ? await batch.ReadKeptAsync(joining, cancellation) : []).ToLookup(k => k.Visitor, StringComparer.Ordinal);
        foreach (AcceptedEvent accepted in events)
        {
            if (ContactOf(accepted) is { } contact)
            {
                arranged.Add(new Incoming(contact, accepted.Id, accepted.Name, accepted.At, accepted.ReceivedAt, accepted.Body, accepted.Lane is Lane.Fresh or Lane.Wish, accepted.Trace));
                foreach (string visitor in accepted.Visitors) Join(visitor, contact, stored, commit);
            }
            else if (accepted.Visitors.Count > 0)
            {
                string visitor = accepted.Visitors[0];
                if (!lately.TryGetValue(visitor, out List<KeptEvent>? list)) lately.Add(visitor, list = []);
                list.Add(new KeptEvent(visitor, accepted.Id, accepted.Name, accepted.At, accepted.ReceivedAt, accepted.Body));
            }
        }
        commit.Kept.AddRange(lately.Values.SelectMany(k => k));
        return arranged;
    }

    Guid? ContactOf(AcceptedEvent accepted)
    {
        if (accepted.Contact != null) return accepted.Contact;
        foreach (string visitor in accepted.Visitors)
        {
            if (claims.TryGetValue(visitor, out Guid known)) return known;
        }
        return null;
    }

    void Join(string visitor, Guid contact, ILookup<string, KeptEvent> stored, ProfileCommit commit)
    {
        bool isKnown = claims.TryGetValue(visitor, out Guid known);
        if (isKnown && known == contact) return;
        claims[visitor] = contact;
        commit.Claims.RemoveAll(c => c.Visitor == visitor);
        commit.Claims.Add((visitor, contact));
        if (isKnown) return;
        IEnumerable<KeptEvent> own = lately.Remove(visitor, out List<KeptEvent>? recent) ? stored[visitor].Concat(recent) : stored[visitor];
        arranged.AddRange(own.Select(k => new Incoming(contact, k.Id, k.Name, k.At, k.ReceivedAt, k.Body, true)));
    }
}
