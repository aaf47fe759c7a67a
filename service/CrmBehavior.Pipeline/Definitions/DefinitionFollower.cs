using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Definitions;

/// <summary>
/// Follows the definitions in the CRM: what is published there is in force here within seconds. The plan is stored with a number before it
/// is used, so that all processes agree which one wrote a state; while the CRM is away the stored plan stays in force.
/// </summary>
public sealed class DefinitionFollower(ICrmGateway crm, IServiceStore store, PlanHolder holder, TimeProvider clock, ILogger<DefinitionFollower> log) : IDisposable
{
    readonly SemaphoreSlim one = new(1, 1);

    /// <summary>What could not be used of the definitions in force, in words; empty when all is well.</summary>
    public IReadOnlyList<string> LeftOut { get; private set; } = [];

    /// <summary>Takes the stored plan in force, or an empty one at the very first start.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>When a plan is in force.</returns>
    public async Task StartAsync(CancellationToken cancellation)
    {
        StoredPlan? stored = await store.FindPlanAsync(cancellation);
        if (stored == null)
        {
            await store.TryAddPlanAsync(new StoredPlan(1, Now, [], [], Fingerprint([])), cancellation);
            stored = (await store.FindPlanAsync(cancellation))!;
        }
        Use(stored);
    }

    /// <summary>Looks once whether something was published, and takes it in force.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True when another plan is in force now.</returns>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    public async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            IReadOnlyList<PublishedDefinition> published = await crm.ReadDefinitionsAsync(cancellation);
            string fingerprint = Fingerprint(published);
            StoredPlan stored = (await store.FindPlanAsync(cancellation))!;
            if (stored.Fingerprint != fingerprint)
            {
                // The new plan's numbers follow on those of the one before; the compiler adds what is new.
                var draft = stored with { Generation = stored.Generation + 1, At = Now, Definitions = published, Fingerprint = fingerprint };
                (ActivePlan compiled, _) = ActivePlan.Compile(draft);
                bool isOurs = await store.TryAddPlanAsync(draft with { LayoutKeys = compiled.Plan.Layout.Keys }, cancellation);
                stored = (await store.FindPlanAsync(cancellation))!;
                if (isOurs) log.PlanPublished(stored.Generation, published.Count(p => p.IsCurrent));
            }
            if (stored.Generation == holder.Current.Generation) return false;
            Use(stored);
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    void Use(StoredPlan stored)
    {
        (ActivePlan plan, LeftOut) = ActivePlan.Compile(stored);
        foreach (string problem in LeftOut) log.DefinitionLeftOut(problem);
        holder.Set(plan);
    }

    long Now => Instant.From(clock.GetUtcNow());

    static string Fingerprint(IEnumerable<PublishedDefinition> definitions)
    {
        string text = string.Join('\n', definitions.Select(d => $"{d.Kind}\t{d.Name}\t{d.Version}\t{d.IsPaused}\t{d.IsCurrent}\t{d.Json}").Order(StringComparer.Ordinal));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
