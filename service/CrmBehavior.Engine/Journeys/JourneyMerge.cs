using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Carries enrollments, counts, pauses and sent messages of one contact over to another who is the same person, and back.</summary>
internal sealed class JourneyMerge(Evaluator evaluator)
{
    /// <summary>
    /// The survivor takes over how the other stands. Of two that run with one key the older stays and the other ends with <c>merged</c>. The
    /// other keeps what he had, to know it again when the two are separated.
    /// </summary>
    public void TakeOver(ContactState master, ContactState merged, long at, IDecisionSink masterSink, IDecisionSink mergedSink)
    {
        if (merged.Journeys is not { } from) return;
        JourneyStates to = master.EnsureJourneys();
        var endedHere = new List<Enrollment>();
        var endedThere = new List<Enrollment>();
        foreach (Enrollment enrollment in from.Enrollments.Where(e => e.IsRunning))
        {
            if (to.Enrollments.Find(e => e.IsRunning && IsOfSameKey(e, enrollment)) is not { } rival) continue;
            if (rival.Start <= enrollment.Start) endedThere.Add(enrollment);
            else endedHere.Add(rival);
        }
        evaluator.End(merged, endedThere, "merged", at, mergedSink);
        evaluator.End(master, endedHere, "merged", at, masterSink);
        var offsets = from.Records.ToDictionary(r => r.Journey, r => to.Find(r.Journey)?.Entries ?? 0, StringComparer.Ordinal);
        Enrollment[] coming = [.. from.Enrollments.Where(e => e.IsRunning || !to.Enrollments.Exists(o => IsOfSameKey(o, e)))
            .Select(e => e.Renumbered(offsets.GetValueOrDefault(e.Journey.Name) + e.Entry))];
        // A goal is watched until the next enrollment with that key.
        to.Enrollments.RemoveAll(e => !e.IsRunning && Array.Exists(coming, c => c.IsRunning && IsOfSameKey(c, e)));
        Arrange(to, [.. to.Enrollments, .. coming]);
        foreach (JourneyRecord record in from.Records) Add(to.Ensure(record.Journey), record);
        foreach (Pause pause in from.Pauses) to.Pause(pause.Journey, pause.Until);
        SentMessage[] sent = [.. to.Sent.Concat(from.Sent).OrderBy(m => m.At)];
        to.Sent.Clear();
        to.Sent.AddRange(sent);
        Recount(to, at);
        evaluator.End(master, [], "", at, masterSink);
    }

    /// <summary>
    /// The other takes back what he brought, as far as it still runs and as it stands now. What both have been sent counts for both, and so do
    /// their entries: nobody is mailed twice because of a separation.
    /// </summary>
    public void GiveBack(ContactState master, ContactState merged, long at, IDecisionSink sink)
    {
        if (merged.Journeys is not { } to) return;
        var back = new List<Enrollment>();
        foreach (Enrollment mine in to.Enrollments)
        {
            if (master.Journeys?.Enrollments.Find(e => IsOfSameKey(e, mine) && e.Start == mine.Start) is not { } there) continue;
            master.Journeys.Enrollments.Remove(there);
            back.Add(there.Renumbered(mine.Entry));
        }
        Arrange(to, back);
        Recount(to, at);
        if (master.Journeys is { } from)
        {
            foreach (Pause pause in from.Pauses) to.Pause(pause.Journey, pause.Until);
            to.Sent.Clear();
            to.Sent.AddRange(from.Sent);
            Recount(from, at);
            evaluator.End(master, [], "", at, sink);
        }
        evaluator.End(merged, [], "", at, sink);
    }

    static bool IsOfSameKey(Enrollment one, Enrollment other) => one.Journey.Name == other.Journey.Name && one.Key == other.Key;

    /// <summary>In the order in which they began.</summary>
    static void Arrange(JourneyStates states, IEnumerable<Enrollment> enrollments)
    {
        Enrollment[] arranged = [.. enrollments.OrderBy(e => e.Start)];
        states.Enrollments.Clear();
        states.Enrollments.AddRange(arranged);
    }

    static void Add(JourneyRecord to, JourneyRecord from)
    {
        to.Entries += from.Entries;
        to.HasCompleted |= from.HasCompleted;
        to.HasConverted |= from.HasConverted;
        foreach (KeyRecord key in from.Keys)
        {
            if (to.Find(key.Key) is not { } known)
            {
                to.Keys.Add(new KeyRecord(key.Key, key.IsKept) { Count = key.Count, LastStart = key.LastStart, EndedAt = key.EndedAt });
                continue;
            }
            known.Count += key.Count;
            known.LastStart = Math.Max(known.LastStart, key.LastStart);
            known.EndedAt = Math.Max(known.EndedAt, key.EndedAt);
        }
    }

    /// <summary>Counts what runs; a key of which nothing runs any more ended by now.</summary>
    static void Recount(JourneyStates states, long at)
    {
        foreach (JourneyRecord record in states.Records)
        {
            Enrollment[] running = [.. states.Enrollments.Where(e => e.IsRunning && e.Journey.Name == record.Journey)];
            record.Running = running.Length;
            foreach (KeyRecord key in record.Keys)
            {
                bool runs = Array.Exists(running, e => e.Key == key.Key);
                key.EndedAt = runs ? Instant.Never : Math.Min(key.EndedAt, at);
            }
        }
    }
}
