using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Commits;

/// <summary>The order of arrival of events of several visitors.</summary>
internal static class Arrival
{
    /// <summary>
    /// Sorts by time of receipt, but never two events of one visitor against the order in which they were stored: clocks of two processes
    /// differ a little.
    /// </summary>
    /// <param name="kept">Events, those of one visitor in the order in which they were stored.</param>
    public static IReadOnlyList<KeptEvent> Sort(IReadOnlyCollection<KeptEvent> kept)
    {
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        var timed = new List<(long At, KeptEvent Event)>(kept.Count);
        foreach (KeptEvent one in kept)
        {
            long at = Math.Max(one.ReceivedAt, reached.GetValueOrDefault(one.Visitor, long.MinValue));
            reached[one.Visitor] = at;
            timed.Add((at, one));
        }
        return [.. timed.OrderBy(x => x.At).ThenBy(x => x.Event.Visitor, StringComparer.Ordinal).Select(x => x.Event)];
    }
}
