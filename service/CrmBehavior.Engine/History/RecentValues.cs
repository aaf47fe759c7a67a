using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.History;

/// <summary>
/// Keeps (time, value) of matching events that may still lie in the longest window asked for, the 1,000 with the greatest time (equal
/// ones: the latest to arrive), in order of time: for sums, means, extremes, and numbers of different texts.
/// </summary>
internal sealed class RecentValues : HistoryNode
{
    /// <summary>What the language says that windows look at.</summary>
    const int Most = 1000;

    readonly int slot;

    public RecentValues(Pattern pattern, EventPath path, bool texts)
        : base((texts ? "texts " : "numbers ") + path.Text + " " + pattern.Key, [pattern])
    {
        slot = pattern.Shape.SlotOf(path);
        IsTexts = texts;
    }

    /// <summary>Whether values are hashes of texts; else they are the bits of doubles.</summary>
    public bool IsTexts { get; }

    /// <summary>The longest window asked for.</summary>
    long Within => Kept;

    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        Value value = frame.Slots[slot];
        long bits;
        if (IsTexts)
        {
            if (!DistinctText.TryHash(value, out bits)) return false;
        }
        else
        {
            if (!value.TryGetNumber(out double number)) return false;
            bits = BitConverter.DoubleToInt64Bits(number);
        }
        long at = frame.At;
        if (at <= now - Within) return false;
        int index = store.IndexOf(Index);
        Span<long> record = index < 0 ? default : store.RecordAt(index);
        int gone = 0;
        while (gone < record.Length && record[gone] <= now - Within) gone += 2;
        if (gone == 0 && record.Length == Most * 2)
        {
            if (at < record[0]) return false;
            gone = 2;
        }
        if (gone > 0) store.DropFrontAt(index, gone);
        record = index < 0 ? store.Lengthen(Index, 2) : store.LengthenAt(index, 2);
        int place = record.Length - 2;
        for (; place > 0 && record[place - 2] > at; place -= 2) (record[place], record[place + 1]) = (record[place - 2], record[place - 1]);
        (record[place], record[place + 1]) = (at, bits);
        return true;
    }

    /// <summary>Index of the first pair whose time lies after now−within.</summary>
    public static int FirstWithin(ReadOnlySpan<long> record, long now, long within)
    {
        int first = record.Length;
        while (first > 0 && record[first - 2] > now - within) first -= 2;
        return first;
    }

    public override bool IsSpent(ReadOnlySpan<long> record, long now) => record.IsEmpty || record[^2] <= now - Within;

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        int first = FirstWithin(record, now, Within);
        writer.Count((record.Length - first) / 2);
        for (int i = first; i < record.Length; i += 2)
        {
            writer.Time(record[i], now);
            if (IsTexts) writer.Bits(record[i + 1]);
            else writer.Number(BitConverter.Int64BitsToDouble(record[i + 1]));
        }
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        int n = reader.Count();
        if (n == 0) return;
        Span<long> record = store.Ensure(Index, n * 2);
        for (int i = 0; i < record.Length; i += 2)
        {
            record[i] = reader.Time(now);
            record[i + 1] = IsTexts ? reader.Bits() : BitConverter.DoubleToInt64Bits(reader.Number());
        }
    }
}
