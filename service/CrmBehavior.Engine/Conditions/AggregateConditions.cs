using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Conditions;

/// <summary>A sum, mean or extreme over a window passes a test.</summary>
internal sealed class AggregateInWindow(EventAggregate source, RecentValues node) : CompiledCondition(source)
{
    readonly long within = source.Within!.Value;

    public override bool CanHoldWithoutEvents => source.Of == Aggregate.Sum && source.Is.Passes(0);

    public override bool CanFailWithoutEvents => source.Of != Aggregate.Sum || !source.Is.Passes(0);

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        int first = RecentValues.FirstWithin(record, view.Now, within);
        var running = new Running(source.Of);
        bool holds = running.Passes(source.Is);
        // From the latest back: what holds of the later part is what will hold when the rest has left. So one pass tells the value now
        // and the first departure after which it is otherwise, and the same events give the same sum however many older ones are kept.
        int passesFrom = holds ? record.Length : -1, failsFrom = holds ? -1 : record.Length;
        for (int i = record.Length - 2; i >= first; i -= 2)
        {
            running.Add(BitConverter.Int64BitsToDouble(record[i + 1]));
            if (i > first && record[i - 2] == record[i]) continue;
            if (running.Passes(source.Is)) passesFrom = i;
            else failsFrom = i;
        }
        holds = running.Passes(source.Is);
        int change = holds ? failsFrom : passesFrom;
        if (change > first) Lower(ref due, Instant.Add(record[change - 2], within));
        return holds;
    }

    /// <summary>What has been added up so far.</summary>
    struct Running(Aggregate of)
    {
        double sum, least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        int count;

        public void Add(double number)
        {
            sum += number;
            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
            count++;
        }

        public readonly double? Value => of switch
        {
            Aggregate.Sum => Nine.Decimals(sum),
            _ when count == 0 => null,
            Aggregate.Average => Nine.Decimals(sum / count),
            Aggregate.Least => least,
            _ => greatest,
        };

        public readonly bool Passes(NumberTest test) => Value is { } value && test.Passes(value);
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        ReadOnlySpan<long> window = record[RecentValues.FirstWithin(record, view.Now, within)..];
        var running = new Running(source.Of);
        for (int i = window.Length - 2; i >= 0; i -= 2) running.Add(BitConverter.Int64BitsToDouble(window[i + 1]));
        return evidence with { Number = running.Value, Count = window.Length / 2, Last = window.IsEmpty ? null : window[^2] };
    }
}

/// <summary>A sum, mean or extreme over all time passes a test.</summary>
internal sealed class AggregateEver(EventAggregate source, Totals node) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.Of == Aggregate.Sum && source.Is.Passes(0);

    public override bool CanFailWithoutEvents => source.Of != Aggregate.Sum || !source.Is.Passes(0);

    public override bool Holds(View view, ref long due) => TryWorkOut(view, out double value) && source.Is.Passes(value);

    bool TryWorkOut(View view, out double value)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        value = 0;
        if (record.IsEmpty) return source.Of == Aggregate.Sum;
        double sum = Totals.Of(record, Totals.Sum) + Totals.Of(record, Totals.Error);
        value = source.Of switch
        {
            Aggregate.Sum => Nine.Decimals(sum),
            Aggregate.Average => Nine.Decimals(sum / record[Totals.Counted]),
            Aggregate.Least => Totals.Of(record, Totals.Least),
            _ => Totals.Of(record, Totals.Greatest),
        };
        return true;
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        return evidence with { Number = TryWorkOut(view, out double value) ? value : null, Count = record.IsEmpty ? 0 : record[Totals.Counted] };
    }
}

/// <summary>The number of different texts in a window passes a test.</summary>
internal sealed class DistinctInWindow(EventAggregate source, RecentValues node) : CompiledCondition(source)
{
    readonly long within = source.Within!.Value;
    readonly int enough = source.Is.Saturation;

    public override bool CanHoldWithoutEvents => source.Is.Passes(0);

    public override bool CanFailWithoutEvents => !source.Is.Passes(0);

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        ReadOnlySpan<long> window = record[RecentValues.FirstWithin(record, view.Now, within)..];
        int n = Count(window, enough, out long last);
        bool holds = source.Is.Passes(n);
        // The number changes when the text leaves that is the last of those counted.
        if (n > 0 && (holds || !source.Is.IsAtLeast)) Lower(ref due, Instant.Add(last, within));
        return holds;
    }

    /// <summary>Different texts in the window, told up to a limit, and the latest time of the one that was seen least lately.</summary>
    static int Count(ReadOnlySpan<long> window, int limit, out long last)
    {
        last = Instant.None;
        int n = 0;
        if (limit > 64)
        {
            var many = new HashSet<long>();
            for (int i = window.Length - 2; i >= 0 && many.Count < limit; i -= 2)
            {
                if (many.Add(window[i + 1])) last = window[i];
            }
            return many.Count;
        }
        Span<long> seen = stackalloc long[64];
        for (int i = window.Length - 2; i >= 0 && n < limit; i -= 2)
        {
            if (seen[..n].Contains(window[i + 1])) continue;
            seen[n++] = window[i + 1];
            last = window[i];
        }
        return n;
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        ReadOnlySpan<long> window = record[RecentValues.FirstWithin(record, view.Now, within)..];
        return evidence with { Number = Count(window, int.MaxValue, out _), Count = window.Length / 2, Last = window.IsEmpty ? null : window[^2] };
    }
}

/// <summary>The number of different texts of all time passes a test.</summary>
internal sealed class DistinctEver(EventAggregate source, KnownTexts node) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.Is.Passes(0);

    public override bool CanFailWithoutEvents => !source.Is.Passes(0);

    public override bool Holds(View view, ref long due) => source.Is.Passes(view.History.Find(node.Index).Length);

    protected override Evidence Observe(Evidence evidence, View view)
    {
        int n = view.History.Find(node.Index).Length;
        return evidence with { Number = n, IsAtLeast = n == node.Kept };
    }
}

/// <summary>How sums and means are compared: rounded to nine decimals.</summary>
internal static class Nine
{
    public static double Decimals(double value) => Math.Abs(value) < 1e15 ? Math.Round(value, 9) : value;
}
