using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Reconcile;

/// <summary>
/// Finds changes of contacts that never arrived (the bus was away for longer than the platform tries) by the CRM's change tracking, and takes
/// them in as the plugins would have. Only what differs from what is known makes an event, so what did arrive is not told twice.
/// </summary>
public sealed class Reconciliation(
    IContactChanges changes, ICrmGateway crm, IProfileStore profiles, IServiceStore store, EventQueue queue, PlanHolder plans, TimeProvider clock, ILogger<Reconciliation> log)
{
    const string Setting = "reconcile.contacts";

    /// <summary>Younger changes may still be on their way.</summary>
    const long OnItsWay = 10 * Duration.Minute;

    /// <summary>How far apart the ends of looks are that are noted: what is too young at one of them must not be so at the next, whoever looks.</summary>
    const long Apart = 2 * OnItsWay;

    static readonly string[] More = ["createdon", "modifiedon"];

    /// <summary>Looks once.</summary>
    /// <param name="cancellation">Stops; the next time begins at the same place.</param>
    /// <returns>How many changes were found that had not arrived.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        long now = Instant.From(clock.GetUtcNow());
        Mark? last = await store.FindSettingAsync(Setting, cancellation) is { } kept ? JsonSerializer.Deserialize<Mark>(kept) : null;
        Mark? from = last?.Before ?? last;
        ContactChanges read = await changes.ReadChangesAsync(from?.Token, cancellation);
        if (read.IsExpired) log.ReconciliationGap();
        int found = 0;
        if (from != null)
        {
            foreach (Guid gone in read.Deleted) found += await DeletedAsync(gone, now, cancellation);
            foreach ((Guid Contact, string Version)[] some in read.Changed.Chunk(100)) found += await ChangedAsync(some, from.At, now, cancellation);
        }
        if (found > 0) log.ReconciliationFound(found);
        if (last == null || read.IsExpired) await KeepAsync(new Mark(now, read.Token), cancellation);
        else if (now - last.At >= Apart) await KeepAsync(new Mark(now, read.Token, last with { Before = null }), cancellation);
        return found;
    }

    Task KeepAsync(Mark mark, CancellationToken cancellation) => store.PutSettingAsync(Setting, JsonSerializer.Serialize(mark), cancellation);

    async Task<int> DeletedAsync(Guid contact, long now, CancellationToken cancellation)
    {
        if (await profiles.FindAsync(contact, cancellation) is not { IsErased: false }) return 0;
        await queue.AddAsync([OwnEvents.Of(contact, $"reconcile:{contact:D}:deleted", EventNames.ContactDeleted, now, now, "crm", Lane.Reported, _ => { })], cancellation);
        return 1;
    }

    async Task<int> ChangedAsync(IReadOnlyList<(Guid Contact, string Version)> some, long since, long now, CancellationToken cancellation)
    {
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> rows = await crm.ReadContactsAsync([.. some.Select(s => s.Contact)], [.. CrmRows.Published, .. More], cancellation);
        int missing = 0;
        foreach ((Guid contact, string version) in some)
        {
            if (!rows.TryGetValue(contact, out IReadOnlyDictionary<string, object?>? row)) continue;
            if (now - (TimeOf(row, "modifiedon") ?? now) < OnItsWay) continue;
            var columns = row.Where(c => !More.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value);
            Profile? profile = await profiles.FindAsync(contact, cancellation);
            if (profile is { IsErased: true } || (profile?.Master == MergeNotice.MasterOf(columns) && (profile?.Master != null || (profile is { State.Length: > 0 } && !Differs(contact, profile, columns))))) continue;
            bool isNew = profile == null && TimeOf(row, "createdon") >= since;
            await queue.AddAsync([CrmRows.Told($"reconcile:{contact:D}:{version}", isNew ? EventNames.ContactCreated : EventNames.ContactUpdated, contact, columns, now)], cancellation);
            missing++;
        }
        return missing;
    }

    /// <summary>Whether the row says anything else than is known, as far as the plan asks for it.</summary>
    bool Differs(Guid contact, Profile profile, Dictionary<string, object?> columns)
    {
        ActivePlan active = plans.Current;
        // What was written under an earlier plan is brought up soon; the next look will judge it.
        if (profile.Generation != active.Generation) return false;
        ContactState state;
        try
        {
            state = new StateCodec(active.Plan).Read(contact.ToString("D"), profile.State);
        }
        catch (Exception e) when (Poison.Is(e))
        {
            // One contact that cannot be read must not keep the changes of all others from being found.
            log.ReconciliationSkipped(contact, e.Message, e);
            return false;
        }
        foreach ((string column, object? value) in columns)
        {
            string trait = CrmRows.TraitOf(column) ?? column;
            if (Standing.Reads(active.Plan, trait) && !IsSame(Standing.Trait(active.Plan, state, trait), value)) return true;
        }
        return false;
    }

    static bool IsSame(Value known, object? column) => column switch
    {
        null => known.IsMissing,
        bool flag => known.Equals(flag ? Value.True : Value.False),
        string text => known.Equals(Value.Of(text)),
        _ => known.Equals(Value.Of(Convert.ToDouble(column, CultureInfo.InvariantCulture))),
    };

    static long? TimeOf(IReadOnlyDictionary<string, object?> row, string column) =>
        row.GetValueOrDefault(column) is string text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset at) ? Instant.From(at) : null;

    /// <summary>How far the book had been read by the end of a look, and by the end of the one before.</summary>
    sealed record Mark(long At, string Token, Mark? Before = null);
}
