using System;
using System.Collections.Generic;
using System.Threading;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>
/// The order of the answers that are being paged through, so that the next page need not sort again. A page whose order was forgotten
/// is found by running its query anew.
/// </summary>
internal sealed class PageCache
{
    const int Capacity = 16;
    readonly Lock gate = new();
    readonly Dictionary<string, Guid[]> ordersByToken = new(StringComparer.Ordinal);
    readonly Queue<string> oldestFirst = new();

    /// <summary>Remembers an order; answers its token.</summary>
    public string Add(Guid[] ids)
    {
        string token = Guid.NewGuid().ToString("N");
        lock (gate)
        {
            ordersByToken.Add(token, ids);
            oldestFirst.Enqueue(token);
            while (oldestFirst.Count > Capacity) ordersByToken.Remove(oldestFirst.Dequeue());
        }
        return token;
    }

    /// <summary>The order of a token; null when it was forgotten.</summary>
    public Guid[]? Find(string token)
    {
        lock (gate) return ordersByToken.GetValueOrDefault(token);
    }
}
