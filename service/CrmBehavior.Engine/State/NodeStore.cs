using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrmBehavior.Engine.State;

/// <summary>
/// What conditions remember of one contact, or of one enrollment: a record of whole numbers per node that has met an event, in the order
/// of meeting. Nodes that have met nothing take no room.
/// </summary>
/// <remarks>
/// All of it lies in one run of words, because a contact met after ten thousand others is not in the processor's cache, and every run more is
/// one more wait for memory: first the nodes, then where the record of each ends, then the records one after the other.
/// </remarks>
public class NodeStore
{
    /// <summary>Records that room is made for at a time; a multiple of 8, so that eight nodes are looked at at once.</summary>
    const int RoomStep = 8;

    /// <summary>Words for records that a new store has at once: most contacts are seen a few times and never need more.</summary>
    const int FirstWords = 12;

    /// <summary>Nodes, ends and the first records of nearly all contacts.</summary>
    const int FetchedLines = 4;

    WordRun run = WordRun.Empty;
    int count;
    int room;
    Dictionary<int, byte[]>? texts;
    readonly StateRoom? home;

    /// <summary>A store without records.</summary>
    /// <param name="home">Where the words come from; null for arrays of their own.</param>
    internal NodeStore(StateRoom? home = null) => this.home = home;

    /// <summary>Number of records.</summary>
    internal int Count => count;

    /// <summary>The nodes, and from <see cref="room"/> on the ends of their records, counted from the first record.</summary>
    Span<int> Directory => MemoryMarshal.Cast<long, int>(run.Words[..room]);

    internal int NodeAt(int index) => Directory[index];

    internal Span<long> RecordAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
        // From here on all lies within the run: ends rise, and the last is what the records take.
        ref long words = ref run.First;
        ref int end = ref Unsafe.Add(ref Unsafe.As<long, int>(ref words), room + index);
        int from = index == 0 ? 0 : Unsafe.Subtract(ref end, 1);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref words, room + from), end - from);
    }

    /// <summary>The record of a node; empty when it has none. Valid until the next change of the store.</summary>
    internal Span<long> Find(int node)
    {
        int index = IndexOf(node);
        return index < 0 ? default : RecordAt(index);
    }

    /// <summary>The record of a node, made of `length` zeros if it has none yet.</summary>
    internal Span<long> Ensure(int node, int length)
    {
        int index = IndexOf(node);
        return index < 0 ? Append(node, length) : RecordAt(index);
    }

    /// <summary>The record with more words at its end, whose values are undefined.</summary>
    internal Span<long> Lengthen(int node, int by)
    {
        int index = IndexOf(node);
        return index < 0 ? Append(node, by) : LengthenAt(index, by);
    }

    /// <summary>The same for a record whose place is known.</summary>
    internal Span<long> LengthenAt(int index, int by)
    {
        int at = room + Directory[room + index], used = room + Used;
        EnsureLength(used + by);
        Span<long> words = run.Words;
        words[at..used].CopyTo(words[(at + by)..]);
        MoveEnds(index, by);
        return RecordAt(index);
    }

    /// <summary>Takes words from the front of the record at a place.</summary>
    internal void DropFrontAt(int index, int by)
    {
        int at = room + (index == 0 ? 0 : Directory[room + index - 1]);
        Span<long> words = run.Words;
        words[(at + by)..(room + Used)].CopyTo(words[at..]);
        MoveEnds(index, -by);
    }

    /// <summary>Forgets all of a node.</summary>
    internal void Remove(int node)
    {
        texts?.Remove(node);
        int index = IndexOf(node);
        if (index < 0) return;
        DropFrontAt(index, RecordAt(index).Length);
        Span<int> nodes = Directory[..count], ends = Directory.Slice(room, count);
        nodes[(index + 1)..].CopyTo(nodes[index..]);
        ends[(index + 1)..].CopyTo(ends[index..]);
        count--;
    }

    /// <summary>Forgets all records.</summary>
    internal void ClearRecords()
    {
        count = 0;
        texts = null;
    }

    /// <summary>The text that a node keeps, or null.</summary>
    internal byte[]? TextOf(int node) => texts != null && texts.TryGetValue(node, out byte[]? text) ? text : null;

    internal void SetText(int node, byte[] text) => (texts ??= [])[node] = text;

    internal IReadOnlyCollection<int> NodesWithText => texts == null ? [] : texts.Keys;

    /// <summary>Words that the records take.</summary>
    int Used => count == 0 ? 0 : Directory[room + count - 1];

    /// <summary>Place of a node's record, or -1. Valid until a node is removed.</summary>
    internal int IndexOf(int node)
    {
        if (count == 0) return -1;
        // Nodes have room for a multiple of eight, so eight can be read wherever one of them is.
        ref int nodes = ref Unsafe.As<long, int>(ref run.First);
        Vector256<int> wanted = Vector256.Create(node);
        for (int i = 0; i < count; i += Vector256<int>.Count)
        {
            uint found = Vector256.Equals(Vector256.LoadUnsafe(ref nodes, (nuint)i), wanted).ExtractMostSignificantBits();
            if (found == 0) continue;
            // Behind the last there may be anything.
            int index = i + BitOperations.TrailingZeroCount(found);
            return index < count ? index : -1;
        }
        return -1;
    }

    /// <summary>Has the processor fetch the fields.</summary>
    internal void FetchStore() => CacheLine.Fetch(ref run);

    /// <summary>Has the processor fetch what the next event will look at.</summary>
    internal void FetchRecords() => run.Fetch(FetchedLines);

    Span<long> Append(int node, int length)
    {
        int used = Used;
        if (count == room) AddRoom(used, length);
        else EnsureLength(room + used + length);
        Span<int> directory = Directory;
        directory[count] = node;
        directory[room + count] = used + length;
        count++;
        Span<long> record = run.Words.Slice(room + used, length);
        record.Clear();
        return record;
    }

    void MoveEnds(int index, int by)
    {
        foreach (ref int end in Directory[(room + index)..(room + count)]) end += by;
    }

    void AddRoom(int used, int more)
    {
        int roomier = room + Math.Max(RoomStep, room >> 4 << 3);
        WordRun moved = WordRun.Take(home, roomier + Math.Max(FirstWords, used + more + (used >> 1)));
        Span<int> from = Directory, to = MemoryMarshal.Cast<long, int>(moved.Words);
        from[..count].CopyTo(to);
        from.Slice(room, count).CopyTo(to[roomier..]);
        run.Words.Slice(room, used).CopyTo(moved.Words[roomier..]);
        home?.Return(run);
        (run, room) = (moved, roomier);
    }

    void EnsureLength(int length)
    {
        if (length > run.Length) run = run.Longer(home, length + 4 + ((length - room) >> 1), run.Length);
    }
}
