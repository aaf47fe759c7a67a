using System.Collections.Generic;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Room for the states of many contacts that are kept together, as in a replay: a few large blocks of words, which the collector neither
/// looks into nor moves. Contacts without a room, as those that are loaded and stored one by one, have arrays of their own.
/// </summary>
/// <remarks>Not for use by several threads at once. The room lives as long as the last of its contacts.</remarks>
public sealed class StateRoom
{
    /// <summary>Runs are handed out in steps of so many words, so that what one contact outgrew fits another.</summary>
    const int Step = 4;

    /// <summary>What is longer gets an array of its own.</summary>
    const int Longest = 512;

    const int FirstBlock = 1 << 14, LargestBlock = 1 << 20;

    readonly Stack<WordRun>?[] free = new Stack<WordRun>?[Longest / Step + 1];
    long[] block = [];
    int used;
    int nextBlock = FirstBlock;

    internal WordRun Take(int words)
    {
        int steps = (words + Step - 1) / Step;
        if (steps >= free.Length) return new WordRun(new long[words], 0, words);
        if (free[steps] is { Count: > 0 } again) return again.Pop();
        int length = steps * Step;
        if (used + length > block.Length)
        {
            (block, used) = (new long[nextBlock], 0);
            if (nextBlock < LargestBlock) nextBlock *= 2;
        }
        var run = new WordRun(block, used, length);
        used += length;
        return run;
    }

    internal void Return(in WordRun run)
    {
        int steps = run.Length / Step;
        if (steps > 0 && steps < free.Length) (free[steps] ??= new Stack<WordRun>()).Push(run);
    }
}
