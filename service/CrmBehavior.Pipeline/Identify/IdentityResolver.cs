using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Identify;

/// <summary>Proofs of who a browser's visitor is.</summary>
public sealed class IdentityOptions
{
    /// <summary>Key of <c>context.userHash</c>; null where browsers have no such proof. Setting <c>Ingest:IdentitySecret</c>.</summary>
    public string? Secret { get; set; }

    /// <summary>Reads a signed link; null when it is not one of ours.</summary>
    public Func<string, Guid?> ReadLink { get; set; } = _ => null;
}

/// <summary>
/// Says whose a call is. A secret key speaks for whomever it names. A browser's key is public: an address may make a contact, but claims
/// one that exists only by a signed link or a hash of the user id.
/// </summary>
public sealed class IdentityResolver(ICrmGateway crm, IServiceStore store, IProfileStore profiles, IdentityOptions options)
{
    const int Remembered = 100_000;

    readonly ConcurrentDictionary<string, Lazy<Task<Guid?>>> underWay = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, bool> known = new(), told = new();

    /// <summary>The events of a call with their subject; a contact that is made for it comes first.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>One event, or two.</returns>
    /// <exception cref="CrmException">The CRM would have to be asked, and did not answer.</exception>
    public async Task<IReadOnlyList<AcceptedEvent>> ResolveAsync(TrackingCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        string[] visitors = [.. VisitorsOf(call)];
        byte[] body = EventBody.Of(call);
        var accepted = new AcceptedEvent(call.Id, call.Name, call.At, call.ReceivedAt, body) { Visitors = visitors, Lane = call.Lane };
        if (call.Link is { } link && options.ReadLink(link) is { } linked) return [accepted with { Contact = linked }];
        bool isTrusted = call.Key.IsServer || IsProven(call);
        Guid? contact = isTrusted && call.UserId is { } user ? await ByUserAsync(user, cancellation) : null;
        if (contact != null) return [accepted with { Contact = contact }];
        string? email = Address(call.Email) ?? (isTrusted ? Address(call.UserId) : null);
        if (email == null) return [accepted];
        if (await ByEmailAsync(email, cancellation) is { } owner && !(call.MayCreate && await IsHalfMadeAsync(owner, email, cancellation))) return [isTrusted ? accepted with { Contact = owner } : accepted];
        if (!call.MayCreate) return [accepted];
        (Guid made, AcceptedEvent created) = await CreateAsync(call, email, cancellation);
        return [created, accepted with { Contact = made }];
    }

    /// <summary>The contact that an address belongs to, or null.</summary>
    /// <param name="email">The address.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The contact.</returns>
    /// <exception cref="CrmException">The CRM would have to be asked, and did not answer.</exception>
    public async Task<Guid?> FindAsync(string email, CancellationToken cancellation) =>
        Address(email) is { } address ? await ByEmailAsync(address, cancellation) : null;

    /// <summary>Remembers an address that the CRM has told of.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="email">Its address, or null when it has none any more.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When it is durable.</returns>
    public async Task RememberAsync(Guid contact, string? email, CancellationToken cancellation)
    {
        Note(contact);
        if (Address(email) is { } address) await store.RememberEmailAsync(address, contact, cancellation);
    }

    /// <summary>The visitor ids of a call, the one under whom it is kept first.</summary>
    static IEnumerable<string> VisitorsOf(TrackingCall call)
    {
        if (call.AnonymousId is { } anonymous) yield return "a:" + anonymous;
        // Ids that name a contact are no visitors; others are ours only as long as nobody knows better.
        if (call.UserId is { } user && Address(user) == null && !Guid.TryParse(user, out _)) yield return "u:" + user;
        else if (call is { AnonymousId: null, UserId: { } only }) yield return "u:" + only;
        if (call is { PreviousId: { } previous, Key.IsServer: true }) yield return "a:" + previous;
    }

