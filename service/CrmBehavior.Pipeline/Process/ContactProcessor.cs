using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Process;

/// <summary>
/// The story of a batch: open (lock and load), identify visitors, drop what was seen, evaluate each contact in order of arrival, commit
/// all in one transaction; where two contacts are merged in the middle of it, in one before and one after. One worker; several may run
/// beside each other, in this process or in others.
/// </summary>
public sealed class ContactProcessor
{
    /// <summary>A batch is tried again so often when the store says that another attempt may succeed.</summary>
    const int Attempts = 5;

    readonly IProfileStore store;
    readonly IServiceStore service;
    readonly PlanHolder plans;
    readonly TimeProvider clock;
    readonly ILogger<ContactProcessor> log;
    readonly StoredContacts contacts;
    readonly ContactMerging merging;
    readonly Rejudging rejudging;
    /// <summary>Contacts that could not be brought up to the plan in force, and until when they are left alone.</summary>
    readonly Dictionary<Guid, long> stuck = [];
    PlanWorkspace? workspace;

    /// <summary>A worker.</summary>
    /// <param name="store">The contacts.</param>
    /// <param name="service">What the service remembers as a whole.</param>
    /// <param name="plans">The plan in force.</param>
    /// <param name="effects">Makes effects of decisions.</param>
    /// <param name="news">Wakes whoever carries effects out.</param>
    /// <param name="clock">The contacts' clock.</param>
    /// <param name="log">Where is said what went wrong.</param>
    public ContactProcessor(IProfileStore store, IServiceStore service, PlanHolder plans, EffectFactory effects, EffectNews news, TimeProvider clock, ILogger<ContactProcessor> log)
    {
        (this.store, this.service, this.plans, this.clock, this.log) = (store, service, plans, clock, log);
        contacts = new StoredContacts(store, service, effects, news);
        merging = new ContactMerging(store, contacts, log);
        rejudging = new Rejudging(store, service, contacts, merging);
    }

