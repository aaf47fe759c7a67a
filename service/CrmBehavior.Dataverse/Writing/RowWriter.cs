using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Batch;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Metadata;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>
/// Writes rows of one table that want the same deed: together where the table can, else in batches. The bulk messages are all or
/// nothing, so a bad row is sought by halves; in the end each row has a result of its own.
/// </summary>
sealed class RowWriter(WebApi api, TableCatalog catalog, BatchRunner batches, BulkSizes sizes)
{
    /// <summary>Below this many rows a batch finds the bad one sooner than halving.</summary>
    const int HalvingEnds = 20;

    static readonly IReadOnlyDictionary<string, string> NoSpelling = new Dictionary<string, string>();

    /// <summary>Writes the rows and sets the result of each.</summary>
    /// <exception cref="CrmException">Nothing was written, because the environment could not be asked about the table.</exception>
    public async Task WriteAsync(RowDeed deed, string set, IReadOnlyList<RowUnit> units, WriteDeadline deadline, CancellationToken cancellation)
    {
        TableInfo table = await catalog.FindAsync(set, cancellation)
            ?? throw new CrmException($"There is no entity set '{set}' in the CRM; is the solution installed?", isTransient: false);
        IReadOnlyDictionary<string, string> spelling = units.Any(RowJson.HasBindings)
            ? await catalog.NavigationsAsync(table.LogicalName, cancellation)
            : NoSpelling;
        var work = new Work(deed, table, spelling, deadline, cancellation);
        if (units.Count > 1 && await catalog.HasMessageAsync(table.LogicalName, Message(deed), cancellation))
            await Task.WhenAll(units.Chunk(sizes.Of(set)).Select(c => TogetherAsync(work, c)));
        else await ApartAsync(work, units);
        if (deed == RowDeed.Create) await CompleteAsync(work, units);
    }

    sealed record Work(RowDeed Deed, TableInfo Table, IReadOnlyDictionary<string, string> Spelling, WriteDeadline Deadline, CancellationToken Cancellation);

    async Task TogetherAsync(Work work, IReadOnlyList<RowUnit> units)
    {
        if (units.Count == 0 || work.Deadline.IsOver) return;
        if (units.Count == 1)
        {
            await ApartAsync(work, units);
            return;
        }
        var call = WebApiCall.Post($"{work.Table.Set}/Microsoft.Dynamics.CRM.{Message(work.Deed)}", RowJson.Multiple(units, work.Table, work.Spelling));
        CrmFault? fault = (await api.TrySendAsync(call, work.Cancellation)).Fault;
        if (fault is null)
        {
            sizes.Passed(work.Table.Set);
            foreach (RowUnit unit in units) unit.Result = new CrmResult(CrmOutcome.Done);
            return;
        }
        if (fault.IsUnknownAddress)
        {
            catalog.HasNoMessages(work.Table.LogicalName);
            await ApartAsync(work, units);
            return;
        }
        if (fault.IsTooMuchAtOnce || fault.IsTimeout) sizes.TookTooLong(work.Table.Set, units.Count);
        if (fault.IsTransient && !fault.IsTooMuchAtOnce)
        {
            foreach (RowUnit unit in units) unit.Result = fault.ToResult();
            return;
        }
        if (await SetAsideAsync(work, units, fault) is { } rest) await TogetherAsync(work, rest);
        else if (units.Count <= HalvingEnds) await ApartAsync(work, units);
        else
        {
            await TogetherAsync(work, [.. units.Take(units.Count / 2)]);
            await TogetherAsync(work, [.. units.Skip(units.Count / 2)]);
        }
    }

    /// <summary>
    /// Where rows that are there already, or not there, explain the failure, these get their result; returns the others, or null when it
    /// explains nothing.
    /// </summary>
    async Task<IReadOnlyList<RowUnit>?> SetAsideAsync(Work work, IReadOnlyList<RowUnit> units, CrmFault fault)
    {
        bool made = work.Deed == RowDeed.Create && fault.IsDuplicate, missing = work.Deed == RowDeed.Update && fault.IsGone;
        if (!made && !missing) return null;
        IReadOnlyDictionary<Guid, bool>? there = await TryFindAsync(work, units);
        if (there is null) return null;
        foreach (RowUnit unit in units)
        {
            bool isThere = there.TryGetValue(unit.Id, out bool isCompleted);
            unit.IsCompleted = isCompleted;
            if (made && isThere) unit.Result = new CrmResult(CrmOutcome.Done);
            if (missing && !isThere) unit.Result = new CrmResult(CrmOutcome.Gone, fault.Reason);
        }
        IReadOnlyList<RowUnit> rest = [.. units.Where(u => u.Result is null)];
        return rest.Count < units.Count ? rest : null;
    }

