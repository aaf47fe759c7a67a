using System;
using System.Collections.Generic;

namespace CrmBehavior.Engine.State;

/// <summary>
/// What conditions remember of one contact, or of one enrollment: a record of whole numbers per node that has met an event, sorted by
/// node, packed into one array. Nodes that have met nothing take no room.
/// </summary>
internal sealed class NodeStore
{
    int[] nodes = [];
    int[] ends = [];
    long[] words = [];
    int count;
    Dictionary<int, byte[]>? texts;

    /// <summary>Number of records.</summary>
    public int Count => count;

    public int NodeAt(int index) => nodes[index];

    public Span<long> RecordAt(int index)
    {
        int from = index == 0 ? 0 : ends[index - 1];
        return words.AsSpan(from, ends[index] - from);
    }

    /// <summary>The record of a node; empty when it has none. Valid until the next change of the store.</summary>
    public Span<long> Find(int node)
    {
        int index = IndexOf(node);
        return index < 0 ? default : RecordAt(index);
    }

    /// <summary>The record of a node, made of `length` zeros if it has none yet.</summary>
    public Span<long> Ensure(int node, int length)
    {
        int index = IndexOf(node);
        return index < 0 ? Insert(~index, node, length) : RecordAt(index);
    }

    /// <summary>The record with one more word at its end, whose value is undefined.</summary>
    public Span<long> Lengthen(int node, int by)
    {
        int index = IndexOf(node);
        if (index < 0) return Insert(~index, node, by);
        Shift(index, ends[index], by);
        return RecordAt(index);
    }

    /// <summary>Takes words from the front of a record.</summary>
    public void DropFront(int node, int by)
    {
        int index = IndexOf(node);
        if (index < 0 || by == 0) return;
        int from = index == 0 ? 0 : ends[index - 1];
        Array.Copy(words, from + by, words, from, ends[count - 1] - from - by);
        for (int i = index; i < count; i++) ends[i] -= by;
    }

    /// <summary>Forgets all of a node.</summary>
    public void Remove(int node)
    {
        texts?.Remove(node);
        int index = IndexOf(node);
        if (index < 0) return;
        int from = index == 0 ? 0 : ends[index - 1];
        DropFront(node, ends[index] - from);
        Array.Copy(nodes, index + 1, nodes, index, count - index - 1);
        Array.Copy(ends, index + 1, ends, index, count - index - 1);
        count--;
    }

    public void Clear()
    {
        count = 0;
        texts = null;
    }

    /// <summary>The text that a node keeps, or null.</summary>
    public byte[]? TextOf(int node) => texts != null && texts.TryGetValue(node, out byte[]? text) ? text : null;

    public void SetText(int node, byte[] text) => (texts ??= [])[node] = text;

    public IEnumerable<int> NodesWithText => texts == null ? [] : texts.Keys;

    int IndexOf(int node)
    {
        int low = 0, high = count - 1;
        int[] keys = nodes;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int key = keys[middle];
            if (key == node) return middle;
            if (key < node) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    Span<long> Insert(int index, int node, int length)
    {
        if (count == nodes.Length)
        {
            int size = count == 0 ? 4 : count + (count >> 1) + 2;
            Array.Resize(ref nodes, size);
            Array.Resize(ref ends, size);
        }
        Array.Copy(nodes, index, nodes, index + 1, count - index);
        Array.Copy(ends, index, ends, index + 1, count - index);
        nodes[index] = node;
        ends[index] = index == 0 ? 0 : ends[index - 1];
        count++;
        int at = ends[index];
        Shift(index, at, length);
        Span<long> record = words.AsSpan(at, length);
        record.Clear();
        return record;
    }

    /// <summary>Makes room at a place in the words; the record at `index` and all after it end later.</summary>
    void Shift(int index, int at, int by)
    {
        int used = ends[count - 1];
        if (used + by > words.Length) Array.Resize(ref words, Math.Max(used + by, words.Length + (words.Length >> 1) + 4));
        Array.Copy(words, at, words, at + by, used - at);
        for (int i = index; i < count; i++) ends[i] += by;
    }
}
