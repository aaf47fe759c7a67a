using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>What the service as a whole remembers: plans, identities, events that wait for an identity, settings made at first start.</summary>
public interface IServiceStore
{
    /// <summary>Brings the schema up to this version of the program.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is there.</returns>
    Task MigrateAsync(CancellationToken cancellation);

    /// <summary>The plan in force, or null before the first.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The latest stored plan.</returns>
    Task<StoredPlan?> FindPlanAsync(CancellationToken cancellation);

    /// <summary>An earlier plan.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The plan, or null when there was none of that number.</returns>
    Task<StoredPlan?> FindPlanAsync(int generation, CancellationToken cancellation);

    /// <summary>Stores a plan as the next generation, unless another process was first.</summary>
    /// <param name="plan">The plan; its generation is one more than that in force.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when another process was first, or its generation is not the next.</returns>
    Task<bool> TryAddPlanAsync(StoredPlan plan, CancellationToken cancellation);

    /// <summary>A value kept under a name, or null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The value.</returns>
    Task<string?> FindSettingAsync(string name, CancellationToken cancellation);

    /// <summary>Keeps a value under a name, unless there is one already.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The value that is kept.</returns>
    Task<string> EnsureSettingAsync(string name, string value, CancellationToken cancellation);

    /// <summary>Keeps a value under a name, in place of the one there is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task PutSettingAsync(string name, string value, CancellationToken cancellation);

    /// <summary>The contact that an address belongs to, as last known; null when unknown.</summary>
    /// <param name="email">In lower case.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The contact.</returns>
    Task<Guid?> FindByEmailAsync(string email, CancellationToken cancellation);

    /// <summary>Remembers whose an address is; null forgets it. Of an erased contact nothing is remembered.</summary>
    /// <param name="email">In lower case.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task RememberEmailAsync(string email, Guid? contact, CancellationToken cancellation);

    /// <summary>For whom contacts count that were merged into others: the last of the chain.</summary>
    /// <param name="contacts">The contacts.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>By contact; those that count for themselves are left out.</returns>
    Task<IReadOnlyDictionary<Guid, Guid>> FindMastersAsync(IReadOnlyCollection<Guid> contacts, CancellationToken cancellation);

