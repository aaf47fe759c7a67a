using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Conditions;

/// <summary>A condition that can be judged.</summary>
internal abstract class CompiledCondition(Condition source)
{
    /// <summary>As authored.</summary>
    public Condition Source { get; } = source;

    /// <summary>Whether it can hold of somebody whose history has no event that it names, at some time.</summary>
    public abstract bool CanHoldWithoutEvents { get; }

    /// <summary>Whether it can fail of somebody whose history has no event that it names, at some time.</summary>
    public abstract bool CanFailWithoutEvents { get; }

    /// <summary>Judges it as of the view's now.</summary>
    /// <param name="view">What it is judged on.</param>
    /// <param name="due">Lowered to an instant before which time alone cannot make it come out otherwise; later than now.</param>
    public abstract bool Holds(View view, ref long due);

    public bool Holds(View view)
    {
        long due = Instant.Never;
        return Holds(view, ref due);
    }

    /// <summary>The condition with what is observed at each leaf.</summary>
    public virtual Evidence Explain(View view)
    {
        long due = Instant.Never;
        bool holds = Holds(view, ref due);
        return Observe(new Evidence(Source, holds) { Until = due == Instant.Never ? null : due }, view);
    }

    protected abstract Evidence Observe(Evidence evidence, View view);

    protected static void Lower(ref long due, long to)
    {
        if (to < due) due = to;
    }
}
