using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Merge;

/// <summary>
/// Has a contact count for the one that it was merged into, and for itself again when the merge is undone by hand. Each is one transaction
/// that may be repeated: what is so already is left alone. The log keeps naming the contact that an event came for.
/// </summary>
internal sealed class ContactMerging(IProfileStore store, StoredContacts contacts, ILogger log)
{
    readonly PersonBatch people = contacts.People;

    /// <summary>Does what a change of a row says, unless the change is known already.</summary>
    /// <param name="work">The plan in force.</param>
    /// <param name="told">The change.</param>
    /// <param name="notice">What it says.</param>
    /// <param name="isAgain">Whether the change has been taken in but could not be followed then.</param>
    /// <param name="cancellation">Gives up; nothing is committed, or all.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer, or merges go on and on.</exception>
    public async Task FollowAsync(PlanWorkspace work, AcceptedEvent told, MergeNotice notice, bool isAgain, CancellationToken cancellation)
    {
        if (notice.Master is not { } master)
        {
            await SeparateAsync(work, notice.Contact, told, isAgain, cancellation);
            return;
        }
        // Each attempt undoes what stands against it: another master, or a merge the other way round.
        for (int attempt = 0; attempt < 4; attempt++)
        {
            if (await TryMergeAsync(work, notice.Contact, master, told, isAgain, cancellation) is not { } inTheWay) return;
            await SeparateAsync(work, inTheWay, null, isAgain, cancellation);
        }
        throw new StoreUnavailableException("A contact was merged into others again and again while a merge of it was followed.", isTransient: true);
    }

    /// <returns>Who is to be separated first; null when it is done, or there is nothing to do.</returns>
    async Task<Guid?> TryMergeAsync(PlanWorkspace work, Guid contact, Guid master, AcceptedEvent told, bool isAgain, CancellationToken cancellation)
    {
        await using IProfileBatch batch = await people.OpenAsync([contact, master], [], [contact], cancellation);
        if (!isAgain && (await batch.FindSeenAsync([new EventKey(contact, told.Id)], cancellation)).Count > 0) return null;
        Profile profile = batch.Profiles.TryGetValue(contact, out Profile? known) ? known : StoredContacts.New(contact, work);
        if (profile.IsErased || profile.Master == master || (batch.Profiles.TryGetValue(master, out Profile? there) && there.IsErased)) return null;
        if (profile.Master != null) return contact;
        Guid root = PersonBatch.MasterOf(batch, master);
        if (root == contact) return master;
        Profile survivor = batch.Profiles.TryGetValue(root, out Profile? held) ? held : StoredContacts.New(root, work);

        var commit = new ProfileCommit();
        BatchSink masterSink = new(), mergedSink = new();
        ContactState to = await contacts.LoadAsync(work, batch, survivor, masterSink, cancellation), from = await contacts.LoadAsync(work, batch, profile, mergedSink, cancellation);
        long at = Math.Max(Math.Max(to.Now, from.Now), told.At);
        if (from.Now != Instant.None || to.Now != Instant.None)
        {
            work.Evaluator.RunTimers(to, at, masterSink);
            work.Evaluator.RunTimers(from, at, mergedSink);
            HashSet<string> before = MembershipOf(work, to);
            IReadOnlyList<LoggedEvent> own = await people.ReadLogAsync(batch, root, [], cancellation), others = await people.ReadLogAsync(batch, contact, [], cancellation);
            ContactState rebuilt = Rebuild(work, root, PersonBatch.Join([own, others]), at);
            foreach (ScoreReading reading in work.Merge.Merge(to, from, rebuilt, at, masterSink, mergedSink)) masterSink.Note(reading);
            TellMembership(work, before, to, at, masterSink);
            // The CRM has hung the rows of its scores on the master, who has rows of his own: they are hung back.
            foreach (ScoreReading reading in work.Merge.ScoresOf(from)) mergedSink.Note(reading);
            contacts.Store(work, survivor, to, masterSink, null, commit);
            contacts.Tell(work, profile, from, mergedSink, commit);
        }
        byte[] kept = from.Now == Instant.None ? [] : work.Codec.Write(from);
        commit.Profiles.Add((profile with { State = kept, Generation = work.Active.Generation, Master = master }, null));
        await contacts.CommitAsync(batch, commit, cancellation);
        log.ContactMerged(contact, master);
        return null;
    }

