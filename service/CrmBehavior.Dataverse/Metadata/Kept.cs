using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Dataverse.Metadata;

/// <summary>What was read under a key, kept for a time. A reading that fails is not kept.</summary>
sealed class Kept<TKey, TValue>(TimeProvider time, TimeSpan life) where TKey : notnull
{
    readonly ConcurrentDictionary<TKey, (TValue Value, long Since)> values = new();

    /// <summary>How long ago a value was read, or null when none is kept.</summary>
    public TimeSpan? AgeOf(TKey key) => values.TryGetValue(key, out var kept) ? time.GetElapsedTime(kept.Since) : null;

    public bool TryGet(TKey key, out TValue value)
    {
        bool isKept = values.TryGetValue(key, out var kept) && time.GetElapsedTime(kept.Since) < life;
        value = kept.Value;
        return isKept;
    }

    public async ValueTask<TValue> GetAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> read, CancellationToken cancellation)
    {
        if (TryGet(key, out TValue value)) return value;
        long since = time.GetTimestamp();
        TValue fresh = await read(key, cancellation);
        values[key] = (fresh, since);
        return fresh;
    }

    public void Set(TKey key, TValue value) => values[key] = (value, time.GetTimestamp());

    public void Forget(TKey key) => values.TryRemove(key, out _);
}
