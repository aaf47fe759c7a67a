using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Platform;

/// <summary>Runs the steps that the catalogue registers for a message.</summary>
sealed class Pipeline
{
    readonly PluginPlatform platform;

    internal Pipeline(PluginPlatform platform)
    {
        this.platform = platform;
    }

    internal RemoteExecutionContext Context(string message, string table, Guid id, RemoteExecutionContext? parent) => new RemoteExecutionContext
    {
        MessageName = message,
        PrimaryEntityName = table,
        PrimaryEntityId = id,
        UserId = platform.User,
        InitiatingUserId = platform.User,
        CorrelationId = parent?.CorrelationId ?? Guid.NewGuid(),
        Depth = parent == null ? platform.Depth : parent.Depth + 1,
        ParentContext = parent,
        IsInTransaction = true,
        OperationCreatedOn = platform.Now,
    };

    /// <summary>Runs the synchronous steps of a stage, and keeps the asynchronous ones for after the commit.</summary>
    internal void Run(PipelineStage stage, RemoteExecutionContext context, Entity? before, Entity? after)
    {
        context.Stage = (int)stage;
        Entity? target = context.InputParameters["Target"] as Entity;
        foreach (PluginStep step in StepCatalog.Steps.Concat(StepCatalog.SalesSteps).Where(step => step.Stage == stage && step.Table == context.PrimaryEntityName))
        {
            if (step.Message != context.MessageName) continue;
            if (context.MessageName == "Update" && step.FilteringColumns.Count > 0 && !step.FilteringColumns.Any(target!.Contains)) continue;
            bool later = step.Mode == StepMode.Asynchronous;
            RemoteExecutionContext own = later ? JobContext(context) : context;
            AddImages(own, step, before, after);
            if (later) platform.Enqueue(new Job(step.PluginType, own));
            else Run(step.PluginType, own);
        }
    }

    /// <summary>Runs one plugin.</summary>
    internal void Run(Type pluginType, RemoteExecutionContext context) =>
        ((IPlugin)Activator.CreateInstance(pluginType)!).Execute(new PlatformServices(platform, this, context));

    RemoteExecutionContext JobContext(RemoteExecutionContext context)
    {
        RemoteExecutionContext job = Context(context.MessageName, context.PrimaryEntityName, context.PrimaryEntityId, context.ParentContext);
        job.Stage = context.Stage;
        job.Mode = 1;
        job.IsInTransaction = false;
        job.OperationId = Guid.NewGuid();
        foreach (KeyValuePair<string, object> parameter in context.InputParameters)
            job.InputParameters[parameter.Key] = parameter.Value is Entity row ? RowCopy.Of(row) : parameter.Value;
        job.OutputParameters.AddRange(context.OutputParameters);
        return job;
    }

    void AddImages(RemoteExecutionContext context, PluginStep step, Entity? before, Entity? after)
    {
        context.PreEntityImages.Clear();
        context.PostEntityImages.Clear();
        if (platform.WithoutImages) return;
        foreach (StepImage image in step.Images)
        {
            if (image.Kind == ImageKind.Before) context.PreEntityImages[image.Alias] = RowCopy.Of(before!, image.Columns);
            else context.PostEntityImages[image.Alias] = RowCopy.Of(after!, image.Columns);
        }
    }
}
