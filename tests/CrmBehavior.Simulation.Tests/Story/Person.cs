using System;
using System.Collections.Generic;

namespace CrmBehavior.Simulation.Tests.Story;

/// <summary>How somebody is known.</summary>
public enum Acquaintance
{
    /// <summary>In the CRM; senders name the contact.</summary>
    ByContact,

    /// <summary>In the CRM; senders name the address.</summary>
    ByAddress,

    /// <summary>Nobody knows him until he fills in a form, which makes a contact.</summary>
    ByForm,

    /// <summary>Nobody knows him until a server says that he is a contact.</summary>
    ByLogin,

    /// <summary>Nobody ever knows him.</summary>
    Never,
}

/// <summary>Somebody of the story, with what was accepted of him.</summary>
public sealed record Person(int Number, Acquaintance Known, Guid Contact)
{
    public string Email => $"p{Number}@example.org";

    public string Visitor => $"v{Number}";

    /// <summary>Whether the contact is deleted on the way.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Ids of events that were answered with 200 or whose message was completed, in the order in which they were sent.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>Ids of events that came by other ways than the person's own sender: in any order.</summary>
    public HashSet<string> AcceptedElsewhere { get; } = new(StringComparer.Ordinal);
}
