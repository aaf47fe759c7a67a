using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Planted;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>The database as one process reaches it: over a wire, with transient failures before and after, and commits whose outcome nobody knows.</summary>
public sealed class SimulatedStore : IProfileStore, IOutbox, IServiceStore
{
    readonly Simulation simulation;
    readonly MemoryStore store;
    readonly Wire wire;
    readonly Sabotage sabotage;
    readonly List<SimulatedBatch> open = [];

    public SimulatedStore(Simulation simulation, ServiceProcess process)
    {
        this.simulation = simulation;
        store = simulation.Store;
        wire = new Wire(simulation, process);
        sabotage = new Sabotage(simulation);
    }

    /// <summary>The connections break: what was not committed is rolled back.</summary>
    public async Task BreakAsync()
    {
        foreach (SimulatedBatch batch in open.ToArray())
        {
            // A commit that is on its way arrives, or ends with its call.
            if (!batch.IsCommitting) await batch.RollBackAsync();
        }
    }

    public async Task<IProfileBatch> OpenAsync(IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> visitors, CancellationToken cancellation) =>
        (await OpenAsync("open", async () => await store.OpenAsync(contacts, visitors, default)))!;

    public Task<IProfileBatch?> OpenDueAsync(long now, int most, CancellationToken cancellation) => OpenAsync("open due", () => store.OpenDueAsync(now, most, default));

    public Task<IProfileBatch?> OpenOutdatedAsync(int generation, int most, CancellationToken cancellation) =>
        OpenAsync("open outdated", () => store.OpenOutdatedAsync(generation, most, default));

    public Task<Profile?> FindAsync(Guid contact, CancellationToken cancellation) => ReadAsync("find", () => sabotage.FindAsync(contact, store));

    public async IAsyncEnumerable<LoggedEvent> ReadLogAsync(Guid contact, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (LoggedEvent logged in store.ReadLogAsync(contact, cancellation)) yield return logged;
    }

    public Task<IReadOnlyList<StoredDecision>> ReadDecisionsAsync(Guid contact, int most, CancellationToken cancellation) => ReadAsync("decisions", () => store.ReadDecisionsAsync(contact, most, default));

    public Task<IReadOnlyList<Guid>> ReadContactsAsync(Guid? after, int most, CancellationToken cancellation) => ReadAsync("contacts", () => store.ReadContactsAsync(after, most, default));

    public Task<IReadOnlyList<DecisionCount>> CountDecisionsAsync(long from, long before, CancellationToken cancellation) => ReadAsync("count decisions", () => store.CountDecisionsAsync(from, before, default));

    public Task<long> DropOldAsync(long eventsBefore, long keysBefore, CancellationToken cancellation) => WriteAsync("drop old", () => store.DropOldAsync(eventsBefore, keysBefore, default));

    public Task<(long Due, long Outdated)> CountWorkAsync(long now, int generation, CancellationToken cancellation) => ReadAsync("count work", () => store.CountWorkAsync(now, generation, default));

    public Task<IReadOnlyList<LeasedEffect>> LeaseAsync(IReadOnlyCollection<string> kinds, int most, TimeSpan lease, bool flush, CancellationToken cancellation) =>
        WriteAsync($"lease {kinds.First()}", async () => await sabotage.LeasedAsync(await store.LeaseAsync(kinds, most, lease, flush, default), store));

    public Task CompleteAsync(IReadOnlyCollection<LeasedEffect> done, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation) =>
        WriteAsync($"complete {done.Count}", () => store.CompleteAsync(sabotage.Fenced(done, store), followUps, default));

