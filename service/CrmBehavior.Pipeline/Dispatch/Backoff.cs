using System;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>How long to wait before another attempt: twice as long each time, up to a limit, spread so that many do not come at once.</summary>
public static class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(5);

    /// <summary>The wait after an attempt that failed.</summary>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="spread">A number in [0, 1) that differs between those who wait.</param>
    /// <returns>The wait.</returns>
    public static TimeSpan After(int attempt, double spread)
    {
        double full = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(attempt, 20) - 1));
        // Half of it is certain, half is spread.
        return TimeSpan.FromSeconds(full * (0.5 + 0.5 * spread));
    }

    /// <summary>A number in [0, 1) that is an effect's own.</summary>
    internal static double SpreadOf(Guid effect) => (uint)effect.GetHashCode() / (uint.MaxValue + 1.0);
}
