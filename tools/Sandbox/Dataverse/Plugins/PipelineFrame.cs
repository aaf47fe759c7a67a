using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// One message on its way through the stages: its context, which all its steps share, and its target, which steps before the operation
/// may change.
/// </summary>
internal sealed class PipelineFrame
{
    const int Synchronous = 0;
    readonly PluginRuntime runtime;
    readonly IReadOnlyList<RegisteredStep> steps;
    readonly TableInfo? table;
    readonly Guid id;
    readonly RowValues? written;
    bool targetMayHaveChanged;

    public PipelineFrame(
        PluginRuntime runtime, CallContext call, string message, TableInfo? table, Guid id, RowValues? written, IReadOnlyList<RegisteredStep> steps)
    {
        this.runtime = runtime;
        this.steps = steps;
        this.table = table;
        this.id = id;
        this.written = written;
        Call = call;
        Context = runtime.NewContext(call, message, table?.LogicalName, message == "Create" ? Guid.Empty : id);
        if (written is not null) Context.InputParameters["Target"] = runtime.Entities.FromValues(table!, id, written);
    }

    PipelineFrame(PluginRuntime runtime, RemoteExecutionContext context)
    {
        this.runtime = runtime;
        steps = [];
        Call = null!;
        Context = context;
    }

    /// <summary>A frame that only stands as the parent of what a job does.</summary>
    public static PipelineFrame OfJob(PluginRuntime runtime, RemoteExecutionContext context) => new(runtime, context);

    public CallContext Call { get; }

    public RemoteExecutionContext Context { get; }

    /// <summary>The frame of the Multiple message that goes with this one; its only target is this one's.</summary>
    public PipelineFrame? Multiple { get; set; }

    /// <summary>The values of each target of a Multiple message, as the steps so far left them.</summary>
    public IReadOnlyList<RowValues> Targets() =>
        [.. ((EntityCollection)Context.InputParameters["Targets"]).Entities.Select(e =>
        {
            RowValues values = EntityMapping.ToValues(table!, e);
            if (e.Id != Guid.Empty) values[table!.PrimaryId] = e.Id;
            return values;
        })];

    /// <summary>The values to write, as the steps so far left them.</summary>
    public RowValues Target()
    {
        if (!targetMayHaveChanged) return written!;
        RowValues values = EntityMapping.ToValues(table!, (Entity)Context.InputParameters["Target"]);
        if (Context.MessageName == "Create") values[table!.PrimaryId] = id;
        return values;
    }

    /// <summary>Stage 10: before privileges are checked, outside the transaction unless the call is part of one.</summary>
    public void BeforeValidation(Row? before)
    {
        RunSync(RegisteredStep.PreValidation, Call.Transaction, before, null);
        RunMultiple(RegisteredStep.PreValidation, Call.Transaction);
    }

    /// <summary>Stage 20: inside the transaction, before the operation.</summary>
    public void Before(RowTransaction tx, Row? before)
    {
        LeaveValidation();
        Multiple?.LeaveValidation();
        RunSync(RegisteredStep.PreOperation, tx, before, null);
        RunMultiple(RegisteredStep.PreOperation, tx);
    }

    /// <summary>Stage 30 of a custom API: the operation itself.</summary>
    public void Main(RowTransaction tx, Guid pluginType, Row? row) => runtime.RunMain(this, tx, pluginType, row);

    /// <summary>Stage 40: synchronous steps inside the transaction, and the asynchronous ones queued with it.</summary>
    public void After(RowTransaction tx, Row? before, Row? after)
    {
        if (steps.Count == 0 && Multiple is null) return;
        Context.PrimaryEntityId = id;
        if (after is not null) Complete(after);
        RunSync(RegisteredStep.PostOperation, tx, before, after);
        if (!Call.BypassAsync)
            foreach (RegisteredStep step in Applicable(RegisteredStep.PostOperation, isAsync: true)) runtime.Queue(this, tx, step, before, after);
        Multiple?.AfterAll(tx, [id]);
    }

    /// <summary>Stage 40 of a Multiple message.</summary>
    public void AfterAll(RowTransaction tx, Guid[] ids)
    {
        if (Context.MessageName == "CreateMultiple") Context.OutputParameters["Ids"] = ids;
        After(tx, null, null);
    }

    void RunMultiple(int stage, RowTransaction? tx)
    {
        if (Multiple is null) return;
        targetMayHaveChanged |= Multiple.Applicable(stage, isAsync: false).Count > 0;
        Multiple.RunSync(stage, tx, null, null);
    }

    // What steps before validation shared is seen by the later stages in the context's parent, as the platform has it for these messages.
    void LeaveValidation()
    {
        if (Context.MessageName is not ("Create" or "Update" or "Delete") || Applicable(RegisteredStep.PreValidation, isAsync: false).Count == 0) return;
        RemoteExecutionContext parent = ContextCopy.Of(Context);
        foreach (string name in parent.SharedVariables.Keys)
            if (name is not ("IsAutoTransact" or "tag")) Context.SharedVariables.Remove(name);
        Context.ParentContext = parent;
    }

    void RunSync(int stage, RowTransaction? tx, Row? before, Row? after)
    {
        if (Call.BypassSync) return;
        foreach (RegisteredStep step in Applicable(stage, isAsync: false))
        {
            Context.Stage = stage;
            Context.Mode = Synchronous;
            Context.IsInTransaction = tx is not null;
            targetMayHaveChanged |= written is not null && stage < RegisteredStep.PostOperation;
            runtime.RunSync(this, tx, step, before, after);
        }
    }

    List<RegisteredStep> Applicable(int stage, bool isAsync) => [.. steps.Where(s => s.Stage == stage && s.IsAsync == isAsync && Passes(s))];

    // An Update step with filtering columns runs when one of them is among those sent, whatever its value.
    bool Passes(RegisteredStep step) => step.FilteringColumns.Count == 0 || Context.MessageName switch
    {
        "Update" => Context.InputParameters["Target"] is Entity target && target.Attributes.Keys.Any(step.FilteringColumns.Contains),
        "UpdateMultiple" => Context.InputParameters["Targets"] is EntityCollection targets
            && targets.Entities.Any(t => t.Attributes.Keys.Any(step.FilteringColumns.Contains)),
        _ => true,
    };

    // After the operation the target shows what the platform filled, too.
    void Complete(Row after)
    {
        if (Context.MessageName == "Create")
        {
            Context.OutputParameters["id"] = id;
            if (Context.InputParameters["Target"] is not Entity target) return;
            Entity whole = runtime.Entities.FromValues(table!, id, after.ToValues());
            whole.Attributes[table!.PrimaryId] = id;
            foreach ((string name, object value) in whole.Attributes)
                if (!target.Attributes.Contains(name)) target.Attributes[name] = value;
            foreach ((string name, string label) in whole.FormattedValues) target.FormattedValues[name] = label;
        }
        else if (Context.InputParameters.TryGetValue("Target", out object? parameter) && parameter is Entity target)
        {
            foreach (string name in (string[])["modifiedon", "modifiedby"])
                if (after[name] is { } value) target.Attributes[name] = runtime.Entities.ToSdk(table!.Columns[name], value, named: false);
        }
        if (Context.InputParameters.TryGetValue("Target", out object? entity) && entity is Entity written)
            written.RowVersion = after.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
