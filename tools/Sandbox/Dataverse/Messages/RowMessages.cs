using System;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>
/// Create, Update, Upsert and Delete as the platform runs them: steps before validation, privileges, steps before, the operation, steps
/// after, all but the first in one transaction, asynchronous steps queued with it.
/// </summary>
internal sealed class RowMessages(RowStore store, IPipeline pipeline)
{
    readonly RowDefaults defaults = new(store);
    readonly RowDeletion deletion = new(store);
    readonly ActivityParties parties = new(store);

    /// <summary>Makes a row; answers its id.</summary>
    public Guid Create(CallContext call, TableInfo table, RowValues values)
    {
        Refuse(call, table);
        if (values.Value(table.PrimaryId) is not Guid id || id == Guid.Empty) values[table.PrimaryId] = id = Guid.CreateVersion7(store.Clock.GetUtcNow());
        PipelineFrame? frame = pipeline.OpenWrite(call, "Create", table, id, values);
        frame?.BeforeValidation(null);
        return InTransaction(call, tx =>
        {
            if (frame is not null) values = frame.Target();
            Access.Demand(call.Caller, "Create", table, null);
            frame?.Before(tx, null);
            if (frame is not null) values = frame.Target();
            RowRules.Check(store, table, values);
            AccessRules.DemandReferences(call.Caller, store, table, values, null);
            Row row = defaults.NewRow(call, table, id, values);
            // The privilege must reach the owner that the row will have.
            Access.Demand(call.Caller, "Create", table, row);
            if (store[table.LogicalName].Find(id) is not null) throw Failure.DuplicateId(table.LogicalName);
            RefuseConflict(table, row);
            tx.Insert(row);
            parties.Write(tx, table, id, values);
            frame?.After(tx, null, row);
            return id;
        });
    }

    /// <summary>Writes columns of a row; refuses when it is not there, or not at the version given.</summary>
    public void Update(CallContext call, TableInfo table, Guid id, RowValues values, long? version = null)
    {
        Refuse(call, table);
        PipelineFrame? frame = pipeline.OpenWrite(call, "Update", table, id, values);
        if (frame is not null)
            frame.BeforeValidation(call.Transaction is null ? store.Read(() => store.Find(table.LogicalName, id)) : store.Find(table.LogicalName, id));
        InTransaction(call, tx =>
        {
            if (frame is not null) values = frame.Target();
            Row before = store[table.LogicalName].Find(id) ?? throw Failure.NotFound(table.LogicalName, id);
            if (version is { } wanted && before.Version != wanted) throw Failure.VersionMismatch();
            Access.Demand(call.Caller, "Write", table, before);
            frame?.Before(tx, before);
            if (frame is not null) values = frame.Target();
            // A step may have written the row meanwhile.
            before = store[table.LogicalName].Find(id) ?? throw Failure.NotFound(table.LogicalName, id);
            RowRules.Check(store, table, values);
            AccessRules.DemandReferences(call.Caller, store, table, values, before);
            Row after = defaults.ChangedRow(call, table, before, values);
            RefuseConflict(table, after);
            tx.Replace(before, after);
            parties.Write(tx, table, id, values);
            frame?.After(tx, before, after);
            return true;
        });
    }

    /// <summary>Writes the row if it is there, else makes it.</summary>
    public Upserted Upsert(CallContext call, TableInfo table, Guid id, RowValues values) => InTransaction(call, tx =>
    {
        CallContext inside = call with { Transaction = tx };
        if (store[table.LogicalName].Find(id) is not null)
        {
            Update(inside, table, id, values);
            return new Upserted(id, IsNew: false);
        }
        values[table.PrimaryId] = id;
        return new Upserted(Create(inside, table, values), IsNew: true);
    });

    /// <summary>Deletes a row with what hangs on it.</summary>
    public void Delete(CallContext call, TableInfo table, Guid id, long? version = null)
    {
        Refuse(call, table);
        PipelineFrame? frame = pipeline.OpenDelete(call, table, id);
        if (frame is not null)
            frame.BeforeValidation(call.Transaction is null ? store.Read(() => store.Find(table.LogicalName, id)) : store.Find(table.LogicalName, id));
        InTransaction(call, tx =>
        {
            Row row = store[table.LogicalName].Find(id) ?? throw Failure.NotFound(table.LogicalName, id);
            if (version is { } wanted && row.Version != wanted) throw Failure.VersionMismatch();
            Access.Demand(call.Caller, "Delete", table, row);
            frame?.Before(tx, row);
            CallContext inside = call with { Transaction = tx, Parent = frame ?? call.Parent };
            deletion.Detach(tx, table, row,
                (childTable, childId) =>
                    Delete(inside with { Caller = SystemCaller(call), Parent = frame ?? pipeline.Mark(call, "Delete", table, id) }, childTable, childId));
            tx.Remove(row);
            frame?.After(tx, row, null);
            return true;
        });
    }

    /// <summary>Runs in the call's transaction, or in one of its own; a failure inside dooms the outer one.</summary>
    public T InTransaction<T>(CallContext call, Func<RowTransaction, T> work)
    {
        if (call.Transaction is not { } tx) return store.Write(work);
        if (tx.IsDoomed) throw Failure.NoTransaction();
        try
        {
            return work(tx);
        }
        catch
        {
            tx.IsDoomed = true;
            throw;
        }
    }

    /// <summary>
    /// Runs a work that looks before it writes: in one transaction, so that nobody comes between, or without one where the write itself
    /// checks (so that steps before validation run outside).
    /// </summary>
    public T InTransactionOrOwn<T>(CallContext call, bool writeChecksItself, Func<CallContext, T> work) =>
        writeChecksItself ? work(call) : InTransaction(call, tx => work(call with { Transaction = tx }));

    // What hangs on a row goes with it whoever owns it; the platform checks the privilege on the row that was asked for.
    static Caller SystemCaller(CallContext call) => new() { UserId = call.Caller.UserId, BusinessUnitId = call.Caller.BusinessUnitId, IsUnrestricted = true };

    static void Refuse(CallContext call, TableInfo table)
    {
        if (call.Depth > CallContext.MaxDepth) throw Failure.TooDeep();
        if (table.IsActivityBase)
            throw new DataverseException(400, ErrorCodes.NotImplemented, "activitypointer is read only; write the concrete activity (tasks, emails, …).");
        if (table.Definition.IsIntersect)
            throw new DataverseException(400, ErrorCodes.NotImplemented, $"{table.LogicalName} carries a relationship; associate the rows instead.");
    }

    void RefuseConflict(TableInfo table, Row row)
    {
        if (store[table.LogicalName].Conflict(row) is { } key) throw Failure.DuplicateKey(key.Name, key.Columns);
    }
}