    public Task RenewAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan lease, CancellationToken cancellation) => WriteAsync("renew", () => store.RenewAsync(effects, lease, default));

    public Task<bool> MarkUncertainAsync(LeasedEffect effect, CancellationToken cancellation) => WriteAsync("mark", () => sabotage.MarkAsync(effect, store));

    public Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, CancellationToken cancellation) =>
        WriteAsync($"retry {effects.Count}", () => sabotage.RetryAsync(effects, after, reason, store));

    public Task ParkAsync(LeasedEffect effect, string reason, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation) =>
        WriteAsync("park", () => store.ParkAsync(effect, reason, followUps, default));

    public Task<bool> SettleAsync(Guid effect, Func<Effect, Effect> followUp, CancellationToken cancellation) =>
        WriteAsync("settle", () => simulation.Has(Bug.SettlementForgotten) ? Task.FromResult(false) : store.SettleAsync(effect, followUp, default));

    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAsync(int most, CancellationToken cancellation) => ReadAsync("parked", () => store.ReadParkedAsync(most, default));

    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAfterAsync((DateTimeOffset ParkedAt, Guid Id) after, int most, CancellationToken cancellation) => ReadAsync("parked", () => store.ReadParkedAfterAsync(after, most, default));

    public Task<ParkedEffect?> FindParkedAsync(Guid effect, CancellationToken cancellation) => ReadAsync("parked", () => store.FindParkedAsync(effect, default));

    public Task<bool> DropParkedAsync(Guid effect, CancellationToken cancellation) => WriteAsync("drop", () => store.DropParkedAsync(effect, default));

    public Task<bool> ReleaseAsync(Guid effect, CancellationToken cancellation) => WriteAsync("release", () => store.ReleaseAsync(effect, default));

    public Task<(long Waiting, long Parked, TimeSpan Oldest)> CountAsync(CancellationToken cancellation) => ReadAsync("count", () => store.CountAsync(default));

    public Task MigrateAsync(CancellationToken cancellation) => WriteAsync("migrate", () => store.MigrateAsync(default));

    public Task<StoredPlan?> FindPlanAsync(CancellationToken cancellation) => ReadAsync("plan", () => store.FindPlanAsync(default));

    public Task<StoredPlan?> FindPlanAsync(int generation, CancellationToken cancellation) => ReadAsync("plan", () => store.FindPlanAsync(generation, default));

    public Task<bool> TryAddPlanAsync(StoredPlan plan, CancellationToken cancellation) => WriteAsync("add plan", () => store.TryAddPlanAsync(plan, default));

    public Task<string?> FindSettingAsync(string name, CancellationToken cancellation) => ReadAsync("setting", () => store.FindSettingAsync(name, default));

    public Task<string> EnsureSettingAsync(string name, string value, CancellationToken cancellation) => WriteAsync("setting", () => store.EnsureSettingAsync(name, value, default));

    public Task PutSettingAsync(string name, string value, CancellationToken cancellation) => WriteAsync("put setting", () => store.PutSettingAsync(name, value, default));

    public Task<Guid?> FindByEmailAsync(string email, CancellationToken cancellation) => ReadAsync("email", () => store.FindByEmailAsync(email, default));

    public Task RememberEmailAsync(string email, Guid? contact, CancellationToken cancellation) => WriteAsync("remember", () => store.RememberEmailAsync(email, contact, default));

    public Task<IReadOnlyDictionary<Guid, Guid>> FindMastersAsync(IReadOnlyCollection<Guid> contacts, CancellationToken cancellation) => ReadAsync("masters", () => store.FindMastersAsync(contacts, default));

    public Task<IReadOnlyList<Guid>> ReadMergedAsync(Guid contact, CancellationToken cancellation) => ReadAsync("merged", () => store.ReadMergedAsync(contact, default));

    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindLastingTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation) =>
        ReadAsync("lasting tags", () => store.FindLastingTagsAsync(tags, default));

    public Task NoteLastingTagAsync(Guid contact, string tag, bool lasting, CancellationToken cancellation) => WriteAsync($"{(lasting ? "" : "no ")}lasting tag {contact} {tag}", () => store.NoteLastingTagAsync(contact, tag, lasting, default));

    public Task NoteWrittenTagAsync(LeasedEffect by, Guid contact, string tag, bool? lasting, bool isGiftOver, CancellationToken cancellation) =>
        WriteAsync($"written tag {contact} {tag} {lasting} {isGiftOver}", () => store.NoteWrittenTagAsync(by, contact, tag, lasting, isGiftOver, default));

    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation) => ReadAsync("given tags", () => store.FindGivenTagsAsync(tags, default));

    public Task NoteGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, bool given, CancellationToken cancellation) => WriteAsync($"{(given ? "" : "no ")}given tags {string.Join(' ', tags)}", () => store.NoteGivenTagsAsync(tags, given, default));

    public Task AddUnresolvedAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, CancellationToken cancellation) =>
        WriteAsync("add unresolved", () => simulation.Has(Bug.UnresolvedCallsDropped) ? Task.CompletedTask : store.AddUnresolvedAsync(calls, default));

    public Task<IReadOnlySet<string>> FindUnresolvedAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation) => ReadAsync("find unresolved", () => store.FindUnresolvedAsync(subjects, default));

    public Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(long after, int most, CancellationToken cancellation) => ReadAsync("unresolved", () => store.ReadUnresolvedAsync(after, most, default));

    public Task RemoveUnresolvedAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellation) => WriteAsync("remove unresolved", () => store.RemoveUnresolvedAsync(numbers, default));

    public Task ParkInputAsync(string door, string reason, byte[] content, long at, CancellationToken cancellation) => WriteAsync("park input", () => store.ParkInputAsync(door, reason, content, at, default));

    public Task<(IReadOnlyList<ParkedInput> Latest, long Count)> ReadParkedInputsAsync(int most, CancellationToken cancellation) => ReadAsync("parked inputs", () => store.ReadParkedInputsAsync(most, default));

    public Task<IReadOnlyList<ParkedInput>> ReadParkedInputsBeforeAsync(long before, int most, CancellationToken cancellation) => ReadAsync("parked inputs", () => store.ReadParkedInputsBeforeAsync(before, most, default));

    public Task<bool> RemoveParkedInputAsync(long number, CancellationToken cancellation) => WriteAsync("remove parked", () => store.RemoveParkedInputAsync(number, default));

    internal Task<T> ReadAsync<T>(string what, Func<Task<T>> work) => CallAsync(what, work, simulation.Faults.OfStore() == Mishap.None ? Mishap.None : Mishap.Before);

    internal Task<T> WriteAsync<T>(string what, Func<Task<T>> work, Action? cut = null) => CallAsync(
        what,
        async () =>
        {
            T result = await work();
            simulation.Nudge();
            return result;
        },
        simulation.Faults.OfStore(), cut);

    internal Task WriteAsync(string what, Func<Task> work, Action? cut = null) => WriteAsync(
        what,
        async () =>
        {
            await work();
            return true;
        },
        cut);

    internal void Forget(SimulatedBatch batch) => open.Remove(batch);

    async Task<IProfileBatch?> OpenAsync(string what, Func<Task<IProfileBatch?>> work)
    {
        return await CallAsync<IProfileBatch?>(
            what,
            async () =>
            {
                IProfileBatch? inner = await work();
                if (inner == null) return null;
                var batch = new SimulatedBatch(simulation, this, inner, sabotage);
                if (wire.IsCut)
                {
                    await inner.DisposeAsync();
                    return null;
                }
                open.Add(batch);
                if (simulation.Has(Bug.ContactsNotLocked)) sabotage.Unlock(inner);
                return batch;
            },
            simulation.Faults.OfStore() == Mishap.None ? Mishap.None : Mishap.Before);
    }

    Task<T> CallAsync<T>(string what, Func<Task<T>> work, Mishap mishap, Action? cut = null) =>
        wire.CallAsync($"store {what}", simulation.Faults.StoreWay(), work, mishap, () => new StoreUnavailableException("the connection was lost", isTransient: true), cut);
}
