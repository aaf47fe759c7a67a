using System;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>How long whoever carries effects out has them to himself, and what is made of a mail whose fate is unknown. Real time.</summary>
public sealed class DispatchOptions
{
    /// <summary>How long effects stay with a process that has died. A living one renews its leases. Setting <c>Dispatch:Lease</c>.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the mail provider may tell of other mails and not of one before that one counts as not accepted. Setting <c>Dispatch:Silence</c>.</summary>
    /// <value>The default is 4 minutes.</value>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a mail stays in doubt when the provider tells of none at all; then it is set aside for a person. Setting <c>Dispatch:Doubt</c>.</summary>
    /// <value>The default is 15 minutes.</value>
    public TimeSpan Doubt { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The real clock, by which leases are renewed.</summary>
    /// <value>The default is the machine's.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