    bool IsProven(TrackingCall call)
    {
        if (options.Secret == null || call.UserHash == null || call.UserId == null) return false;
        byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Secret), Encoding.UTF8.GetBytes(call.UserId));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.ASCII.GetBytes(call.UserHash.ToLowerInvariant()));
    }

    async Task<Guid?> ByUserAsync(string user, CancellationToken cancellation)
    {
        if (!Guid.TryParse(user, out Guid contact)) return Address(user) is { } email ? await ByEmailAsync(email, cancellation) : null;
        if (known.ContainsKey(contact)) return contact;
        bool isThere = await profiles.FindAsync(contact, cancellation) != null || await crm.HasContactAsync(contact, cancellation);
        if (!isThere) return null;
        Note(contact);
        return contact;
    }

    async Task<Guid?> ByEmailAsync(string email, CancellationToken cancellation)
    {
        // Calls about one address that come together ask once; who gives up does not give up for the others.
        Lazy<Task<Guid?>> asking = underWay.GetOrAdd(email, e => new Lazy<Task<Guid?>>(() => LookUpAsync(e, CancellationToken.None)));
        try
        {
            return await asking.Value.WaitAsync(cancellation);
        }
        finally
        {
            underWay.TryRemove(new KeyValuePair<string, Lazy<Task<Guid?>>>(email, asking));
        }
    }

    async Task<Guid?> LookUpAsync(string email, CancellationToken cancellation)
    {
        if (await store.FindByEmailAsync(email, cancellation) is { } remembered) return remembered;
        if (await crm.FindContactAsync(email, cancellation) is not { } found) return null;
        await store.RememberEmailAsync(email, found, cancellation);
        Note(found);
        return found;
    }

    /// <summary>
    /// Whether a contact was made here for an address, and whoever made it did not come to tell of it: then whoever comes next makes it
    /// again, under the same id, and tells.
    /// </summary>
    async Task<bool> IsHalfMadeAsync(Guid contact, string email, CancellationToken cancellation)
    {
        if (told.ContainsKey(contact)) return false;
        if (contact == await FreeIdAsync(email, cancellation) && !await IsToldAsync(contact, cancellation)) return true;
        if (told.Count >= Remembered) told.Clear();
        told[contact] = true;
        return false;
    }

    /// <summary>Whether the log says that the contact was made; others may have told of it before its maker did.</summary>
    async Task<bool> IsToldAsync(Guid contact, CancellationToken cancellation)
    {
        if (await profiles.FindAsync(contact, cancellation) == null) return false;
        long first = 0;
        await foreach (LoggedEvent logged in profiles.ReadLogAsync(contact, cancellation))
        {
            if (first == 0) first = logged.Sequence;
            if (first > 1 || logged.Id == NewContact.IdOf(contact)) return true;
        }
        // An old log that has been cleared up tells nothing; who is known so long was told of.
        return first == 0;
    }

    /// <summary>The id of the contact that is made for an address: who was deleted and comes again is somebody new.</summary>
    async Task<Guid> FreeIdAsync(string email, CancellationToken cancellation)
    {
        for (int generation = 0; ; generation++)
        {
            Guid contact = EffectIds.Of("contact", email, generation.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (await profiles.FindAsync(contact, cancellation) is not { IsErased: true }) return contact;
        }
    }

    /// <summary>Makes a contact once: its id follows from the address, so that makers at the same time make the same one.</summary>
    async Task<(Guid Contact, AcceptedEvent Created)> CreateAsync(TrackingCall call, string email, CancellationToken cancellation)
    {
        Guid contact = await FreeIdAsync(email, cancellation);
        Dictionary<string, object?> columns = NewContact.Columns(call, email);
        if (await crm.FindVariableAsync(CrmNames.DefaultOwnerVariable, cancellation) is not { Length: > 0 } owner)
        {
            throw new CrmException($"No contact can be made for a new address: the environment variable {CrmNames.DefaultOwnerVariable} is empty; set it to the id of a user or team.", isTransient: false);
        }
        columns["ownerid@odata.bind"] = owner.Contains('(', StringComparison.Ordinal) ? owner : $"/systemusers({owner.Trim('{', '}')})";
        await crm.CreateContactAsync(contact, columns, cancellation);
        await store.RememberEmailAsync(email, contact, cancellation);
        Note(contact);
        columns.Remove("ownerid@odata.bind");
        return (contact, NewContact.Created(call, contact, columns));
    }

    void Note(Guid contact)
    {
        if (known.Count >= Remembered) known.Clear();
        known[contact] = true;
    }

    /// <summary>The address in lower case, or null where the text is none.</summary>
    internal static string? Address(string? text) =>
        text is { Length: > 3 and <= 320 } && text.Contains('@', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal)
            && MailAddress.TryCreate(text, out MailAddress? address) && address.Address == text ? text.ToLowerInvariant() : null;
}