    async Task ApartAsync(Work work, IReadOnlyList<RowUnit> units)
    {
        if (work.Deadline.IsOver) return;
        IReadOnlyList<WebApiAnswer> answers = await batches.RunAsync([.. units.Select(u => CallOf(work, u))], work.Cancellation);
        var doubtful = new List<(RowUnit Unit, CrmFault Fault)>();
        foreach ((RowUnit unit, WebApiAnswer answer) in units.Zip(answers))
        {
            if (answer.Fault is null) unit.Result = new CrmResult(CrmOutcome.Done);
            else if (work.Deed == RowDeed.Create && answer.Fault.IsDuplicate) doubtful.Add((unit, answer.Fault));
            // Somebody made the row between the look and the insert: the next attempt changes it.
            else if (work.Deed == RowDeed.Upsert && answer.Fault.IsDuplicate) unit.Result = new CrmResult(CrmOutcome.Retry, answer.Fault.Reason);
            else unit.Result = MissingRow.ResultOf(unit, answer.Fault);
        }
        if (doubtful.Count == 0) return;
        IReadOnlyDictionary<Guid, bool>? there = await TryFindAsync(work, [.. doubtful.Select(d => d.Unit)]);
        foreach ((RowUnit unit, CrmFault fault) in doubtful)
        {
            bool isCompleted = false;
            if (there is null) unit.Result = new CrmResult(CrmOutcome.Retry, fault.Reason);
            else unit.Result = there.TryGetValue(unit.Id, out isCompleted) ? new CrmResult(CrmOutcome.Done) : new CrmResult(CrmOutcome.Refused, fault.Reason);
            unit.IsCompleted = isCompleted;
        }
    }

    /// <summary>Activities are made open and then completed; the platform takes no other way.</summary>
    async Task CompleteAsync(Work work, IReadOnlyList<RowUnit> units)
    {
        RowUnit[] open = [.. units.Where(u => u.Completes && !u.IsCompleted && u.Result is { Outcome: CrmOutcome.Done })];
        if (open.Length == 0) return;
        // Made and left open is not done: should the completion not come about, the next attempt finds the row and completes it.
        foreach (RowUnit unit in open) unit.Result = null;
        var state = new Dictionary<string, object?> { ["statecode"] = 1, ["statuscode"] = work.Table.CompletedStatus };
        RowUnit[] closing = [.. open.Select(u => new RowUnit(RowDeed.Update, u.Set, u.Id, state))];
        await WriteAsync(RowDeed.Update, work.Table.Set, closing, work.Deadline, work.Cancellation);
        foreach ((RowUnit unit, RowUnit closed) in open.Zip(closing)) unit.Result = closed.Result;
    }

    /// <summary>Which of the rows are there, and whether each is a completed activity; null when the CRM cannot be asked.</summary>
    async Task<IReadOnlyDictionary<Guid, bool>?> TryFindAsync(Work work, IReadOnlyList<RowUnit> units)
    {
        bool asksState = work.Table.IsActivity && units.Any(u => u.Completes);
        var there = new Dictionary<Guid, bool>();
        try
        {
            foreach (RowUnit[] chunk in units.Chunk(100))
            {
                string select = work.Table.PrimaryId + (asksState ? ",statecode" : "");
                string address = ODataText.Address(work.Table.Set, ("select", select), ("filter", ODataText.In(work.Table.PrimaryId, chunk.Select(u => u.Id))));
                foreach (var row in await api.ReadRowsAsync(address, null, work.Cancellation))
                    there[row.GetProperty(work.Table.PrimaryId).GetGuid()] = asksState && row.TryGetProperty("statecode", out var state)
                        && state.TryGetInt32(out int value) && value == 1;
            }
            return there;
        }
        catch (Exception e) when (e is CrmException || UnexpectedAnswer.IsWrongForm(e))
        {
            return null;
        }
    }

    static WebApiCall CallOf(Work work, RowUnit unit) => work.Deed == RowDeed.Create
        ? WebApiCall.Post(work.Table.Set, RowJson.Single(unit, work.Table.PrimaryId, work.Spelling))
        : WebApiCall.Patch(ODataText.Row(work.Table.Set, unit.Id), RowJson.Single(unit, null, work.Spelling), mustExist: work.Deed == RowDeed.Update);

    static string Message(RowDeed deed) => deed switch
    {
        RowDeed.Create => "CreateMultiple",
        RowDeed.Upsert => "UpsertMultiple",
        _ => "UpdateMultiple",
    };
}
