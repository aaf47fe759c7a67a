using System;
using System.Collections.Concurrent;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>How many rows of a table go into one request: less after one that took too long, more again as they pass.</summary>
sealed class BulkSizes
{
    /// <summary>Most rows in a request; the platform's advice is up to 1000 where nothing runs on the table.</summary>
    public const int Most = 500;

    const int Least = 10;
    readonly ConcurrentDictionary<string, int> sizes = new(StringComparer.Ordinal);

    public int Of(string set) => sizes.TryGetValue(set, out int size) ? size : Most;

    public void TookTooLong(string set, int rows) => sizes[set] = Math.Clamp(rows / 2, Least, Most);

    public void Passed(string set)
    {
        if (sizes.TryGetValue(set, out int size)) sizes[set] = Math.Min(Most, size * 2);
    }
}
