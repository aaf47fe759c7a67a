using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Numbers under which serialised state names what it keeps. Numbers are only ever added, so state written under one plan can be read
/// under every later one: a definition that did not change finds its records again, and what nobody asks for any more is skipped.
/// </summary>
public sealed class StateLayout
{
    readonly List<string> keys = [];
    readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> lastKept = new(StringComparer.Ordinal);

    /// <summary>A layout without numbers.</summary>
    public StateLayout()
    {
    }

    /// <summary>A layout as it was stored.</summary>
    /// <param name="keys">What has which number, from 0.</param>
    public StateLayout(IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (string key in keys) NumberOf(key);
    }

    /// <summary>What has which number, from 0; to be stored with the state.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>
    /// How much a plan should keep under a key: what earlier ones kept, as long as that is not out of proportion, so that a lower count
    /// does not cost every contact a walk through its log.
    /// </summary>
    internal long KeptOf(string key, long asked)
    {
        long kept = lastKept.GetValueOrDefault(key);
        return kept >= asked && kept / 4 <= asked ? kept : asked;
    }

    /// <summary>The number of a key of which so much is kept.</summary>
    internal int NumberOf(string key, long kept) => NumberOf(string.Create(CultureInfo.InvariantCulture, $"{key}|{kept}"));

    /// <summary>The number of a key, given now if it has none.</summary>
    internal int NumberOf(string key)
    {
        if (numbers.TryGetValue(key, out int number)) return number;
        numbers.Add(key, keys.Count);
        keys.Add(key);
        int bar = key.LastIndexOf('|');
        if (bar >= 0 && long.TryParse(key.AsSpan(bar + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long kept)) lastKept[key[..bar]] = kept;
        return keys.Count - 1;
    }
}
