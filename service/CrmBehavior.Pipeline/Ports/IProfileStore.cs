using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>
/// Profiles, visitors, event log, decisions and outbox: what a batch of events leaves, committed in one transaction. The store gives one
/// contact to one batch at a time, whatever process asks; of several contacts it takes the locks in the order of their ids.
/// </summary>
/// <remarks>
/// An embedded store has one writer, and an open batch is it: who holds a batch may read from the store, but must not await any other
/// member that writes (of <see cref="IOutbox"/> and <see cref="IServiceStore"/> neither) before the batch is committed or disposed; it
/// would wait for itself until the limit. What fails becomes a <see cref="StoreUnavailableException"/>.
/// </remarks>
public interface IProfileStore
{
    /// <summary>
    /// Opens a batch: locks and reads the visitors, then the profiles of the contacts and of those the visitors are known to be. Whatever the
    /// commit is about must be among these.
    /// </summary>
    /// <param name="contacts">The contacts that events name.</param>
    /// <param name="visitors">The visitors that events name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The batch; disposed without commit it leaves no trace.</returns>
    Task<IProfileBatch> OpenAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, CancellationToken cancellation);

    /// <summary>Opens a batch of contacts whose timers are due, earliest first, leaving out those that other batches have locked.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="most">How many contacts at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The batch; null when nothing is due.</returns>
    Task<IProfileBatch?> OpenDueAsync(long now, int most, CancellationToken cancellation);

    /// <summary>Opens a batch of contacts whose state was written under an earlier plan.</summary>
    /// <param name="generation">The plan in force.</param>
    /// <param name="most">How many contacts at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The batch; null when none is left.</returns>
    Task<IProfileBatch?> OpenOutdatedAsync(int generation, int most, CancellationToken cancellation);

    /// <summary>Reads a contact's profile without locking it.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The profile, or null when nothing is known; of an erased contact that it is erased.</returns>
    Task<Profile?> FindAsync(Guid contact, CancellationToken cancellation);

    /// <summary>Reads the event log of a contact in order of arrival.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The events.</returns>
    IAsyncEnumerable<LoggedEvent> ReadLogAsync(Guid contact, CancellationToken cancellation);

    /// <summary>
    /// The contacts that were merged into one, and into these in turn, by id. While a batch has the contact in hand none comes or goes.
    /// </summary>
    /// <param name="contact">The contact.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Those that count for it; mostly none.</returns>
    Task<IReadOnlyList<Guid>> ReadMergedAsync(Guid contact, CancellationToken cancellation);

    /// <summary>Reads the decisions about a contact, latest first.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The decisions.</returns>
    Task<IReadOnlyList<StoredDecision>> ReadDecisionsAsync(Guid contact, int most, CancellationToken cancellation);

    /// <summary>
    /// Drops events (of visitors and parked input too), decisions and keys against repetition that are older than is kept, and wipes what
    /// erasures have left in unused places. A store may drop by whole months and weeks, so that what is a little older stays a little longer.
    /// </summary>
    /// <param name="eventsBefore">Events received and decisions made before this go.</param>
    /// <param name="keysBefore">Keys noted before this go, unless their event is in the log still.</param>
    /// <param name="cancellation">Stops between two small portions.</param>
    /// <returns>How many rows went.</returns>
    Task<long> DropOldAsync(long eventsBefore, long keysBefore, CancellationToken cancellation);

    /// <summary>Reads which contacts are known, a page at a time, in an order of the store's own.</summary>
    /// <param name="after">The last contact of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The contacts; fewer than <paramref name="most"/> when these are the last.</returns>
    Task<IReadOnlyList<Guid>> ReadContactsAsync(Guid? after, int most, CancellationToken cancellation);

    /// <summary>Counts decisions by day (UTC), definition and effect.</summary>
    /// <param name="from">Decisions from this on, milliseconds since 1970.</param>
    /// <param name="before">Decisions before this.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The counts, by day, kind, definition and effect.</returns>
    Task<IReadOnlyList<DecisionCount>> CountDecisionsAsync(long from, long before, CancellationToken cancellation);

    /// <summary>How many contacts have timers due, how many states are outdated; for settling and health.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="generation">The plan in force.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Both numbers.</returns>
    Task<(long Due, long Outdated)> CountWorkAsync(long now, int generation, CancellationToken cancellation);
}

/// <summary>A batch under way: rows read and locked.</summary>
public interface IProfileBatch : IAsyncDisposable
{
    /// <summary>The profiles that are there, of all contacts concerned; erased contacts among them, marked so.</summary>
    IReadOnlyDictionary<Guid, Profile> Profiles { get; }

    /// <summary>The contacts that visitors are known to be.</summary>
    IReadOnlyDictionary<string, Guid> Claims { get; }

    /// <summary>Which of these were seen before.</summary>
    /// <param name="keys">Contact and event id.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Those seen.</returns>
    Task<IReadOnlySet<EventKey>> FindSeenAsync(IReadOnlyCollection<EventKey> keys, CancellationToken cancellation);

