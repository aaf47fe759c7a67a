using System;
using System.Threading;

namespace CrmBehavior.Pipeline.Definitions;

/// <summary>Holds the plan in force; readers take it once for a piece of work and stay with it.</summary>
public sealed class PlanHolder
{
    ActivePlan? current;

    /// <summary>The plan in force.</summary>
    /// <exception cref="InvalidOperationException">No plan has been loaded yet.</exception>
    public ActivePlan Current => Volatile.Read(ref current) ?? throw new InvalidOperationException("No definitions have been loaded yet.");

    /// <summary>Whether a plan has been loaded.</summary>
    public bool IsLoaded => Volatile.Read(ref current) != null;

    /// <summary>Puts a plan in force.</summary>
    /// <param name="plan">The plan.</param>
    public void Set(ActivePlan plan) => Volatile.Write(ref current, plan);
}
