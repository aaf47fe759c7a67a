using System;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Carries payloads out: a flat one is one message, a deep one several in one transaction.</summary>
internal sealed class PayloadMessages(RowStore store, RowMessages rows, LinkMessages links)
{
    /// <summary>Makes the row of a payload with all that comes with it; answers its id.</summary>
    public Guid Create(CallContext call, Payload payload, References references) =>
        Create(call, payload, Read(call, () => payload.Resolve(references)), references);

    /// <summary>The same with the row's own values as somebody changed them meanwhile.</summary>
    public Guid Create(CallContext call, Payload payload, RowValues values, References references)
    {
        if (payload.IsFlat) return rows.Create(call, payload.Table, values);
        return rows.InTransaction(call, tx =>
        {
            CallContext inside = call with { Transaction = tx };
            foreach ((Navigation navigation, Payload row) in payload.Singles)
                values[navigation.Column] = new Lookup(row.Table.LogicalName, Create(inside, row, references));
            Guid id = rows.Create(inside, payload.Table, values);
            foreach ((Navigation navigation, Payload row) in payload.Children) Child(inside, payload.Table, id, navigation, row, references);
            foreach ((Navigation navigation, string address) in payload.Links)
                links.Associate(inside, payload.Table, id, navigation, [references.Find(address)]);
            return id;
        });
    }

    /// <summary>Makes a row under another: it names it, or is associated with it.</summary>
    public Guid Child(CallContext call, TableInfo parent, Guid parentId, Navigation navigation, Payload row, References references) =>
        rows.InTransaction(call, tx =>
    {
        CallContext inside = call with { Transaction = tx };
        if (navigation.Kind == NavigationKind.ManyToMany)
        {
            Guid other = Create(inside, row, references);
            links.Associate(inside, parent, parentId, navigation, [new Lookup(row.Table.LogicalName, other)]);
            return other;
        }
        RowValues values = row.Resolve(references);
        values[navigation.Column] = new Lookup(parent.LogicalName, parentId);
        return Create(inside, row, values, references);
    });

    /// <summary>Writes the payload's columns to a row.</summary>
    public void Update(CallContext call, Guid id, Payload payload, References references, long? version)
    {
        rows.Update(call, payload.Table, id, Read(call, () => FlatValues(payload, references)), version);
    }

    /// <summary>The values of a payload that may write its own row alone.</summary>
    public static RowValues FlatValues(Payload payload, References references) => payload.IsFlat ? payload.Resolve(references)
        : throw Errors.Failure.BadPayload("Deep update is not supported: write related rows by requests of their own.");

    /// <summary>Reads in the call's transaction, or under the shared lock.</summary>
    public T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? store.Read(read) : read();
}
