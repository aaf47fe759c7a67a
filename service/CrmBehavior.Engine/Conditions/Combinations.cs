using System;
using System.Linq;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Conditions;

/// <summary>Holds when all (or, with <paramref name="any"/>, when one) of its parts do.</summary>
/// <remarks>
/// While one part decides alone, the whole cannot change before that part does: of several that decide, the one that may change last
/// tells when to look again. Otherwise the whole may change with any of them.
/// </remarks>
internal sealed class Combination(Condition source, CompiledCondition[] parts, bool any) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => any ? Array.Exists(parts, p => p.CanHoldWithoutEvents) : Array.TrueForAll(parts, p => p.CanHoldWithoutEvents);

    public override bool CanFailWithoutEvents => any ? Array.TrueForAll(parts, p => p.CanFailWithoutEvents) : Array.Exists(parts, p => p.CanFailWithoutEvents);

    public override bool Holds(View view, ref long due)
    {
        long earliest = Instant.Never, latest = Instant.None;
        bool decided = false;
        foreach (CompiledCondition part in parts)
        {
            long own = Instant.Never;
            if (part.Holds(view, ref own) == any)
            {
                decided = true;
                if (own > latest) latest = own;
                if (own == Instant.Never) break;
            }
            else if (own < earliest)
            {
                earliest = own;
            }
        }
        Lower(ref due, decided ? latest : earliest);
        return decided == any;
    }

    protected override Evidence Observe(Evidence evidence, View view) => evidence with { Parts = [.. parts.Select(p => p.Explain(view))] };
}

/// <summary>Holds when its part does not.</summary>
internal sealed class Negation(Condition source, CompiledCondition part) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => part.CanFailWithoutEvents;

    public override bool CanFailWithoutEvents => part.CanHoldWithoutEvents;

    public override bool Holds(View view, ref long due) => !part.Holds(view, ref due);

    protected override Evidence Observe(Evidence evidence, View view) => evidence with { Parts = [part.Explain(view)] };
}
