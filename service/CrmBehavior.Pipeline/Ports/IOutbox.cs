using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>Something to be done outside, once, under an id derived from the decision.</summary>
/// <param name="Id">Id of the effect; for what a single decision asks for, the decision's own.</param>
/// <param name="Contact">For whom.</param>
/// <param name="Kind">One of <see cref="EffectKind"/>.</param>
/// <param name="Key">Effects of one contact and kind with one key are coalesced: the latest stands. Empty where each stands for itself.</param>
/// <param name="At">When it was decided, milliseconds since 1970 of the product's clock.</param>
/// <param name="Body">What is asked for, as JSON in UTF-8; its form goes by kind.</param>
/// <param name="Delay">How long it may wait to be carried out with others.</param>
public sealed record Effect(Guid Id, Guid Contact, string Kind, string Key, long At, byte[] Body, TimeSpan Delay = default)
{
    /// <summary>
    /// When it is due if it comes now: as late as it may wait, brought forward to the latest instant at which others are due too. Those
    /// instants are half the delay apart, so that what may wait goes in few waves instead of each in its own moment.
    /// </summary>
    /// <param name="now">Milliseconds since 1970 of the wall clock.</param>
    /// <returns>Milliseconds since 1970 of the wall clock; after half the delay at the earliest.</returns>
    public long DueFrom(long now)
    {
        long latest = now + (long)Delay.TotalMilliseconds, apart = (long)Delay.TotalMilliseconds / 2;
        return apart == 0 ? latest : latest - latest % apart;
    }
}

/// <summary>Kinds of effects.</summary>
public static class EffectKind
{
    /// <summary>A mail.</summary>
    public const string Mail = "mail";

    /// <summary>A task for the contact's owner.</summary>
    public const string Task = "task";

    /// <summary>An entry on the timeline.</summary>
    public const string Touchpoint = "touchpoint";

    /// <summary>A tag is wanted, or not wanted any more; key: the tag.</summary>
    public const string Tag = "tag";

    /// <summary>A score's row; key: the score.</summary>
    public const string Score = "score";

    /// <summary>Columns of the contact; key: <c>columns</c>, or the column that a journey sets.</summary>
    public const string Contact = "contact";

    /// <summary>A row that a person answers.</summary>
    public const string Review = "review";

    /// <summary>A call of a customer's address.</summary>
    public const string Webhook = "webhook";

    /// <summary>The nightly look for scores that have faded; of no contact.</summary>
    public const string Refresh = "refresh";
}

/// <summary>States of an effect in the outbox.</summary>
public enum EffectState
{
    /// <summary>To be carried out.</summary>
    Pending,

    /// <summary>A mail has been handed to the provider, and the answer is not known.</summary>
    Uncertain,

    /// <summary>Set aside with a reason; a person may have it tried again.</summary>
    Parked,
}

/// <summary>An effect that this process may carry out until its lease ends.</summary>
/// <param name="Effect">The effect.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Fence">Must be named to complete it; another process that has taken it over has another.</param>
/// <param name="Revision">Counts how often it was coalesced; done with one revision, a later one is still to do.</param>
/// <param name="State">In which state it was found.</param>
/// <param name="InDoubt">Of an uncertain mail, for how long it has been so.</param>
public sealed record LeasedEffect(Effect Effect, int Attempt, long Fence, long Revision, EffectState State, TimeSpan InDoubt = default)
{
    /// <summary>The contact under whom the outbox has it, also when it is carried out for another, into whom that one was merged.</summary>
    public Guid Contact { get; } = Effect.Contact;
}

/// <summary>An effect set aside.</summary>
/// <param name="Effect">The effect.</param>
/// <param name="Reason">Why, for a person to read.</param>
/// <param name="ParkedAt">When.</param>
public sealed record ParkedEffect(Effect Effect, string Reason, DateTimeOffset ParkedAt);

