using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Associate and Disassociate: pairs of an N:N relationship, or the lookup of a 1:N one.</summary>
internal sealed class LinkMessages(RowStore store, RowMessages rows, IPipeline pipeline)
{
    public void Associate(CallContext call, TableInfo table, Guid id, Navigation navigation, IReadOnlyList<Lookup> others) =>
        Run(call, "Associate", table, id, navigation, others, other =>
        {
            if (navigation.Kind == NavigationKind.OneToMany)
            {
                rows.Update(call, store.Schema[other.Table], other.Id, new RowValues { [navigation.Column] = new Lookup(table.LogicalName, id) });
                return null;
            }
            return tx =>
            {
                (Guid first, Guid second) = navigation.IsFirst ? (id, other.Id) : (other.Id, id);
                if (store.Links(navigation.Relationship).Contains(first, second)) throw Failure.DuplicateId(navigation.Intersect!.IntersectTable);
                tx.AddLink(navigation.Relationship, first, second);
            };
        });

    public void Disassociate(CallContext call, TableInfo table, Guid id, Navigation navigation, IReadOnlyList<Lookup> others) =>
        Run(call, "Disassociate", table, id, navigation, others, other =>
        {
            if (navigation.Kind == NavigationKind.OneToMany)
            {
                rows.Update(call, store.Schema[other.Table], other.Id, new RowValues { [navigation.Column] = null });
                return null;
            }
            return tx =>
            {
                (Guid first, Guid second) = navigation.IsFirst ? (id, other.Id) : (other.Id, id);
                if (store.Links(navigation.Relationship).Contains(first, second)) tx.RemoveLink(navigation.Relationship, first, second);
            };
        });

    void Run(CallContext call, string message, TableInfo table, Guid id, Navigation navigation, IReadOnlyList<Lookup> others, Func<Lookup,
        Action<RowTransaction>?> change)
    {
        if (call.Depth > CallContext.MaxDepth) throw Failure.TooDeep();
        if (navigation.Kind == NavigationKind.OneToMany)
        {
            foreach (Lookup other in others) change(other);
            return;
        }
        PipelineFrame? frame = pipeline.OpenLink(call, message, table, id, navigation, others);
        frame?.BeforeValidation(null);
        rows.InTransaction(call, tx =>
        {
            Row row = store.Find(table.LogicalName, id) ?? throw Failure.NotFound(table.LogicalName, id);
            frame?.Before(tx, null);
            foreach (Lookup other in others)
            {
                if (store.Find(other.Table, other.Id) is null) throw Failure.NotFound(other.Table, other.Id);
                AccessRules.DemandLink(call.Caller, store, table, row, other);
                change(other)!(tx);
            }
            frame?.After(tx, null, null);
            return true;
        });
    }
}
