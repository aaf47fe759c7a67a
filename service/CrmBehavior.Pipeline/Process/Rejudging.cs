using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Judges events that were set aside, as ones that come late; and follows merges that could not be followed.</summary>
internal sealed class Rejudging(IProfileStore store, IServiceStore service, StoredContacts contacts, ContactMerging merging)
{
    const string Gone = "its event is not in the log any more: drop it when it has been looked at";

    /// <summary>Tries one again.</summary>
    /// <param name="work">The plan in force.</param>
    /// <param name="input">Of the doors <see cref="ParkedInput.Judging"/> and <see cref="ParkedInput.Merging"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when it is set aside no more; else why it stays.</returns>
    public async Task<string?> TryAsync(PlanWorkspace work, ParkedInput input, CancellationToken cancellation)
    {
        if (input.Contact is not { } contact) return Gone;
        try
        {
            await FollowAsync(work, contact, input, cancellation);
            if (input.Door == ParkedInput.Judging) return await JudgeAsync(work, contact, input, cancellation);
            await service.RemoveParkedInputAsync(input.Number, cancellation);
            return null;
        }
        catch (Exception e) when (Poison.Is(e))
        {
            return $"it cannot be judged still: {e.Message}";
        }
    }

    /// <summary>Does what the event says of a merge, if it does, and no later one says otherwise. What is so already is left alone.</summary>
    async Task FollowAsync(PlanWorkspace work, Guid contact, ParkedInput input, CancellationToken cancellation)
    {
        (AcceptedEvent Told, MergeNotice Notice)? latest = null;
        await foreach (LoggedEvent logged in store.ReadLogAsync(contact, cancellation))
        {
            var told = new AcceptedEvent(logged.Id, logged.Name, logged.At, logged.ReceivedAt, logged.Body) { Contact = contact };
            if (MergeNotice.Of(told) is { } notice) latest = (told, notice);
        }
        if (latest is { } last && last.Told.Body.AsSpan().SequenceEqual(input.Content)) await merging.FollowAsync(work, last.Told, last.Notice, isAgain: true, cancellation);
    }

    async Task<string?> JudgeAsync(PlanWorkspace work, Guid contact, ParkedInput input, CancellationToken cancellation)
    {
        await using IProfileBatch batch = await contacts.People.OpenAsync([contact], [], [], cancellation);
        // Under the contact's lock: of two who try it at once, the second finds it gone.
        if (await service.FindParkedInputAsync(input.Number, cancellation) == null) return null;
        Guid person = PersonBatch.MasterOf(batch, contact);
        LoggedEvent? logged = (await batch.ReadLogAsync(contact, cancellation)).FirstOrDefault(l => l.Body.AsSpan().SequenceEqual(input.Content));
        if (logged == null || !batch.Profiles.TryGetValue(person, out Profile? profile) || profile.IsErased) return Gone;
        var commit = new ProfileCommit();
        var sink = new BatchSink();
        ContactState state = await contacts.LoadAsync(work, batch, profile, sink, cancellation);
        work.Handle(state, logged.Body, sink);
        Profile holder = batch.Profiles[contact] with { Sequence = batch.Profiles[contact].Sequence + 1 };
        commit.Rejudged.Add(new RejudgedEvent(input.Number, logged, holder.Sequence, state.Now == Instant.None ? logged.At : state.Now));
        if (person != contact) commit.Profiles.Add((holder, null));
        contacts.Store(work, person == contact ? holder : profile, state, sink, null, commit);
        await contacts.CommitAsync(batch, commit, cancellation);
        return null;
    }
}