    /// <summary>Who has given contacts a tag, as far as it was not a segment: tags set by hand or by a step stay when a segment ends.</summary>
    /// <param name="tags">Contact and tag; goes with the contact when it is erased.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Those of them that are so noted.</returns>
    Task<IReadOnlySet<(Guid Contact, string Tag)>> FindLastingTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation);

    /// <summary>Notes that a tag was set by hand or by a step, or (with false) forgets it.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="lasting">Whether no segment may take it away.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task NoteLastingTagAsync(Guid contact, string tag, bool lasting, CancellationToken cancellation);

    /// <summary>
    /// Notes what follows from a tag that was written, as long as nobody else has taken the effect over: who comes late must not note what
    /// has become untrue.
    /// </summary>
    /// <param name="by">The effect by which it was written.</param>
    /// <param name="contact">Who has the tag.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="lasting">Whether no segment may take it away; null to leave that as it is.</param>
    /// <param name="isGiftOver">Whether it is not given by a segment any more.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable, or was left alone.</returns>
    Task NoteWrittenTagAsync(LeasedEffect by, Guid contact, string tag, bool? lasting, bool isGiftOver, CancellationToken cancellation);

    /// <summary>Which tags segments have given: only these may be taken away again when a segment ends.</summary>
    /// <param name="tags">Contact and tag; goes with the contact when it is erased.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Those of them that are so noted.</returns>
    Task<IReadOnlySet<(Guid Contact, string Tag)>> FindGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation);

    /// <summary>Notes that tags are about to be given because of segments, or (with false) that they are not so given any more.</summary>
    /// <param name="tags">Contact and tag.</param>
    /// <param name="given">Whether a segment gives them.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task NoteGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, bool given, CancellationToken cancellation);

    /// <summary>Keeps calls whose subject cannot be told while the CRM is away, in order.</summary>
    /// <param name="calls">The calls, each with all that it says of who it is, the first of which stands for it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When they are durable.</returns>
    Task AddUnresolvedAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, CancellationToken cancellation);

    /// <summary>Those of some subjects that calls are kept of.</summary>
    /// <param name="subjects">The subjects.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The subjects whose calls wait.</returns>
    Task<IReadOnlySet<string>> FindUnresolvedAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation);

    /// <summary>The calls that wait longest.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The calls in order.</returns>
    Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(int most, CancellationToken cancellation) => ReadUnresolvedAsync(0, most, cancellation);

    /// <summary>A further page of the calls that wait.</summary>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The calls in order.</returns>
    Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(long after, int most, CancellationToken cancellation);

    /// <summary>Forgets calls that have been taken in.</summary>
    /// <param name="numbers">Their numbers.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task RemoveUnresolvedAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellation);

    /// <summary>Sets aside what arrived and cannot be read, with a reason, for a person to look at.</summary>
    /// <param name="door">Where it came in.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="content">As it came.</param>
    /// <param name="at">When, milliseconds since 1970.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    Task ParkInputAsync(string door, string reason, byte[] content, long at, CancellationToken cancellation);

    /// <summary>What was set aside and not yet removed, latest first.</summary>
    /// <param name="most">How many at most; 0 to count only.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The latest, and how many there are in all.</returns>
    Task<(IReadOnlyList<ParkedInput> Latest, long Count)> ReadParkedInputsAsync(int most, CancellationToken cancellation);

    /// <summary>A further page of what was set aside.</summary>
    /// <param name="before">Only what has a lower number, which came earlier.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Latest first.</returns>
    Task<IReadOnlyList<ParkedInput>> ReadParkedInputsBeforeAsync(long before, int most, CancellationToken cancellation);

    /// <summary>Finds an input that is set aside.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when there is none of that number.</returns>
    async Task<ParkedInput?> FindParkedInputAsync(long number, CancellationToken cancellation) =>
        number is > 0 and < long.MaxValue && await ReadParkedInputsBeforeAsync(number + 1, 1, cancellation) is [{ } found] && found.Number == number ? found : null;

    /// <summary>Forgets an input that was set aside, because it has been taken in after all or nobody wants it.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when there is none of that number.</returns>
    Task<bool> RemoveParkedInputAsync(long number, CancellationToken cancellation);
}

/// <summary>An input that could not be read, as it came.</summary>
/// <param name="Number">Counts them.</param>
/// <param name="Door">Where it came in: <c>bus</c>, <c>track</c>, <c>sendgrid</c>; or what could not be done with an event that is in the log, <see cref="Judging"/> or <see cref="Merging"/>.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="At">When it came, milliseconds since 1970.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Contact">Whose it is; null where that is not known.</param>
public sealed record ParkedInput(long Number, string Door, string Reason, long At, byte[] Content, Guid? Contact = null)
{
    /// <summary>The event is in the log and could not be judged.</summary>
    public const string Judging = "engine";

    /// <summary>The event is in the log and has been judged, but the merge that it tells of could not be followed.</summary>
    public const string Merging = "merge";
}

/// <summary>The definitions in force from some moment on.</summary>
/// <param name="Generation">Counts plans from 1.</param>
/// <param name="At">Since when, milliseconds since 1970 of the product's clock.</param>
/// <param name="Definitions">The published versions, as JSON.</param>
/// <param name="LayoutKeys">Numbers of what is kept in states.</param>
/// <param name="Fingerprint">Equal for equal definitions.</param>
public sealed record StoredPlan(int Generation, long At, IReadOnlyList<PublishedDefinition> Definitions, IReadOnlyList<string> LayoutKeys, string Fingerprint);

/// <summary>A published version of a definition.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its number.</param>
/// <param name="IsPaused">Whether a person has paused it.</param>
/// <param name="IsCurrent">Whether it is the one in force; an older one of a journey only brings its enrollments to an end.</param>
/// <param name="Json">The definition.</param>
public sealed record PublishedDefinition(string Kind, string Name, int Version, bool IsPaused, bool IsCurrent, string Json);
