using System;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.State;

namespace CrmBehavior.Engine.History;

/// <summary>Number, sum and extremes over matching events of all time.</summary>
/// <remarks>The sum carries the error of its additions along (Neumaier's compensated summation), so that order does not show in nine decimals.</remarks>
internal sealed class Totals : HistoryNode
{
    /// <summary>Words of a record: number, sum, its error, least, greatest.</summary>
    public const int Counted = 0, Sum = 1, Error = 2, Least = 3, Greatest = 4, Length = 5;

    readonly int slot;

    public Totals(Pattern pattern, EventPath path) : base("totals " + path.Text + " " + pattern.Key, [pattern]) => slot = pattern.Shape.SlotOf(path);

    public override bool Take(NodeStore store, EventFrame frame, long now)
    {
        if (!frame.Slots[slot].TryGetNumber(out double value)) return false;
        Span<long> record = store.Ensure(Index, Length);
        double sum = Of(record, Sum), total = sum + value;
        double error = Math.Abs(sum) >= Math.Abs(value) ? sum - total + value : value - total + sum;
        record[Error] = BitConverter.DoubleToInt64Bits(Of(record, Error) + error);
        record[Sum] = BitConverter.DoubleToInt64Bits(total);
        if (record[Counted] == 0 || value < Of(record, Least)) record[Least] = BitConverter.DoubleToInt64Bits(value);
        if (record[Counted] == 0 || value > Of(record, Greatest)) record[Greatest] = BitConverter.DoubleToInt64Bits(value);
        record[Counted]++;
        return true;
    }

    public static double Of(ReadOnlySpan<long> record, int word) => BitConverter.Int64BitsToDouble(record[word]);

    public override void Write(StateWriter writer, ReadOnlySpan<long> record, long now)
    {
        writer.Signed(record[Counted]);
        for (int i = Sum; i < Length; i++) writer.Number(Of(record, i));
    }

    public override void Read(ref StateReader reader, NodeStore store, long now)
    {
        Span<long> record = store.Ensure(Index, Length);
        record[Counted] = reader.Signed();
        for (int i = Sum; i < Length; i++) record[i] = BitConverter.DoubleToInt64Bits(reader.Number());
    }
}
