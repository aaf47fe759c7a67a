using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Hints to the processor. A contact met after ten thousand others is not in its cache; asking for several ahead of time makes their waits
/// for memory one. Where the processor takes no hints, nothing happens.
/// </summary>
public static class CacheLine
{
    /// <summary>Bytes of a line.</summary>
    public const int Size = 64;

    /// <summary>Has the line fetched that a place lies in. A hint may point anywhere, also to where the collector has just moved something away.</summary>
    /// <param name="place">The place.</param>
    /// <param name="offset">Bytes from there.</param>
    public static unsafe void Fetch<T>(ref T place, int offset = 0)
    {
        if (Sse.IsSupported) Sse.Prefetch0((byte*)Unsafe.AsPointer(ref place) + offset);
    }
}
