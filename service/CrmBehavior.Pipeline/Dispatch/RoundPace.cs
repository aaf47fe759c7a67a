using System;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>
/// How soon after a round of writing the next may begin. After a calm while at once, so that what a customer does is in the CRM within
/// moments; under a steady stream a few times a second, so that a round carries many effects and the CRM's limit on requests
/// (6,000 a user and server in five minutes: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits) is not spent on rounds of one or two.
/// </summary>
/// <param name="time">The real clock.</param>
public sealed class RoundPace(TimeProvider time)
{
    /// <summary>Rounds that may follow each other without a pause after a calm while.</summary>
    public const int Burst = 30;

    /// <summary>Rounds a second when they never cease.</summary>
    public const int PerSecond = 2;

    double rounds = Burst;
    long counted = time.GetTimestamp();

    /// <summary>Whether a round may begin.</summary>
    public bool IsOpen
    {
        get
        {
            long now = time.GetTimestamp();
            rounds = Math.Min(Burst, rounds + time.GetElapsedTime(counted, now).TotalSeconds * PerSecond);
            counted = now;
            return rounds >= 1;
        }
    }

    /// <summary>Counts a round. One that carried as much as a round can is not to be counted: more of it in a round would not make fewer.</summary>
    public void Spend() => rounds--;
}
