using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>Which contacts have changed in the CRM, by the CRM's own book-keeping.</summary>
public interface IContactChanges
{
    /// <summary>Reads what has changed since an earlier reading.</summary>
    /// <param name="token">What the earlier reading gave; null to begin, which tells of no contact and gives the first token.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The changes.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<ContactChanges> ReadChangesAsync(string? token, CancellationToken cancellation);
}

/// <summary>Contacts that have changed.</summary>
/// <param name="Changed">Contacts that were made or changed, with the version of their row.</param>
/// <param name="Deleted">Contacts that are gone.</param>
/// <param name="Token">From here the next reading goes on.</param>
/// <param name="IsExpired">Whether the token was too old for the CRM, so that nothing is known of the time between; the new one begins now.</param>
public sealed record ContactChanges(IReadOnlyList<(Guid Contact, string Version)> Changed, IReadOnlyList<Guid> Deleted, string Token, bool IsExpired = false);