    /// <summary>Takes events in.</summary>
    /// <param name="events">In order of arrival.</param>
    /// <param name="cancellation">Gives up; whether something was committed is then unknown, and all may be brought again.</param>
    /// <returns>When all are durable, with all that follows from them.</returns>
    public async Task ProcessAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken cancellation)
    {
        // A merge stands between what came before it and what comes after. Most changes of a row say that it is of its own, as it always was.
        MergeNotice?[] notices = [.. events.Select(MergeNotice.Of)];
        Guid[] mayBeMerged = [.. notices.Where(n => n is { Master: null }).Select(n => n!.Value.Contact)];
        HashSet<Guid> merged = [];
        if (mayBeMerged.Length > 0) await RepeatAsync(async () => merged = [.. (await service.FindMastersAsync(mayBeMerged, cancellation)).Keys], mayBeMerged.Length, cancellation);
        var part = new List<AcceptedEvent>();
        var unfollowed = new Dictionary<AcceptedEvent, string>();
        foreach ((AcceptedEvent accepted, MergeNotice? said) in events.Zip(notices))
        {
            if (said is { } notice && (notice.Master != null || merged.Contains(notice.Contact)))
            {
                merged.Add(notice.Contact);
                if (part.Count > 0) await ProcessPartAsync(part, unfollowed, cancellation);
                part.Clear();
                try
                {
                    await RepeatAsync(() => merging.FollowAsync(Workspace(), accepted, notice, isAgain: false, cancellation), 1, cancellation);
                }
                catch (Exception e) when (Poison.Is(e))
                {
                    log.EventParked(notice.Contact, e.Message, e);
                    unfollowed[accepted] = $"the merge cannot be followed: {e.Message}";
                }
            }
            part.Add(accepted);
        }
        if (part.Count > 0) await ProcessPartAsync(part, unfollowed, cancellation);
    }

    Task ProcessPartAsync(List<AcceptedEvent> events, IReadOnlyDictionary<AcceptedEvent, string> unfollowed, CancellationToken cancellation) =>
        RepeatAsync(() => ProcessOnceAsync(events, unfollowed, cancellation), events.Count, cancellation);

    async Task RepeatAsync(Func<Task> work, int count, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (StoreUnavailableException e) when (e.IsTransient && attempt < Attempts)
            {
                // Whether the batch was committed may be unknown: what was is known by its keys, so the whole batch is safe to repeat.
                log.BatchRepeated(e.Message, count);
                await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt), clock, cancellation);
            }
        }
    }

    /// <summary>Serves timers that are due.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="most">How many contacts at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many contacts were served; 0 when nothing is due.</returns>
    public async Task<int> RunTimersAsync(long now, int most, CancellationToken cancellation)
    {
        await using IProfileBatch? batch = await store.OpenDueAsync(now, most, cancellation);
        return batch == null ? 0 : await AdvanceAsync(batch, now, cancellation);
    }

    /// <summary>Brings contacts whose state was written under an earlier plan up to the one in force.</summary>
    /// <param name="most">How many contacts at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many contacts were brought up; 0 when none is left.</returns>
    public async Task<int> BringUpAsync(int most, CancellationToken cancellation)
    {
        long now = Instant.From(clock.GetUtcNow());
        foreach (Guid again in stuck.Where(s => s.Value <= now).Select(s => s.Key).ToArray()) stuck.Remove(again);
        await using IProfileBatch? batch = await store.OpenOutdatedAsync(plans.Current.Generation, most + stuck.Count, cancellation);
        return batch == null ? 0 : await AdvanceAsync(batch, long.MinValue, cancellation);
    }

    /// <summary>Has scores shown anew that have faded from what is shown of them, for one page of contacts.</summary>
    /// <param name="after">The last contact of the page before; null for the first page.</param>
    /// <param name="most">How many contacts at most.</param>
    /// <param name="last">The look before, milliseconds since 1970; <see cref="long.MinValue"/> for none.</param>
    /// <param name="look">This look, no later than now.</param>
    /// <param name="cancellation">Gives up; nothing is committed, or all.</param>
    /// <returns>The last contact of the page; null when there is no further page.</returns>
    public async Task<Guid?> RefreshScoresAsync(Guid? after, int most, long last, long look, CancellationToken cancellation)
    {
        IReadOnlyList<Guid> page = await store.ReadContactsAsync(after, most, cancellation);
        if (page.Count == 0) return null;
        PlanWorkspace work = Workspace();
        // Under the contacts' locks: what they hold later comes later to the outbox, so that no newer value is overtaken.
        await using IProfileBatch batch = await store.OpenAsync(page, [], cancellation);
        var commit = new ProfileCommit();
        foreach (Profile profile in batch.Profiles.Values.Where(p => !p.IsErased && p.Master == null && p.State.Length > 0))
        {
            try
            {
                await RefreshAsync(work, batch, profile, last, look, commit, cancellation);
            }
            catch (Exception e) when (Poison.Is(e))
            {
                log.RefreshFailed(profile.Contact, e.Message, e);
            }
        }
        if (!commit.IsEmpty) await contacts.CommitAsync(batch, commit, cancellation);
        return page.Count < most ? null : page[^1];
    }

    async Task RefreshAsync(PlanWorkspace work, IProfileBatch batch, Profile profile, long last, long look, ProfileCommit commit, CancellationToken cancellation)
    {
        var sink = new BatchSink();
        ContactState state = await contacts.LoadAsync(work, batch, profile, sink, cancellation);
        long now = Math.Max(Instant.From(clock.GetUtcNow()), state.Now);
        bool hasMoved = profile.Generation != work.Active.Generation || state.NextDue <= now;
        // A grade that time has changed is told first: what is shown agrees with the grade.
        work.Evaluator.RunTimers(state, now, sink);
        foreach (ScoreReading faded in FadedScores.Of(work.Active.Plan, state, last, look, now)) sink.Scores.TryAdd(faded.Score, faded);
        if (hasMoved) contacts.Store(work, profile, state, sink, null, commit);
        else contacts.Tell(work, profile, state, sink, commit);
    }

    /// <summary>Tries an event again that was set aside: it is judged now, as one that comes late, and takes the last place in its contact's log.</summary>
    /// <param name="input">Of the doors <see cref="ParkedInput.Judging"/> and <see cref="ParkedInput.Merging"/>.</param>
    /// <param name="cancellation">Gives up; nothing is committed, or all.</param>
    /// <returns>Null when it is set aside no more; else why it stays.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer at present.</exception>
    public async Task<string?> JudgeAgainAsync(ParkedInput input, CancellationToken cancellation)
    {
        string? problem = null;
        await RepeatAsync(async () => problem = await rejudging.TryAsync(Workspace(), input, cancellation), 1, cancellation);
        return problem;
    }

    async Task ProcessOnceAsync(List<AcceptedEvent> events, IReadOnlyDictionary<AcceptedEvent, string> unfollowed, CancellationToken cancellation)
    {
        PlanWorkspace work = Workspace();
        Guid[] named = [.. events.Where(e => e.Contact != null).Select(e => e.Contact!.Value).Distinct()];
        string[] visitors = [.. events.SelectMany(e => e.Visitors).Distinct(StringComparer.Ordinal)];
        Guid[] deleted = [.. events.Where(e => e is { Contact: not null, Name: Contracts.EventNames.ContactDeleted }).Select(e => e.Contact!.Value)];
        await using IProfileBatch batch = await contacts.People.OpenAsync(named, visitors, deleted, cancellation);
        var commit = new ProfileCommit();
        IReadOnlyList<Incoming> incoming = await new VisitorJoin(batch).ArrangeAsync(events, commit, cancellation);
        IReadOnlySet<EventKey> seen = await batch.FindSeenAsync([.. incoming.SelectMany(i => new[] { new EventKey(i.Contact, i.Id), new EventKey(PersonBatch.MasterOf(batch, i.Contact), i.Id) }).Distinct()], cancellation);
        var taken = new HashSet<EventKey>();
        foreach (IGrouping<Guid, Incoming> own in incoming.Where(i => !seen.Contains(new EventKey(i.Contact, i.Id)) && taken.Add(new EventKey(i.Contact, i.Id))).GroupBy(i => PersonBatch.MasterOf(batch, i.Contact)))
        {
            await EvaluateAsync(work, batch, own.Key, [.. own], seen, commit, cancellation);
        }
        foreach ((AcceptedEvent merge, string reason) in events.Where(unfollowed.ContainsKey).Select(e => (e, unfollowed[e])))
        {
            // Beside what the event says of its own row: the merge is there to be followed later.
            if (commit.Events.Find(l => l.Contact == merge.Contact && l.Id == merge.Id) is { } logged && !commit.Parked.Exists(p => p.Event == logged)) commit.Parked.Add((ParkedInput.Merging, reason, logged));
        }
        if (!commit.IsEmpty) await contacts.CommitAsync(batch, commit, cancellation);
        PipelineTelemetry.Taken(commit.Events.Count, incoming.Count - commit.Events.Count);
    }

    /// <summary>Runs timers up to now for all contacts of a batch.</summary>
    async Task<int> AdvanceAsync(IProfileBatch batch, long now, CancellationToken cancellation)
    {
        PlanWorkspace work = Workspace();
        var commit = new ProfileCommit();
        var served = new List<long>();
        int failed = 0;
        bool bringsUp = now == long.MinValue;
        foreach (Profile profile in batch.Profiles.Values.Where(p => !p.IsErased))
        {
            if (profile.Master != null)
            {
                // Nothing happens to who was merged into another; what is kept of him for a separation is worked out anew then.
                commit.Profiles.Add((profile with { Generation = work.Active.Generation }, null));
                continue;
            }
            if (bringsUp && stuck.ContainsKey(profile.Contact))
            {
                failed++;
                continue;
            }
            var sink = new BatchSink();
            try
            {
                ContactState state = await contacts.LoadAsync(work, batch, profile, sink, cancellation);
                served.Add(state.NextDue);
                work.Evaluator.RunTimers(state, now, sink);
                contacts.Store(work, profile, state, sink, null, commit);
            }
            catch (Exception e) when (Poison.Is(e))
            {
                // One contact that cannot be judged must not hold up all; it is tried again later, as it was.
                failed++;
                long later = Math.Max(now, Instant.From(clock.GetUtcNow())) + Duration.Hour;
                if (bringsUp)
                {
                    log.BringingUpFailed(profile.Contact, e.Message, e);
                    stuck[profile.Contact] = later;
                    continue;
                }
                log.TimerFailed(profile.Contact, e.Message, e);
                commit.Profiles.Add((profile, later));
            }
        }
        if (!commit.IsEmpty) await contacts.CommitAsync(batch, commit, cancellation);
        if (!bringsUp)
        {
            foreach (long due in served) PipelineTelemetry.TimerServed(now - due);
        }
        // Those that failed do not count, lest a worker tries them again and again without a rest.
        return batch.Profiles.Count - failed;
    }

    async Task EvaluateAsync(PlanWorkspace work, IProfileBatch batch, Guid contact, IReadOnlyList<Incoming> events, IReadOnlySet<EventKey> seen, ProfileCommit commit, CancellationToken cancellation)
    {
        Profile profile = batch.Profiles.TryGetValue(contact, out Profile? known) ? known : StoredContacts.New(contact, work);
        if (profile.IsErased) return;
        var sink = new BatchSink();
        if (events.Any(e => e.Contact == contact && e.Name == Contracts.EventNames.ContactDeleted))
        {
            // Whatever else came with it, and whether or not the rest can be judged.
            Erase([contact, .. batch.Profiles.Keys.Where(c => c != contact && PersonBatch.MasterOf(batch, c) == contact)], commit);
            return;
        }
        ContactState state;
        try
        {
            state = await contacts.LoadAsync(work, batch, profile, sink, cancellation);
        }
        catch (Exception e) when (Poison.Is(e))
        {
            SetAside(batch, profile, events, e, commit);
            return;
        }
        var sequences = new Dictionary<Guid, long> { [contact] = profile.Sequence };
        var counted = new HashSet<string>(StringComparer.Ordinal);
        long? seenAt = null;
        var handled = new List<byte[]>();
        foreach (Incoming incoming in events)
        {
            bool isOfMerged = incoming.Contact != contact;
            if (isOfMerged && incoming.Name == Contracts.EventNames.ContactDeleted) continue;
            if (isOfMerged && !sequences.ContainsKey(incoming.Contact)) sequences[incoming.Contact] = batch.Profiles[incoming.Contact].Sequence;
            long sequence = ++CollectionsMarshal.GetValueRefOrNullRef(sequences, incoming.Contact);
            bool counts = counted.Add(incoming.Id) && !(isOfMerged && (PersonBatch.TellsOfRow(incoming.Name) || seen.Contains(new EventKey(contact, incoming.Id))));
            if (!counts)
            {
                // It is kept where it came for, in case the two are separated again.
                commit.Events.Add(incoming.Logged(sequence, Math.Max(state.Now, incoming.At)));
                continue;
            }
            sink.Trace = incoming.Trace ?? sink.Trace;
            try
            {
                work.Handle(state, incoming.Body, sink);
                handled.Add(incoming.Body);
            }
            catch (Exception e) when (Poison.Is(e))
            {
                // One poisonous event must not hold up its contact, nor others in the batch. What it has half done is undone by doing
                // again, from the stored state, what came before it.
                log.EventParked(contact, e.Message, e);
                sink = new BatchSink { Trace = sink.Trace };
                state = await contacts.LoadAsync(work, batch, profile, sink, cancellation);
                foreach (byte[] earlier in handled) work.Handle(state, earlier, sink);
                var poison = incoming.Logged(sequence, Math.Max(state.Now, incoming.At));
                commit.Events.Add(poison);
                commit.Parked.Add((ParkedInput.Judging, e.Message, poison));
                continue;
            }
            commit.Events.Add(incoming.Logged(sequence, state.Now == Instant.None ? incoming.At : state.Now));
            if (incoming.IsSeen) seenAt = Math.Max(seenAt ?? long.MinValue, incoming.At);
        }
        foreach ((Guid merged, long reached) in sequences.Where(s => s.Key != contact)) commit.Profiles.Add((batch.Profiles[merged] with { Sequence = reached }, null));
        if (state.Now != Instant.None || sequences[contact] != profile.Sequence) contacts.Store(work, profile with { Sequence = sequences[contact] }, state, sink, seenAt, commit);
    }

    /// <summary>
    /// What is stored of a contact cannot be read: its events are kept in the log and set aside with the reason, and its state is left as it
    /// is for a person to look at. Others in the batch go on.
    /// </summary>
    void SetAside(IProfileBatch batch, Profile profile, IReadOnlyList<Incoming> events, Exception reason, ProfileCommit commit)
    {
        log.EventParked(profile.Contact, reason.Message, reason);
        foreach (IGrouping<Guid, Incoming> own in events.GroupBy(e => e.Contact))
        {
            Profile holder = own.Key == profile.Contact ? profile : batch.Profiles[own.Key];
            long sequence = holder.Sequence;
            foreach (Incoming incoming in own)
            {
                var kept = incoming.Logged(++sequence, incoming.ReceivedAt);
                commit.Events.Add(kept);
                commit.Parked.Add((ParkedInput.Judging, $"what is stored of the contact cannot be read: {reason.Message}", kept));
            }
            commit.Profiles.Add((holder with { Sequence = sequence }, holder.Master != null ? null : Instant.From(clock.GetUtcNow()) + Duration.Hour));
        }
    }

    /// <summary>
    /// The contact is gone: so is all that is stored of it, and of those merged into it, who are the same person; the logs go too, so nothing
    /// of this batch is added.
    /// </summary>
    static void Erase(IReadOnlyList<Guid> gone, ProfileCommit commit)
    {
        commit.Events.RemoveAll(e => gone.Contains(e.Contact));
        commit.Parked.RemoveAll(p => gone.Contains(p.Event.Contact));
        commit.Erased.AddRange(gone);
    }

    PlanWorkspace Workspace()
    {
        ActivePlan active = plans.Current;
        if (workspace?.Active.Generation != active.Generation) workspace = new PlanWorkspace(active);
        return workspace!;
    }
}
