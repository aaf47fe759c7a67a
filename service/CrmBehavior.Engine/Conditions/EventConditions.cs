using System;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Conditions;

/// <summary>Events in a window number so many.</summary>
internal sealed class CountInWindow(EventCount source, LatestTimes node) : CompiledCondition(source)
{
    readonly long within = source.Within!.Value;
    readonly NumberTest test = source.Count;
    readonly int least = source.Count.IsAtLeast && !source.Count.Passes(0) ? source.Count.Saturation : 0;

    public override bool CanHoldWithoutEvents => test.Passes(0);

    public override bool CanFailWithoutEvents => !test.Passes(0);

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> times = view.History.Find(node.Index);
        if (least > 0)
        {
            // The k-th latest time decides alone: while it is in the window, so are k.
            if (times.Length < least) return false;
            long decisive = times[^least];
            if (decisive <= view.Now - within) return false;
            Lower(ref due, Instant.Add(decisive, within));
            return true;
        }
        int n = LatestTimes.Count(times, view.Now, within);
        if (n > 0) Lower(ref due, Instant.Add(times[^n], within));
        return test.Passes(n);
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> times = view.History.Find(node.Index);
        int n = LatestTimes.Count(times, view.Now, within);
        return evidence with { Count = n, IsAtLeast = n == node.Kept, Last = n > 0 ? times[^1] : null, Oldest = n > 0 ? times[^(least > 0 ? Math.Min(n, least) : n)] : null };
    }
}

/// <summary>Events of all time number so many.</summary>
internal sealed class CountEver(EventCount source, Tally node) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.Count.Passes(0);

    public override bool CanFailWithoutEvents => !source.Count.Passes(0);

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        return source.Count.Passes(record.IsEmpty ? 0 : record[0]);
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        return record.IsEmpty ? evidence with { Count = 0 } : evidence with { Count = record[0], IsAtLeast = record[0] == node.Kept, Last = record[1] };
    }
}

/// <summary>A sequence of events, all within a window if there is one.</summary>
internal sealed class SequenceDone(EventSequence source, Chain node) : CompiledCondition(source)
{
    readonly long within = source.Within ?? 0;

    public override bool CanHoldWithoutEvents => false;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> least = view.History.Find(node.Index);
        if (least.IsEmpty || least[^1] == Instant.None) return false;
        if (within == 0) return true;
        if (least[^1] <= view.Now - within) return false;
        Lower(ref due, Instant.Add(least[^1], within));
        return true;
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> least = view.History.Find(node.Index);
        int steps = least.Length;
        while (steps > 0 && (least[steps - 1] == Instant.None || (within > 0 && least[steps - 1] <= view.Now - within))) steps--;
        return evidence with { Steps = steps, Since = steps > 0 ? least[steps - 1] : null };
    }
}

/// <summary>No such event for so long, of a contact known as long.</summary>
internal sealed class AbsentFor(Absence source, LatestTimes node) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => true;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> times = view.History.Find(node.Index);
        long quiet = times.IsEmpty ? view.Begin : Math.Max(view.Begin, times[^1]);
        long complete = Instant.Add(quiet, source.For);
        if (complete <= view.Now) return true;
        Lower(ref due, complete);
        return false;
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> times = view.History.Find(node.Index);
        return evidence with { Last = times.IsEmpty ? null : times[^1], Since = view.Begin };
    }
}

/// <summary>No such event after the latest other one, which is so long ago.</summary>
internal sealed class AbsentSince(AbsenceSince source, LatestPair node) : CompiledCondition(source)
{
    public LatestPair Node => node;

    public override bool CanHoldWithoutEvents => false;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        if (record.IsEmpty || record[LatestPair.Since] == Instant.None || LatestPair.IsCovered(record)) return false;
        long complete = Instant.Add(record[LatestPair.Since], source.For);
        if (complete <= view.Now) return true;
        Lower(ref due, complete);
        return false;
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ReadOnlySpan<long> record = view.History.Find(node.Index);
        if (record.IsEmpty) return evidence;
        return evidence with
        {
            Since = record[LatestPair.Since] == Instant.None ? null : record[LatestPair.Since],
            Last = LatestPair.IsCovered(record) ? record[LatestPair.Missed] : null,
        };
    }
}
