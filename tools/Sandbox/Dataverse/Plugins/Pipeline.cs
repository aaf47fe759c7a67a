using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Opens frames for messages that have steps.</summary>
internal sealed class Pipeline(RowStore store, StepRegistry registry, PluginRuntime runtime) : IPipeline
{
    public PipelineFrame? OpenWrite(CallContext call, string message, TableInfo table, Guid id, RowValues values)
    {
        // The pipelines of a message and of its Multiple are merged: one row raises both.
        IReadOnlyList<RegisteredStep> steps = Steps(call, message, table.LogicalName),
            many = call.InMultiple ? [] : Steps(call, message + "Multiple", table.LogicalName);
        if (steps.Count == 0 && many.Count == 0) return null;
        return Read(call, () =>
        {
            var frame = new PipelineFrame(runtime, call, message, table, id, values, steps);
            if (many.Count > 0) frame.Multiple = Several(call, message + "Multiple", table, [(Entity)frame.Context.InputParameters["Target"]], many);
            return frame;
        });
    }

    public PipelineFrame? OpenMultiple(CallContext call, string message, TableInfo table, IReadOnlyList<(Guid Id, RowValues Values)> rows)
    {
        IReadOnlyList<RegisteredStep> steps = Steps(call, message, table.LogicalName);
        return steps.Count == 0 ? null
            : Read(call, () => Several(call, message, table, [.. rows.Select(r => runtime.Entities.FromValues(table, r.Id, r.Values))], steps));
    }

    PipelineFrame Several(CallContext call, string message, TableInfo table, IList<Entity> targets, IReadOnlyList<RegisteredStep> steps)
    {
        var frame = new PipelineFrame(runtime, call, message, table, Guid.Empty, null, steps);
        frame.Context.InputParameters["Targets"] = new EntityCollection(targets) { EntityName = table.LogicalName };
        return frame;
    }

    public PipelineFrame? OpenDelete(CallContext call, TableInfo table, Guid id)
    {
        IReadOnlyList<RegisteredStep> steps = Steps(call, "Delete", table.LogicalName);
        if (steps.Count == 0) return null;
        var frame = new PipelineFrame(runtime, call, "Delete", table, id, null, steps);
        frame.Context.InputParameters["Target"] = new EntityReference(table.LogicalName, id);
        return frame;
    }

    public PipelineFrame? OpenLink(CallContext call, string message, TableInfo table, Guid id, Navigation navigation, IReadOnlyList<Lookup> others)
    {
        IReadOnlyList<RegisteredStep> steps = Steps(call, message, "none");
        if (steps.Count == 0) return null;
        var frame = new PipelineFrame(runtime, call, message, null, Guid.Empty, null, steps);
        frame.Context.InputParameters["Target"] = new EntityReference(table.LogicalName, id);
        frame.Context.InputParameters["Relationship"] = new Relationship(navigation.Relationship);
        var related = new EntityReferenceCollection();
        foreach (Lookup other in others) related.Add(new EntityReference(other.Table, other.Id));
        frame.Context.InputParameters["RelatedEntities"] = related;
        return frame;
    }

    public PipelineFrame Mark(CallContext call, string message, TableInfo table, Guid id)
    {
        var frame = new PipelineFrame(runtime, call, message, table, id, null, []);
        frame.Context.InputParameters["Target"] = new EntityReference(table.LogicalName, id);
        return frame;
    }

    /// <summary>A frame for a custom API, with the steps others registered on its message.</summary>
    public PipelineFrame Open(CallContext call, string message, TableInfo? table, Guid id, IEnumerable<KeyValuePair<string, object>> parameters)
    {
        var frame = new PipelineFrame(runtime, call, message, table, id, null, Steps(call, message, table?.LogicalName ?? "none"));
        if (table is not null && id != Guid.Empty) frame.Context.InputParameters["Target"] = new EntityReference(table.LogicalName, id);
        foreach ((string name, object value) in parameters) frame.Context.InputParameters[name] = value;
        return frame;
    }

    IReadOnlyList<RegisteredStep> Steps(CallContext call, string message, string table)
    {
        if (call.BypassSync && call.BypassAsync) return [];
        IReadOnlyList<RegisteredStep> found = Read(call, () => registry.Find(message, table));
        return call.BypassSteps.Count == 0 ? found : [.. found.Where(s => !call.BypassSteps.Contains(s.Id))];
    }

    // Inside a transaction this thread, or the one it works for, holds the lock already.
    T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? store.Read(read) : read();
}
