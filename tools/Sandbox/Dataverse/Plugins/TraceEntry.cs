using System;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>One run of a plugin, for the trace log.</summary>
internal sealed record TraceEntry(
    string TypeName, string Message, string Table, int Depth, int Mode, Guid CorrelationId, Guid? RequestId, Guid StepId, string? Configuration, string Text,
        string? Exception, TimeSpan Duration)
{
    public TraceEntry(RemoteExecutionContext context, RegisteredStep step, string text, string? exception, TimeSpan duration)
        : this(step.Name, context.MessageName, context.PrimaryEntityName, context.Depth, context.Mode, context.CorrelationId, context.RequestId, step.Id,
            step.Configuration, text, exception, duration)
    {
    }
}