    async Task SeparateAsync(PlanWorkspace work, Guid contact, AcceptedEvent? told, bool isAgain, CancellationToken cancellation)
    {
        if (await store.FindAsync(contact, cancellation) is not { Master: not null }) return;
        await using IProfileBatch batch = await people.OpenAsync([contact], [], [contact], cancellation);
        if (told != null && !isAgain && (await batch.FindSeenAsync([new EventKey(contact, told.Id)], cancellation)).Count > 0) return;
        if (!batch.Profiles.TryGetValue(contact, out Profile? profile) || profile.Master == null) return;
        Guid root = PersonBatch.MasterOf(batch, contact);
        Profile survivor = batch.Profiles.TryGetValue(root, out Profile? held) ? held : StoredContacts.New(root, work);

        var commit = new ProfileCommit();
        BatchSink masterSink = new(), mergedSink = new();
        ContactState one = await contacts.LoadAsync(work, batch, survivor, masterSink, cancellation);
        // As it was kept; what was published since is worked out from the log with all else.
        ContactState other = profile.State.Length == 0 ? new ContactState(contact.ToString("D")) : work.Codec.Read(contact.ToString("D"), profile.State);
        long at = Math.Max(Math.Max(one.Now, other.Now), told?.At ?? Instant.None);
        if (at != Instant.None)
        {
            work.Evaluator.RunTimers(one, at, masterSink);
            HashSet<string> before = MembershipOf(work, one), beforeOther = MembershipOf(work, other);
            Guid[] own = [contact, .. await store.ReadMergedAsync(contact, cancellation)];
            ContactState rebuiltOne = Rebuild(work, root, await people.ReadLogAsync(batch, root, own, cancellation), at);
            ContactState rebuiltOther = Rebuild(work, contact, await people.ReadLogAsync(batch, contact, [], cancellation), at);
            (IReadOnlyList<ScoreReading> scores, IReadOnlyList<ScoreReading> otherScores) = work.Merge.Separate(one, rebuiltOne, other, rebuiltOther, at, masterSink);
            foreach (ScoreReading reading in scores) masterSink.Note(reading);
            foreach (ScoreReading reading in otherScores) mergedSink.Note(reading);
            TellMembership(work, before, one, at, masterSink);
            TellMembership(work, beforeOther, other, at, mergedSink);
            contacts.Store(work, survivor, one, masterSink, null, commit);
        }
        if (other.Now == Instant.None) commit.Profiles.Add((profile with { Master = null, Generation = work.Active.Generation }, null));
        else contacts.Store(work, profile with { Master = null }, other, mergedSink, null, commit);
        await contacts.CommitAsync(batch, commit, cancellation);
        log.ContactSeparated(contact, root);
    }

    static ContactState Rebuild(PlanWorkspace work, Guid contact, IReadOnlyList<LoggedEvent> events, long at)
    {
        ContactState rebuilt = LogRebuild.Of(contact.ToString("D"), events, work.Merge.Rebuilder, work.Reader, work.Frame);
        work.Merge.Rebuilder.RunTimers(rebuilt, at, new DecisionList());
        return rebuilt;
    }

    static HashSet<string> MembershipOf(PlanWorkspace work, ContactState state) =>
        [.. work.Active.Segments.Where(segment => Standing.IsIn(work.Active.Plan, state, segment))];

    /// <summary>Segments that the contact is in since, or no more: their tags follow, and nothing else does.</summary>
    static void TellMembership(PlanWorkspace work, HashSet<string> before, ContactState state, long at, BatchSink sink)
    {
        HashSet<string> now = MembershipOf(work, state);
        foreach (string segment in work.Active.Segments.Where(s => before.Contains(s) != now.Contains(s))) sink.Add(work.Evaluator.Announce(state, segment, now.Contains(segment), at));
    }
}
