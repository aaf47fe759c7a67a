using System;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>
/// Where a contact stands with each definition that has ever been worked out for it: value, activity, grade, and when time alone may
/// change it next. Sorted by definition; those never touched take no room.
/// </summary>
internal sealed class DefinitionStates
{
    int[] definitions = [];
    long[] dues = [];
    long[] untils = [];
    int[] values = [];
    int count;
    long nextDue = Instant.Never;
    bool stale;

    public int Count => count;

    public int DefinitionAt(int index) => definitions[index];

    /// <summary>Place of a definition, or the complement of where it belongs.</summary>
    public int IndexOf(int definition)
    {
        int low = 0, high = count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int key = definitions[middle];
            if (key == definition) return middle;
            if (key < definition) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    public int Ensure(int definition)
    {
        int index = IndexOf(definition);
        if (index >= 0) return index;
        index = ~index;
        if (count == definitions.Length)
        {
            int size = count == 0 ? 4 : count + (count >> 1) + 2;
            Array.Resize(ref definitions, size);
            Array.Resize(ref dues, size);
            Array.Resize(ref untils, size);
            Array.Resize(ref values, size);
        }
        Array.Copy(definitions, index, definitions, index + 1, count - index);
        Array.Copy(dues, index, dues, index + 1, count - index);
        Array.Copy(untils, index, untils, index + 1, count - index);
        Array.Copy(values, index, values, index + 1, count - index);
        definitions[index] = definition;
        dues[index] = Instant.Never;
        untils[index] = Instant.None;
        values[index] = 0;
        count++;
        return index;
    }

    /// <summary>Bit 0: the condition holds; bit 1: a signal is active. Of a score: its grade, plus one.</summary>
    public ref int Value(int index) => ref values[index];

    /// <summary>The end of a signal's least activity.</summary>
    public ref long Until(int index) => ref untils[index];

    public long Due(int index) => dues[index];

    public void SetDue(int index, long due)
    {
        long before = dues[index];
        if (before == due) return;
        dues[index] = due;
        if (due < nextDue) nextDue = due;
        else if (before == nextDue) stale = true;
    }

    public int ValueOf(int definition)
    {
        int index = IndexOf(definition);
        return index < 0 ? 0 : values[index];
    }

    /// <summary>The earliest instant at which time alone may change one.</summary>
    public long NextDue
    {
        get
        {
            if (!stale) return nextDue;
            long least = Instant.Never;
            foreach (long due in dues.AsSpan(0, count)) least = Math.Min(least, due);
            stale = false;
            return nextDue = least;
        }
    }

    public void Clear()
    {
        count = 0;
        nextDue = Instant.Never;
        stale = false;
    }
}
