using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Telemetry;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Bus;

/// <summary>Takes messages of the bus in, one at a time: a message is completed only after all it says is durable.</summary>
internal sealed class BusIntake(BusClient bus, EventQueue queue, IdentityResolver identities, IServiceStore store, ICrmGateway crm, TimeProvider clock, ILogger<BusIntake> log)
{
    /// <summary>Name of this door among inputs that are set aside.</summary>
    public const string Door = "bus";

    /// <summary>
    /// A message that has come so often and still cannot be taken in is kept here, where people see it: the bus itself would put it away
    /// after the tenth time (its default), where nobody looks.
    /// </summary>
    const int MostDeliveries = 8;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    volatile bool storeIsAway;

    /// <summary>Receives one message and takes it in; returns also when none came.</summary>
    /// <exception cref="BusException">The bus did not answer, or refused.</exception>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        if (storeIsAway)
        {
            // Each message received in vain is one delivery nearer to being put away.
            await store.FindPlanAsync(0, cancellation);
            storeIsAway = false;
        }
        if (await bus.ReceiveAsync(Patience, cancellation) is not { } message) return;
        using var taken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task renewing = KeepLockedAsync(message, taken.Token);
        try
        {
            if (await TryTakeAsync(message, cancellation) is { } problem)
            {
                log.MessageParked(message.Id, problem);
                await store.ParkInputAsync(Door, problem, message.Body, Instant.From(clock.GetUtcNow()), cancellation);
            }
        }
        catch (StoreUnavailableException)
        {
            storeIsAway = true;
            throw;
        }
        finally
        {
            await taken.CancelAsync();
            await renewing;
        }
        // A lock lost by now is no failure: the message comes again, and its ids are known.
        await bus.CompleteAsync(message, cancellation);
    }

    async Task<string?> TryTakeAsync(BusMessage message, CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(message.Body, cancellation);
        }
        catch (CrmException e) when (message.DeliveryCount >= MostDeliveries)
        {
            return $"it came {message.DeliveryCount} times, and the CRM could not say what belongs to it: {e.Message}";
        }
    }

    /// <summary>Takes in what a message says.</summary>
    /// <param name="body">The message.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when it is durable, else why it cannot be read.</returns>
    public async Task<string?> TakeAsync(byte[] body, CancellationToken cancellation)
    {
        long now = Instant.From(clock.GetUtcNow());
        if (CrmEventReader.Read(body, now, out string? problem) is not { } change) return problem!;
        foreach ((Guid contact, string? address) in change.Addresses) await identities.RememberAsync(contact, address, cancellation);
        // What is about a lead goes to the contact with its address; without one it is kept until the lead is somebody.
        Guid? addressed = change.Address is { } written ? await identities.FindAsync(written, cancellation) : null;
        List<AcceptedEvent> events = [.. change.Events.Select(e => e.Contact == null ? e with { Contact = addressed } : e).Where(e => e.Contact != null || e.Visitors.Count > 0)];
        foreach (AcceptedEvent changed in change.Events)
        {
            if (changed.Contact is { } contact && change.Incomplete.Contains(contact) && await ReadAgainAsync(changed, now, cancellation) is { } whole) events.Add(whole);
        }
        await queue.AddAsync(events, cancellation);
        return null;
    }

    async Task<AcceptedEvent?> ReadAgainAsync(AcceptedEvent changed, long now, CancellationToken cancellation)
    {
        Guid contact = changed.Contact!.Value;
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> rows = await crm.ReadContactsAsync([contact], CrmRows.Published, cancellation);
        return rows.TryGetValue(contact, out IReadOnlyDictionary<string, object?>? row) ? CrmRows.Changed(changed.Id + ":row", contact, row, now) : null;
    }

    async Task KeepLockedAsync(BusMessage message, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(message.LockedFor / 2, cancellation);
                await bus.RenewAsync(message, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // It has been taken in.
        }
        catch (BusException)
        {
            // The lock runs out, and the message comes again.
        }
    }
}
