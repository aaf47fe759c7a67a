using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>All accepted mails, oldest first, and the webhook events that still have to be told.</summary>
internal sealed class Inbox
{
    readonly Journal journal;
    readonly Lock gate = new();
    readonly List<AcceptedMail> mails = [];
    readonly Dictionary<string, int> positionById = new(StringComparer.Ordinal);
    readonly SortedDictionary<long, OutgoingEvent> outgoing = [];
    long lastEvent;

    public Inbox(Journal journal)
    {
        this.journal = journal;
        foreach (string content in journal.Read("SELECT content FROM mail ORDER BY id", r => r.GetString(0)))
        {
            AcceptedMail mail = JsonSerializer.Deserialize<AcceptedMail>(content)!;
            positionById[mail.Id] = mails.Count;
            mails.Add(mail);
        }
        foreach ((long id, string content) in journal.Read("SELECT id, content FROM mail_event ORDER BY id", r => (r.GetInt64(0), r.GetString(1))))
        {
            outgoing[id] = JsonSerializer.Deserialize<OutgoingEvent>(content)! with { Id = id };
            lastEvent = id;
        }
    }

    /// <summary>Raised when there is something to tell.</summary>
    public event Action? Told;

    /// <summary>Takes mails in, with the events that will be told of each; all in one transaction.</summary>
    public void Accept(IReadOnlyList<AcceptedMail> accepted, Func<AcceptedMail, IReadOnlyList<OutgoingEvent>> tell)
    {
        lock (gate)
        {
            var events = new List<OutgoingEvent>();
            journal.Write(w =>
            {
                for (int i = 0; i < accepted.Count; i++)
                {
                    events.AddRange(Number(w, tell(accepted[i])));
                    w.Run("INSERT INTO mail (id, content) VALUES ($0, $1)", mails.Count + i + 1, JsonSerializer.Serialize(accepted[i]));
                }
            });
            foreach (AcceptedMail mail in accepted)
            {
                positionById[mail.Id] = mails.Count;
                mails.Add(mail);
            }
            foreach (OutgoingEvent told in events) outgoing[told.Id] = told;
        }
        Told?.Invoke();
    }

    /// <summary>Adds a happening to a mail, to be told.</summary>
    public void Happen(AcceptedMail mail, OutgoingEvent happening)
    {
        lock (gate)
        {
            mail.Events.Add(new MailHappening(happening.Type, happening.Due));
            List<OutgoingEvent> numbered = [];
            journal.Write(w =>
            {
                numbered = Number(w, [happening]);
                w.Run("UPDATE mail SET content = $1 WHERE id = $0", positionById[mail.Id] + 1, JsonSerializer.Serialize(mail));
            });
            outgoing[numbered[0].Id] = numbered[0];
        }
        Told?.Invoke();
    }

    /// <summary>All mails, oldest first.</summary>
    public IReadOnlyList<AcceptedMail> All()
    {
        lock (gate) return [.. mails];
    }

    public AcceptedMail? Find(string id)
    {
        lock (gate) return positionById.TryGetValue(id, out int position) ? mails[position] : null;
    }

    /// <summary>The first events due by an instant that are ready to be told, oldest first.</summary>
    public List<OutgoingEvent> Due(DateTime now, int most, Func<OutgoingEvent, bool> isReady)
    {
        lock (gate) return [.. outgoing.Values.Where(e => e.Due <= now && isReady(e)).Take(most)];
    }

    /// <summary>How many events are due by an instant.</summary>
    public int CountDue(DateTime now)
    {
        lock (gate) return outgoing.Values.Count(e => e.Due <= now);
    }

    /// <summary>Forgets events that were told, or given up.</summary>
    public void Done(IReadOnlyList<OutgoingEvent> told)
    {
        lock (gate)
        {
            journal.Write(w =>
            {
                foreach (OutgoingEvent one in told) w.Run("DELETE FROM mail_event WHERE id = $0", one.Id);
            });
            foreach (OutgoingEvent one in told) outgoing.Remove(one.Id);
        }
    }

    List<OutgoingEvent> Number(JournalWriter w, IReadOnlyList<OutgoingEvent> events)
    {
        var numbered = new List<OutgoingEvent>(events.Count);
        foreach (OutgoingEvent one in events)
        {
            OutgoingEvent next = one with { Id = ++lastEvent };
            w.Run("INSERT INTO mail_event (id, content) VALUES ($0, $1)", next.Id, JsonSerializer.Serialize(next));
            numbered.Add(next);
        }
        return numbered;
    }
}

/// <summary>An event that the webhook has to tell: its word, when it is due (sandbox time), and its JSON object.</summary>
internal sealed record OutgoingEvent(string Type, DateTime Due, string Json)
{
    /// <summary>Running number.</summary>
    public long Id { get; init; }
}
