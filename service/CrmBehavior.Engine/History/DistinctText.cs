using System;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.History;

/// <summary>When two values are one text for `distinct`: case is ignored, and 7, 7.0 and "7" are the same.</summary>
internal static class DistinctText
{
    /// <summary>A hash that is equal for values that are one text.</summary>
    /// <returns>False when there is no value to count.</returns>
    public static bool TryHash(in Value value, out long hash)
    {
        hash = 0;
        if (value.IsMissing) return false;
        // 64 bits: two of a thousand different texts collide once in 10^13 windows. The bits of a number are turned over, since 0 would
        // otherwise have the hash of the empty text.
        hash = value.TryGetNumber(out double number)
            ? (long)StableHash.Mix(~(ulong)BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number))
            : (long)Letters.HashOf(value.Kind switch { ValueKind.True => "true"u8, ValueKind.False => "false"u8, _ => value.Utf8 });
        return true;
    }
}
