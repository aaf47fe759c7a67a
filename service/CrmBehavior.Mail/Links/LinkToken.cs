using System;

namespace CrmBehavior.Mail.Links;

/// <summary>What a link is for; one made for one use is no good for another.</summary>
public enum LinkUse
{
    /// <summary>Ends mails of a purpose.</summary>
    Unsubscribe = 1,

    /// <summary>Shows and changes preferences.</summary>
    Preferences = 2,

    /// <summary>Tells the website who follows a link from a mail.</summary>
    Visit = 3,
}

/// <summary>Whose link it is and what it is for. There is no address in it.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Contact">Whose it is.</param>
/// <param name="Purpose">Purpose of the mail it stood in, as <c>marketing</c>; at most 100 bytes of UTF-8.</param>
public sealed record LinkToken(LinkUse Use, Guid Contact, string Purpose);
