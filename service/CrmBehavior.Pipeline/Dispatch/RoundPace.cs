using System;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>
/// How soon after a round of writing the next may begin. After a calm while at once, so that what a customer does is in the CRM within
/// moments; under a steady stream a few times a second, so that a round carries many effects and the CRM's limit on requests
/// (6,000 a user and server in five minutes: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits) is not spent on rounds of one or two.
/// Where waiting brings no company, as for somebody who does one thing after the other, it ends.
/// </summary>
/// <param name="time">The real clock.</param>
public sealed class RoundPace(TimeProvider time)
{
    /// <summary>Rounds that may follow each other without a pause after a calm while.</summary>
    public const int Burst = 30;

    /// <summary>Rounds a second when they never cease.</summary>
    public const int PerSecond = 2;

    /// <summary>A round that has waited and carries fewer has waited in vain.</summary>
    const int Company = 3;

    double rounds = Burst;
    bool hasWaited;
    long counted = time.GetTimestamp();

    /// <summary>Whether a round may begin.</summary>
    public bool IsOpen
    {
        get
        {
            long now = time.GetTimestamp();
            rounds = Math.Min(Burst, rounds + time.GetElapsedTime(counted, now).TotalSeconds * PerSecond);
            counted = now;
            hasWaited |= rounds < 1;
            return rounds >= 1;
        }
    }

    /// <summary>Counts a round. One that carried as much as a round can is not to be counted: more of it in a round would not make fewer.</summary>
    /// <param name="carried">How many effects it carried.</param>
    public void Spend(int carried)
    {
        rounds = hasWaited && carried < Company ? Burst : rounds - 1;
        hasWaited = false;
    }
}
