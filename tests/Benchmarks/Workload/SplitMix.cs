namespace CrmBehavior.Benchmarks.Workload;

/// <summary>SplitMix64, so that a seed gives the same workload on every machine and in every language.</summary>
internal sealed class SplitMix(ulong seed)
{
    ulong state = unchecked(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03);

    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>The next number's remainder.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);
}
