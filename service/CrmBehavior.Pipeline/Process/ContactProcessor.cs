using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Process;

/// <summary>
/// The story of a batch: open (lock and load), identify visitors, drop what was seen, evaluate each contact in order of arrival, commit
/// all in one transaction. One worker; several may run beside each other, in this process or in others.
/// </summary>
public sealed class ContactProcessor(IProfileStore store, IServiceStore service, PlanHolder plans, EffectFactory effects, EffectNews news, TimeProvider clock, ILogger<ContactProcessor> log)
{
    /// <summary>A batch is tried again so often when the store says that another attempt may succeed.</summary>
    const int Attempts = 5;

    PlanWorkspace? workspace;

    /// <summary>Takes events in.</summary>
    /// <param name="events">In order of arrival.</param>
    /// <param name="cancellation">Gives up; nothing is committed, or all.</param>
    /// <returns>When all are durable, with all that follows from them.</returns>
    public async Task ProcessAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await ProcessOnceAsync(events, cancellation);
                return;
            }
            catch (StoreUnavailableException e) when (e.IsTransient && attempt < Attempts)
            {
                // Whether the batch was committed may be unknown: what was is known by its keys, so the whole batch is safe to repeat.
                log.BatchRepeated(e.Message, events.Count);
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
        await using IProfileBatch? batch = await store.OpenOutdatedAsync(plans.Current.Generation, most, cancellation);
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
        foreach (Profile profile in batch.Profiles.Values.Where(p => !p.IsErased && p.State.Length > 0))
        {
            try
            {
                await RefreshAsync(work, batch, profile, last, look, commit, cancellation);
            }
            catch (Exception e) when (IsPoison(e))
            {
                log.TimerFailed(profile.Contact, e.Message, e);
            }
        }
        if (!commit.IsEmpty) await CommitAsync(batch, commit, cancellation);
        return page.Count < most ? null : page[^1];
    }

    async Task RefreshAsync(PlanWorkspace work, IProfileBatch batch, Profile profile, long last, long look, ProfileCommit commit, CancellationToken cancellation)
    {
        var sink = new BatchSink();
        ContactState state = await LoadAsync(work, batch, profile, sink, cancellation);
        long now = Math.Max(Instant.From(clock.GetUtcNow()), state.Now);
        bool hasMoved = profile.Generation != work.Active.Generation || state.NextDue <= now;
        // A grade that time has changed is told first: what is shown agrees with the grade.
        work.Evaluator.RunTimers(state, now, sink);
        foreach (ScoreReading faded in FadedScores.Of(work.Active.Plan, state, last, look, now)) sink.Scores.TryAdd(faded.Score, faded);
        if (hasMoved) Store(work, profile, state, profile.Sequence, sink, null, commit);
        else effects.Add(work.Active, state, profile.Contact, sink, null, commit);
    }

    async Task ProcessOnceAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken cancellation)
    {
        PlanWorkspace work = Workspace();
        Guid[] contacts = [.. events.Where(e => e.Contact != null).Select(e => e.Contact!.Value).Distinct()];
        string[] visitors = [.. events.SelectMany(e => e.Visitors).Distinct(StringComparer.Ordinal)];
        await using IProfileBatch batch = await store.OpenAsync(contacts, visitors, cancellation);
        var commit = new ProfileCommit();
        IReadOnlyList<Incoming> incoming = await new VisitorJoin(batch).ArrangeAsync(events, commit, cancellation);
        IReadOnlySet<EventKey> seen = await batch.FindSeenAsync([.. incoming.Select(i => new EventKey(i.Contact, i.Id)).Distinct()], cancellation);
        var taken = new HashSet<EventKey>();
        foreach (IGrouping<Guid, Incoming> own in incoming.Where(i => !seen.Contains(new EventKey(i.Contact, i.Id)) && taken.Add(new EventKey(i.Contact, i.Id))).GroupBy(i => i.Contact))
        {
            await EvaluateAsync(work, batch, own.Key, [.. own], commit, cancellation);
        }
        if (!commit.IsEmpty) await CommitAsync(batch, commit, cancellation);
        PipelineTelemetry.Taken(commit.Events.Count, incoming.Count - commit.Events.Count);
    }

    /// <summary>Runs timers up to now for all contacts of a batch.</summary>
    async Task<int> AdvanceAsync(IProfileBatch batch, long now, CancellationToken cancellation)
    {
        PlanWorkspace work = Workspace();
        var commit = new ProfileCommit();
        var served = new List<long>();
        int failed = 0;
        foreach (Profile profile in batch.Profiles.Values.Where(p => !p.IsErased))
        {
            var sink = new BatchSink();
            try
            {
                ContactState state = await LoadAsync(work, batch, profile, sink, cancellation);
                served.Add(state.NextDue);
                work.Evaluator.RunTimers(state, now, sink);
                Store(work, profile, state, profile.Sequence, sink, null, commit);
            }
            catch (Exception e) when (IsPoison(e))
            {
                // One contact that cannot be judged must not hold up the timers of all; it is tried again later, as it was.
                log.TimerFailed(profile.Contact, e.Message, e);
                failed++;
                commit.Profiles.Add((profile, Math.Max(now, Instant.From(clock.GetUtcNow())) + Duration.Hour));
            }
        }
        await CommitAsync(batch, commit, cancellation);
        if (now != long.MinValue)
        {
            foreach (long due in served) PipelineTelemetry.TimerServed(now - due);
        }
        // Those that failed do not count, lest a worker tries them again and again without a rest.
        return batch.Profiles.Count - failed;
    }

    async Task CommitAsync(IProfileBatch batch, ProfileCommit commit, CancellationToken cancellation)
    {
        await batch.CommitAsync(commit, cancellation);
        if (commit.Effects.Count > 0) news.Announce();
    }

    async Task EvaluateAsync(PlanWorkspace work, IProfileBatch batch, Guid contact, IReadOnlyList<Incoming> events, ProfileCommit commit, CancellationToken cancellation)
    {
        Profile profile = batch.Profiles.TryGetValue(contact, out Profile? known) ? known : new Profile(contact, [], work.Active.Generation, 0, false);
        if (profile.IsErased) return;
        var sink = new BatchSink();
        ContactState state = await LoadAsync(work, batch, profile, sink, cancellation);
        long sequence = profile.Sequence;
        long? seenAt = null;
        var handled = new List<byte[]>();
        foreach (Incoming incoming in events)
        {
            sink.Trace = incoming.Trace ?? sink.Trace;
            try
            {
                Handle(work, state, incoming.Body, sink);
                handled.Add(incoming.Body);
            }
            catch (Exception e) when (IsPoison(e))
            {
                // One poisonous event must not hold up its contact, nor others in the batch. What it has half done is undone by doing
                // again, from the stored state, what came before it.
                log.EventParked(contact, e.Message, e);
                sink = new BatchSink { Trace = sink.Trace };
                state = await LoadAsync(work, batch, profile, sink, cancellation);
                foreach (byte[] earlier in handled) Handle(work, state, earlier, sink);
                var poison = new LoggedEvent(contact, ++sequence, incoming.Id, incoming.Name, incoming.At, incoming.ReceivedAt, Math.Max(state.Now, incoming.At), incoming.Body);
                commit.Events.Add(poison);
                commit.Parked.Add((e.Message, poison));
                continue;
            }
            commit.Events.Add(new LoggedEvent(contact, ++sequence, incoming.Id, incoming.Name, incoming.At, incoming.ReceivedAt, state.Now == Instant.None ? incoming.At : state.Now, incoming.Body));
            if (incoming.IsSeen) seenAt = Math.Max(seenAt ?? long.MinValue, incoming.At);
            if (incoming.Name == Contracts.EventNames.ContactDeleted)
            {
                Erase(profile, sink, commit);
                return;
            }
        }
        Store(work, profile, state, sequence, sink, seenAt, commit);
    }

    /// <summary>Whether something is wrong with what was read, rather than with the store or the program's surroundings.</summary>
    internal static bool IsPoison(Exception e) =>
        e is InvalidOperationException or JsonException or ArgumentException or OverflowException or IndexOutOfRangeException or NullReferenceException or FormatException or KeyNotFoundException or System.IO.InvalidDataException;

    static void Handle(PlanWorkspace work, ContactState state, byte[] body, BatchSink sink)
    {
        if (!work.Reader.TryRead(body, 0, body.Length, work.Frame, out string? problem)) throw new InvalidOperationException(problem);
        work.Evaluator.Handle(state, work.Frame, sink);
    }

    /// <summary>The contact is gone: so is all that is stored of it; its log goes too, so nothing of this batch is added.</summary>
    static void Erase(Profile profile, BatchSink sink, ProfileCommit commit)
    {
        sink.Clear();
        commit.Events.RemoveAll(e => e.Contact == profile.Contact);
        commit.Parked.RemoveAll(p => p.Event.Contact == profile.Contact);
        commit.Erased.Add(profile.Contact);
    }

    async Task<ContactState> LoadAsync(PlanWorkspace work, IProfileBatch batch, Profile profile, BatchSink sink, CancellationToken cancellation)
    {
        string id = profile.Contact.ToString("D");
        if (profile.State.Length == 0) return new ContactState(id);
        ContactState state = work.Codec.Read(id, profile.State);
        if (profile.Generation != work.Active.Generation) await new PlanChange(work, service).BringUpAsync(state, profile, batch, sink, cancellation);
        return state;
    }

    void Store(PlanWorkspace work, Profile profile, ContactState state, long sequence, BatchSink sink, long? seenAt, ProfileCommit commit)
    {
        commit.Profiles.Add((profile with { State = work.Codec.Write(state), Generation = work.Active.Generation, Sequence = sequence }, state.NextDue == Instant.Never ? null : state.NextDue));
        effects.Add(work.Active, state, profile.Contact, sink, seenAt, commit);
    }

    PlanWorkspace Workspace()
    {
        ActivePlan active = plans.Current;
        if (workspace?.Active.Generation != active.Generation) workspace = new PlanWorkspace(active);
        return workspace!;
    }
}