/// <summary>Effects that were decided and are to be carried out.</summary>
public interface IOutbox
{
    /// <summary>
    /// Takes effects of some kinds that are due and that nobody holds a lease of, oldest first, those of equal age by contact; of one
    /// contact, kind and key only the first. Uncertain mails come too, once their lease has lapsed.
    /// </summary>
    /// <param name="kinds">Kinds, see <see cref="EffectKind"/>.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="lease">How long they are ours.</param>
    /// <param name="flush">Takes also what may still wait to be carried out with others; not what waits for another attempt.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The effects; empty when none is due.</returns>
    Task<IReadOnlyList<LeasedEffect>> LeaseAsync(IReadOnlyCollection<string> kinds, int most, TimeSpan lease, bool flush, CancellationToken cancellation);

    /// <summary>Prolongs leases; of effects whose lease was lost nothing is changed.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="lease">How long they are ours from now.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is noted.</returns>
    Task RenewAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Notes that effects are done; one that was coalesced with a later one meanwhile stays.</summary>
    /// <param name="done">The effects.</param>
    /// <param name="followUps">
    /// Effects that follow from them (a timeline entry for a mail sent), added in the same transaction, also when a lease was lost or the
    /// mail settled meanwhile; not for erased contacts.
    /// </param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task CompleteAsync(IReadOnlyCollection<LeasedEffect> done, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation);

    /// <summary>Notes that a mail is about to be handed to the provider.</summary>
    /// <param name="effect">The mail.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when the lease has lapsed or was lost, or a later effect of the key has come: then it must not be sent.</returns>
    Task<bool> MarkUncertainAsync(LeasedEffect effect, CancellationToken cancellation);

    /// <summary>
    /// Puts effects back, to be tried again after a time, in the state that the lease names: an uncertain mail stays so until the caller,
    /// who knows that the provider does not have it, passes it <c>with { State = EffectState.Pending }</c>.
    /// </summary>
    /// <param name="effects">The effects; one whose lease was lost is left alone.</param>
    /// <param name="after">How long from now.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, CancellationToken cancellation);

    /// <summary>
    /// Sets an effect aside with a reason a person can read. One whose lease was lost is left alone; where a later one of its key has come,
    /// that one is carried out instead.
    /// </summary>
    /// <param name="effect">The effect.</param>
    /// <param name="reason">Why.</param>
    /// <param name="followUps">Effects that follow (a timeline entry that says so), added in the same transaction if it was set aside.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task ParkAsync(LeasedEffect effect, string reason, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation);

    /// <summary>
    /// Settles a mail that the provider has accepted, as its answer or its events say: in doubt, set aside meanwhile, or put back to be sent
    /// again, it is never sent any more.
    /// </summary>
    /// <param name="effect">Id of the effect.</param>
    /// <param name="followUp">Makes the effect that follows (the timeline entry of a mail sent), added in the same transaction.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True if it was still in the outbox.</returns>
    Task<bool> SettleAsync(Guid effect, Func<Effect, Effect> followUp, CancellationToken cancellation);

    /// <summary>Reads what is set aside, latest first, of one instant by falling id.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The effects with their reasons.</returns>
    Task<IReadOnlyList<ParkedEffect>> ReadParkedAsync(int most, CancellationToken cancellation);

    /// <summary>A further page of what is set aside.</summary>
    /// <param name="after">The last effect of the page before.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The effects with their reasons, latest first.</returns>
    Task<IReadOnlyList<ParkedEffect>> ReadParkedAfterAsync((DateTimeOffset ParkedAt, Guid Id) after, int most, CancellationToken cancellation);

    /// <summary>An effect that is set aside.</summary>
    /// <param name="effect">Its id.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The effect with its reason, or null when none of that id is set aside.</returns>
    Task<ParkedEffect?> FindParkedAsync(Guid effect, CancellationToken cancellation);

    /// <summary>Forgets an effect that is set aside: it is never carried out.</summary>
    /// <param name="effect">Id of the effect.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when none of that id is set aside.</returns>
    Task<bool> DropParkedAsync(Guid effect, CancellationToken cancellation);

    /// <summary>Has an effect tried again that was set aside.</summary>
    /// <param name="effect">Id of the effect.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when there is no such effect.</returns>
    Task<bool> ReleaseAsync(Guid effect, CancellationToken cancellation);

    /// <summary>How many effects wait (those that are due or delayed, not parked), and how many are parked.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Both numbers, and the age of the oldest that waits.</returns>
    Task<(long Waiting, long Parked, TimeSpan Oldest)> CountAsync(CancellationToken cancellation);
}
