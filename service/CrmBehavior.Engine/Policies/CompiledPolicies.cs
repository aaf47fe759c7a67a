using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.History;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Policies;

/// <summary>All policies, by name.</summary>
internal sealed class CompiledPolicies
{
    /// <summary>How long a message may be put off when no policy says.</summary>
    public const long DefaultDeferral = 72 * Duration.Hour;

    public IReadOnlyList<CompiledPolicy> All { get; init; } = [];

    /// <summary>How long a message may be put off in all: the smallest that any policy says.</summary>
    public long DeferAtMost { get; init; } = DefaultDeferral;

    /// <summary>The longest window in which caps and cooldowns look back on messages.</summary>
    public long LookBack { get; init; }
}

/// <summary>A policy that can be asked.</summary>
/// <param name="Source">As authored.</param>
/// <param name="ReviewIf">Conditions of its review rules; null for everybody.</param>
/// <param name="CooldownAfter">Events of its cooldowns; null for those by message.</param>
internal sealed record CompiledPolicy(PolicyDefinition Source, CompiledCondition?[] ReviewIf, LatestTimes?[] CooldownAfter)
{
    public string Name => Source.Name;
}

/// <summary>Compiles policies.</summary>
internal sealed class PolicyCompiler(ConditionCompiler conditions, Needs onDemand)
{
    public CompiledPolicies Compile(IReadOnlyList<PolicyDefinition> policies) => new()
    {
        All = [.. policies.Select(p => new CompiledPolicy(
            p, [.. p.Review.Select(r => r.If == null ? null : conditions.Compile(r.If, onDemand))], [.. p.Cooldowns.Select(c => Events(c.After))]))],
        DeferAtMost = policies.Min(p => p.DeferAtMost) ?? CompiledPolicies.DefaultDeferral,
        LookBack = policies.SelectMany(p => p.Caps.Select(c => c.Per).Concat(p.Cooldowns.Where(c => c.Same != null).Select(c => c.For))).DefaultIfEmpty(0).Max(),
    };

    LatestTimes? Events(EventPattern? after) => after == null ? null : onDemand.Add(conditions.Node(new LatestTimes(conditions.Pattern(after))));
}
