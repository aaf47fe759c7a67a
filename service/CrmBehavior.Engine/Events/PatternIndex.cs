using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Events;

/// <summary>
/// The patterns of one event name, found by what they ask for: those with an equality by its value, those with a prefix by its letters,
/// so that an event looks at the few patterns that it may match, however many there are.
/// </summary>
internal sealed class PatternIndex
{
    /// <summary>So many patterns of a table are looked at one by one sooner than a value is hashed.</summary>
    const int Few = 2;

    Pattern[] unfiltered = [];
    Pattern[] scanned = [];
    EqualityTable[] equalities = [];
    PrefixTable[] prefixes = [];

    public void Add(Pattern pattern)
    {
        if (pattern.Tests.Count == 0)
        {
            unfiltered = [.. unfiltered, pattern];
            return;
        }
        foreach ((int slot, ValueTest test) in pattern.Tests)
        {
            if (test.Comparisons.FirstOrDefault(c => c.Operator is Operator.Eq or Operator.In) is { } equality)
            {
                EqualityTable? table = Array.Find(equalities, t => t.Slot == slot);
                if (table == null) equalities = [.. equalities, table = new EqualityTable(slot)];
                table.Add(equality.Operands, pattern);
                return;
            }
        }
        foreach ((int slot, ValueTest test) in pattern.Tests)
        {
            if (test.Comparisons.FirstOrDefault(c => c.Operator == Operator.StartsWith && Ascii.IsValid(c.Operand.Utf8) && !c.Operand.Utf8.IsEmpty) is { } prefix)
            {
                int length = prefix.Operand.Utf8.Length;
                PrefixTable? table = Array.Find(prefixes, t => t.Slot == slot && t.Length == length);
                if (table == null) prefixes = [.. prefixes, table = new PrefixTable(slot, length)];
                table.Add(prefix.Operand, pattern);
                return;
            }
        }
        scanned = [.. scanned, pattern];
    }

    /// <summary>Notes in the frame which patterns the event matches.</summary>
    public void Match(EventFrame frame)
    {
        foreach (Pattern pattern in unfiltered) frame.AddMatch(pattern.Id);
        foreach (EqualityTable table in equalities) table.Match(frame);
        foreach (PrefixTable table in prefixes) table.Match(frame);
        foreach (Pattern pattern in scanned)
        {
            if (pattern.Passes(frame)) frame.AddMatch(pattern.Id);
        }
    }

    static void Check(ReadOnlySpan<Pattern> candidates, EventFrame frame)
    {
        foreach (Pattern pattern in candidates)
        {
            if (pattern.Passes(frame)) frame.AddMatch(pattern.Id);
        }
    }

    sealed class EqualityTable(int slot)
    {
        readonly Dictionary<ulong, Pattern[]> byValue = [];
        Pattern[] all = [];

        public int Slot { get; } = slot;

        public void Add(IReadOnlyList<Value> operands, Pattern pattern)
        {
            if (all.Length <= Few) all = [.. all, pattern];
            foreach (ulong key in operands.Select(o => KeyOf(o)).Distinct()) byValue[key] = [.. byValue.GetValueOrDefault(key, []), pattern];
        }

        public void Match(EventFrame frame)
        {
            ref readonly Value value = ref frame.Slots[Slot];
            if (value.IsMissing) return;
            if (all.Length <= Few) Check(all, frame);
            else if (byValue.TryGetValue(KeyOf(value), out Pattern[]? candidates)) Check(candidates, frame);
        }

        /// <summary>Equal for all values that may be equal: text written as a number goes by the number.</summary>
        static ulong KeyOf(in Value value)
        {
            if (value.TryGetNumber(out double number)) return StableHash.Mix((ulong)BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number));
            return value.Kind == ValueKind.Text ? Letters.HashOf(value.Utf8) : (ulong)value.Kind;
        }
    }

    sealed class PrefixTable(int slot, int length)
    {
        readonly Dictionary<ulong, Pattern[]> byPrefix = [];
        Pattern[] all = [];

        public int Slot { get; } = slot;

        public int Length { get; } = length;

        public void Add(in Value prefix, Pattern pattern)
        {
            if (all.Length <= Few) all = [.. all, pattern];
            ulong key = Letters.HashOf(prefix.Utf8);
            byPrefix[key] = [.. byPrefix.GetValueOrDefault(key, []), pattern];
        }

        public void Match(EventFrame frame)
        {
            ref readonly Value value = ref frame.Slots[Slot];
            if (value.Kind != ValueKind.Text || value.Utf8.Length < Length) return;
            if (all.Length <= Few) Check(all, frame);
            else if (byPrefix.TryGetValue(Letters.HashOf(value.Utf8[..Length]), out Pattern[]? candidates)) Check(candidates, frame);
        }
    }
}
