using System;
using System.Numerics;

namespace CrmBehavior.Engine.Evaluate;

/// <summary>Numbers waiting to be worked on, taken lowest first; more may be added meanwhile.</summary>
internal sealed class WorkSet(int size)
{
    readonly ulong[] words = new ulong[(size + 63) / 64];
    int lowest = int.MaxValue;

    public bool IsEmpty => lowest == int.MaxValue;

    public void Add(int number)
    {
        words[number >> 6] |= 1ul << number;
        if (number >> 6 < lowest) lowest = number >> 6;
    }

    public void AddAll(int[] numbers)
    {
        foreach (int number in numbers) Add(number);
    }

    public bool Contains(int number) => (words[number >> 6] >> number & 1) != 0;

    /// <summary>Takes the lowest number below a limit out.</summary>
    public bool TryTake(int limit, out int number)
    {
        for (int i = lowest; i < words.Length; i++)
        {
            if (words[i] == 0) continue;
            lowest = i;
            number = (i << 6) + BitOperations.TrailingZeroCount(words[i]);
            if (number >= limit) return false;
            words[i] &= words[i] - 1;
            return true;
        }
        lowest = int.MaxValue;
        number = -1;
        return false;
    }

    public bool Remove(int number)
    {
        bool was = Contains(number);
        words[number >> 6] &= ~(1ul << number);
        return was;
    }

    public void Clear()
    {
        if (IsEmpty) return;
        Array.Clear(words);
        lowest = int.MaxValue;
    }
}
