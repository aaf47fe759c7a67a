using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Contracts;

namespace CrmBehavior.Plugins.Capture;

/// <summary>
/// Keeps an event well under the 192 KB at which the platform cuts a context, and above which it cannot be posted at all. The event rides
/// inside the context as text, where escaping may double it.
/// </summary>
static class EventSize
{
    internal const int Limit = 64 * 1024;

    /// <summary>Leaves out the longest texts until the rest fits, and says so: the reader then reads the row.</summary>
    internal static void Fit(EventMessage message)
    {
        while (Encoding.UTF8.GetByteCount(message.ToJson()) > Limit)
        {
            Dictionary<string, object?> map = Longest(message.Traits) >= Longest(message.Properties) ? message.Traits : message.Properties;
            if (Longest(map) == 0) return;
            map.Remove(map.OrderByDescending(pair => Length(pair.Value)).First().Key);
            message.Incomplete = true;
        }
    }

    static int Longest(Dictionary<string, object?> map) => map.Count == 0 ? 0 : map.Values.Max(Length);

    static int Length(object? value) => value is string text ? text.Length : 0;
}
