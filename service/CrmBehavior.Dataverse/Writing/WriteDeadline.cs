using System;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>Until when new requests of one call are begun; what is left then is given back, because the caller holds it on a lease.</summary>
sealed class WriteDeadline(TimeProvider time, TimeSpan length)
{
    readonly long start = time.GetTimestamp();

    public bool IsOver => time.GetElapsedTime(start) >= length;
}
