using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrmBehavior.Engine.State;

/// <summary>A run of words: an array of its own, or a part of a block of a <see cref="StateRoom"/>.</summary>
internal readonly struct WordRun(long[] block, int start, int length)
{
    /// <summary>A run without words.</summary>
    public static WordRun Empty { get; } = new([], 0, 0);

    public int Length => length;

    public Span<long> Words => block.AsSpan(start, length);

    /// <summary>The first word, for those who know that they stay within the run: no bounds are checked from here.</summary>
    public ref long First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(block), start);

    /// <summary>Has the processor fetch the first words, so that they are there when they are asked for a little later.</summary>
    public void Fetch(int lines)
    {
        ref long first = ref MemoryMarshal.GetArrayDataReference(block);
        for (int i = 0; i < lines; i++) CacheLine.Fetch(ref first, start * sizeof(long) + i * CacheLine.Size);
    }

    /// <summary>A longer run that begins with the first `kept` words of this one, which is given back.</summary>
    /// <param name="room">Where runs come from; null for arrays of their own.</param>
    /// <param name="atLeast">Its length.</param>
    /// <param name="kept">How many words are taken over, to the same place.</param>
    public WordRun Longer(StateRoom? room, int atLeast, int kept)
    {
        WordRun longer = Take(room, atLeast);
        Words[..kept].CopyTo(longer.Words);
        room?.Return(this);
        return longer;
    }

    public static WordRun Take(StateRoom? room, int words) => room?.Take(words) ?? new WordRun(new long[words], 0, words);
}
