using System;

namespace CrmBehavior.Mail.Tests.Servers;

/// <summary>A clock that stands.</summary>
sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
