using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Planted;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>The CRM as one process reaches it. It asks for pauses, half does what it is told, answers late or not at all, and is away.</summary>
public sealed class SimulatedCrmGateway(Simulation simulation, ServiceProcess process) : ICrmGateway
{
    const string Owner = "0f000000-0000-0000-0000-00000000000f";

    readonly Wire wire = new(simulation, process);
    readonly SimulatedCrm crm = simulation.Crm;

    public Task<Guid?> FindContactAsync(string email, CancellationToken cancellation) => ReadAsync<Guid?>(
        "find contact", () => crm.Contacts.Where(c => c.Value.GetValueOrDefault("emailaddress1") as string == email).Select(c => (Guid?)c.Key).Order().FirstOrDefault());

    public Task<bool> HasContactAsync(Guid contact, CancellationToken cancellation) => ReadAsync("has contact", () => crm.Contacts.ContainsKey(contact));

    public Task<bool> CreateContactAsync(Guid contact, IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation)
    {
        // Done, and the answer lost, is what a caller must be able to bear.
        Mishap mishap = simulation.Faults.OfCrm(true) switch { CrmMishap.None or CrmMishap.Throttled => Mishap.None, CrmMishap.DoneButUnanswered or CrmMishap.HalfDone => Mishap.After, _ => Mishap.Before };
        return wire.CallAsync(
            "crm create contact", simulation.Faults.CrmWay(), () => Task.FromResult(crm.Contacts.TryAdd(contact, new Dictionary<string, object?>(columns))), mishap,
            () => new CrmException("the CRM did not answer", isTransient: true));
    }

    public Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadContactsAsync(
        IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>>(
            "read contacts",
            () => contacts.Where(crm.Contacts.ContainsKey).ToDictionary(c => c, c => (IReadOnlyDictionary<string, object?>)crm.Contacts[c].Append(new("ownerid", Owner)).ToDictionary()));

    public Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation)
    {
        if (Closed() is { } closed) return Task.FromResult<IReadOnlyList<CrmResult>>([.. writes.Select(_ => new CrmResult(CrmOutcome.Retry, "it asked for a pause", closed))]);
        CrmMishap mishap = simulation.Faults.OfCrm(true);
        return wire.CallAsync<IReadOnlyList<CrmResult>>(
            $"crm write {writes.Count} {mishap}", simulation.Faults.CrmWay(), () => Task.FromResult<IReadOnlyList<CrmResult>>([.. Write(writes, mishap)]), Mishap.None,
            () => new CrmException("", true));
    }

    public Task<IReadOnlyList<PublishedDefinition>> ReadDefinitionsAsync(CancellationToken cancellation) => ReadAsync<IReadOnlyList<PublishedDefinition>>("definitions", () => [.. crm.Definitions]);

    public Task<bool> MayReadContactAsync(Guid user, Guid contact, CancellationToken cancellation) => throw new NotSupportedException("Nobody asks from here.");

    public Task<string?> FindUserAddressAsync(Guid user, CancellationToken cancellation) => throw new NotSupportedException("Nobody asks from here.");

    public Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason, CancellationToken cancellation) =>
        throw new NotSupportedException("Nobody publishes from here.");

    public Task<string?> FindVariableAsync(string name, CancellationToken cancellation) => ReadAsync<string?>(
        "variable", () => name switch { Contracts.CrmNames.DefaultOwnerVariable => Owner, Contracts.CrmNames.MainScoreVariable => "engagement", _ => null });

    IEnumerable<CrmResult> Write(IReadOnlyList<CrmWrite> writes, CrmMishap mishap)
    {
        Arrived();
        int done = 0;
        TimeSpan pause = TimeSpan.FromSeconds(simulation.World.Chance.Next(1, 300));
        foreach (CrmWrite write in writes)
        {
            bool isLost = mishap is CrmMishap.Unreachable or CrmMishap.Busy || (mishap is CrmMishap.HalfDone or CrmMishap.Throttled && done >= writes.Count / 2);
            if (isLost && mishap == CrmMishap.Throttled) Close(pause);
            CrmResult result = isLost ? new CrmResult(CrmOutcome.Retry, $"{mishap}", mishap == CrmMishap.Throttled ? pause : null) : crm.Write(write, simulation.Has(Bug.UpdateMakesGhosts));
            if (simulation.World.Notes != null) simulation.World.Note($"  {write}: {result.Outcome}");
            done++;
            if (mishap == CrmMishap.DoneButUnanswered) result = new CrmResult(CrmOutcome.Retry, "no answer within the time");
            if (isLost && simulation.Has(Bug.PartialResultsIgnored)) result = new CrmResult(CrmOutcome.Done);
            yield return result;
        }
    }

    Task<T> ReadAsync<T>(string what, Func<T> read)
    {
        if (Closed() is { } closed) return Task.FromException<T>(new CrmException("it asked for a pause", isTransient: true) { RetryAfter = closed });
        CrmMishap mishap = simulation.Faults.OfCrm(false);
        TimeSpan? pause = mishap == CrmMishap.Throttled ? TimeSpan.FromSeconds(simulation.World.Chance.Next(1, 300)) : null;
        return wire.CallAsync(
            $"crm {what}", simulation.Faults.CrmWay(),
            () =>
            {
                Arrived();
                return Task.FromResult(read());
            },
            mishap == CrmMishap.None ? Mishap.None : Mishap.Before,
            () =>
            {
                if (pause is { } wait) Close(wait);
                return new CrmException("the CRM did not answer", isTransient: true) { RetryAfter = pause };
            });
    }

    void Close(TimeSpan pause) => crm.Pauses[process.Name] = (simulation.World.Clock.Elapsed, simulation.World.Clock.Elapsed + pause);

    /// <summary>What the transport's own gate does: within the pause that was asked for nothing goes out.</summary>
    TimeSpan? Closed() => !simulation.Has(Bug.RetryAfterIgnored) && Left() is { } left && left > TimeSpan.Zero ? left : null;

    void Arrived()
    {
        // What was under way when the pause was asked for may still arrive; nothing takes longer than half a minute.
        if (Left() > TimeSpan.Zero && crm.Pauses[process.Name].Since < simulation.World.Clock.Elapsed - TimeSpan.FromSeconds(31)) crm.Intruded++;
    }

    TimeSpan? Left() => crm.Pauses.TryGetValue(process.Name, out (TimeSpan Since, TimeSpan Until) pause) ? pause.Until - simulation.World.Clock.Elapsed : null;
}
