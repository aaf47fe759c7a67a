using System;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Tells those who carry effects out, within this process, that a commit has brought some; other processes look for themselves.</summary>
public sealed class EffectNews
{
    event Action? Committed;

    /// <summary>Asks to be told.</summary>
    /// <param name="wake">Called after each such commit, on the committing worker: it must only wake somebody.</param>
    public void Subscribe(Action wake) => Committed += wake;

    /// <summary>Tells all.</summary>
    public void Announce() => Committed?.Invoke();
}
