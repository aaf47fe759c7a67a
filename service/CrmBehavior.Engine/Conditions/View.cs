using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.Conditions;

/// <summary>
/// What a condition is judged on: a history (the contact's, or that since an enrollment began), the contact for what has a present
/// value, and now.
/// </summary>
internal sealed class View
{
    public required ContactState Contact { get; set; }

    /// <summary>The records of the history.</summary>
    public required NodeStore History { get; set; }

    /// <summary>When that history began.</summary>
    public long Begin { get; set; }

    public long Now { get; set; }
}
