using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Commits;

/// <summary>What a batch has locked and read: only of this it may write.</summary>
internal sealed class BatchScope
{
    /// <summary>Whether its contacts and visitors were named by the caller, who then gets a batch even of none.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The contacts it has locked.</summary>
    public HashSet<Guid> Contacts { get; } = [];

    /// <summary>The visitors it has locked.</summary>
    public HashSet<string> Visitors { get; } = new(StringComparer.Ordinal);

    /// <summary>The profiles that are there; erased contacts among them.</summary>
    public Dictionary<Guid, Profile> Profiles { get; } = [];

    /// <summary>When time alone may change a profile, as it was read.</summary>
    public Dictionary<Guid, long?> Due { get; } = [];

    /// <summary>How many events have been kept of visitors so far, where the store counts them.</summary>
    public Dictionary<string, long> KeptBefore { get; } = new(StringComparer.Ordinal);

    /// <summary>Contacts for which there is a row only because it was needed as a lock.</summary>
    public List<Guid> BareContacts { get; } = [];

    /// <summary>Visitors for which there is a row only because it was needed as a lock.</summary>
    public List<string> BareVisitors { get; } = [];

    /// <summary>The contacts that visitors are known to be.</summary>
    public Dictionary<string, Guid> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>A profile as the store found it.</summary>
    public void Add(Profile profile, long? due)
    {
        Profiles[profile.Contact] = profile;
        Due[profile.Contact] = due;
    }

    /// <summary>A contact that was erased.</summary>
    public void AddErased(Guid contact) => Profiles[contact] = Erased(contact);

    /// <summary>What is known of an erased contact.</summary>
    public static Profile Erased(Guid contact) => new(contact, [], 0, 0, IsErased: true);
}
