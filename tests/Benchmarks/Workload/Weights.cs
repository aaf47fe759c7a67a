using System;
using System.Collections.Generic;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>Draws an index with a probability in proportion to its weight.</summary>
internal sealed class Weights
{
    readonly long[] sums;

    public Weights(IEnumerable<int> weights)
    {
        var list = new List<long>();
        long sum = 0;
        foreach (int weight in weights) list.Add(sum += weight);
        sums = [.. list];
    }

    public int Of(ulong random)
    {
        long wanted = (long)(random % (ulong)sums[^1]);
        int found = Array.BinarySearch(sums, wanted);
        // A weight of 0 never occurs, so the sums differ; what is equal to a sum belongs to the next index.
        return found >= 0 ? found + 1 : ~found;
    }
}
