using System;
using System.Buffers.Binary;

namespace CrmBehavior.Engine.Values;

/// <summary>A 64-bit hash that is the same on every machine, for keys of state and of repeated ids. Not for secrets.</summary>
public static class StableHash
{
    const ulong Seed = 0x9E3779B97F4A7C15, Factor = 0xBF58476D1CE4E5B9;

    /// <summary>The hash of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Another hash, to make one of several parts.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = Seed)
    {
        ulong hash = seed ^ (ulong)bytes.Length * Factor;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        ulong rest = 0;
        foreach (byte b in bytes) rest = rest << 8 | b;
        return Mix(Mix(hash ^ rest));
    }

    /// <summary>Spreads the bits of a number: the high and low half of a 128-bit product, folded.</summary>
    /// <param name="x">A number.</param>
    /// <returns>One that looks like chance.</returns>
    public static ulong Mix(ulong x)
    {
        ulong high = Math.BigMul(x ^ Seed, Factor, out ulong low);
        x = high ^ low;
        return x ^ x >> 29;
    }
}