    /// <summary>Reads the events kept of visitors, in order of arrival. Of one visitor each id is kept once, as it came first.</summary>
    /// <param name="visitors">Locked by this batch.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The events.</returns>
    Task<IReadOnlyList<KeptEvent>> ReadKeptAsync(IReadOnlyCollection<string> visitors, CancellationToken cancellation);

    /// <summary>Reads the event log of a contact in order of arrival, within the batch.</summary>
    /// <param name="contact">Locked by this batch.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The events.</returns>
    Task<IReadOnlyList<LoggedEvent>> ReadLogAsync(Guid contact, CancellationToken cancellation);

    /// <summary>Writes all, or nothing. Rows of erased contacts are left out.</summary>
    /// <param name="commit">What the batch leaves; names and ids hold neither U+0000 nor half of a surrogate pair.</param>
    /// <param name="cancellation">Gives up waiting; whether it was written is then unknown.</param>
    /// <returns>When it is durable.</returns>
    Task CommitAsync(ProfileCommit commit, CancellationToken cancellation);
}

/// <summary>What is stored of a contact.</summary>
/// <param name="Contact">Its id.</param>
/// <param name="State">The engine's state; empty when there is none yet.</param>
/// <param name="Generation">The plan under which it was written.</param>
/// <param name="Sequence">Number of its latest event in the log.</param>
/// <param name="IsErased">Whether the contact was deleted: what still comes is dropped and counted.</param>
/// <param name="Master">
/// The contact that it was merged into, for which everything counts that still names it; null for a contact of its own. The state is then
/// the one at the merge, and no timer of it is due.
/// </param>
public sealed record Profile(Guid Contact, byte[] State, int Generation, long Sequence, bool IsErased, Guid? Master = null);

/// <summary>The key against repeated delivery.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="Id">Id of the event.</param>
public readonly record struct EventKey(Guid Contact, string Id);

/// <summary>An event in the log.</summary>
/// <param name="Contact">Whose it is.</param>
/// <param name="Sequence">Its number in the contact's order of arrival, from 1.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it happened.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="Now">The contact's now when it was handled.</param>
/// <param name="Body">The event as JSON in UTF-8.</param>
public sealed record LoggedEvent(Guid Contact, long Sequence, string Id, string Name, long At, long ReceivedAt, long Now, byte[] Body);

/// <summary>An event that had been set aside, and has been judged at last.</summary>
/// <param name="Number">Its number among inputs that are set aside.</param>
/// <param name="Event">As it is in the log.</param>
/// <param name="Sequence">Its new number in the contact's order of arrival.</param>
/// <param name="Now">The contact's now when it was judged.</param>
public sealed record RejudgedEvent(long Number, LoggedEvent Event, long Sequence, long Now);

/// <summary>An event of a visitor nobody knows.</summary>
/// <param name="Visitor">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it happened.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="Body">The event as JSON in UTF-8.</param>
public sealed record KeptEvent(string Visitor, string Id, string Name, long At, long ReceivedAt, byte[] Body);

/// <summary>A decision as it is stored.</summary>
/// <param name="Contact">About whom.</param>
/// <param name="Ordinal">Its number among the contact's decisions, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Definition">Who decided.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Effect">What.</param>
/// <param name="Line">The decision line as JSON in UTF-8, with why.</param>
public sealed record StoredDecision(Guid Contact, long Ordinal, Guid Id, long At, string Definition, string Kind, string Effect, byte[] Line);

/// <summary>How often a definition decided something on a day.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Kind">Kind of the definition.</param>
/// <param name="Definition">Its name.</param>
/// <param name="Effect">What it decided.</param>
/// <param name="Count">How often.</param>
public sealed record DecisionCount(long Day, string Kind, string Definition, string Effect, long Count);

/// <summary>What a batch leaves.</summary>
public sealed class ProfileCommit
{
    /// <summary>Profiles to write, with the instant at which time alone may change them; null for never.</summary>
    public List<(Profile Profile, long? Due)> Profiles { get; } = [];

    /// <summary>Events to append to the log; each also is a key against repetition.</summary>
    public List<LoggedEvent> Events { get; } = [];

    /// <summary>Events of visitors to keep.</summary>
    public List<KeptEvent> Kept { get; } = [];

    /// <summary>Visitors who are known from now on; what was kept of them is in the log now.</summary>
    public List<(string Visitor, Guid Contact)> Claims { get; } = [];

    /// <summary>Decisions to append.</summary>
    public List<StoredDecision> Decisions { get; } = [];

    /// <summary>Effects to carry out.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>Contacts that were deleted: everything about them goes but the mark that says so.</summary>
    public List<Guid> Erased { get; } = [];

    /// <summary>Events of the log with which something could not be done (a door of <see cref="ParkedInput"/>); set aside for a person to look at.</summary>
    public List<(string Door, string Reason, LoggedEvent Event)> Parked { get; } = [];

    /// <summary>Events that had been set aside and have been judged now: they take another place in the log and are set aside no more.</summary>
    public List<RejudgedEvent> Rejudged { get; } = [];

    /// <summary>Whether there is anything to write.</summary>
    public bool IsEmpty => Profiles.Count + Events.Count + Kept.Count + Claims.Count + Decisions.Count + Effects.Count + Erased.Count + Parked.Count + Rejudged.Count == 0;
}
