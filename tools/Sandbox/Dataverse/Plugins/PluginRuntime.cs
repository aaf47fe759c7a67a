using System;
using System.Diagnostics;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Runs plugins at their steps: images, services, the two-minute limit, and what their exceptions mean.</summary>
internal sealed class PluginRuntime(Organization organization)
{
    const int SandboxIsolation = 2;
    readonly PluginAssemblies assemblies = new(organization.Store);
    readonly PluginThreads threads = new();

    public EntityMapping Entities { get; } = new(organization.Store);

    /// <summary>A context with all but stage, images and parameters.</summary>
    public RemoteExecutionContext NewContext(CallContext call, string message, string? table, Guid id)
    {
        var context = new RemoteExecutionContext
        {
            MessageName = message,
            PrimaryEntityName = table ?? "none",
            SecondaryEntityName = "none",
            PrimaryEntityId = id,
            UserId = call.Caller.UserId,
            InitiatingUserId = call.InitiatingUserId,
            BusinessUnitId = call.Caller.BusinessUnitId,
            OrganizationId = Organization.Id,
            OrganizationName = Organization.Name,
            CorrelationId = call.CorrelationId,
            RequestId = call.RequestId,
            OperationId = Guid.Empty,
            OperationCreatedOn = organization.Store.Clock.UtcNow,
            Depth = call.Depth,
            IsolationMode = SandboxIsolation,
            ParentContext = call.Parent?.Context,
        };
        context.SharedVariables["IsAutoTransact"] = true;
        if (call.Tag is not null) context.SharedVariables["tag"] = call.Tag;
        return context;
    }

    /// <summary>Runs a synchronous step; its refusal becomes the request's failure.</summary>
    public void RunSync(PipelineFrame frame, RowTransaction? tx, RegisteredStep step, Row? before, Row? after)
    {
        Images(frame.Context, step, before, after);
        frame.Context.OwningExtension = new EntityReference("sdkmessageprocessingstep", step.Id) { Name = step.Name };
        try
        {
            Execute(frame.Context, step, Inside(frame, tx, step));
        }
        catch (Exception e) when (e is not DataverseException { Code: ErrorCodes.PluginTimeout })
        {
            throw Translate(e);
        }
    }

    /// <summary>Runs the plugin of a custom API as its operation.</summary>
    public void RunMain(PipelineFrame frame, RowTransaction tx, Guid pluginType, Row? row)
    {
        frame.Context.Stage = RegisteredStep.MainOperation;
        frame.Context.IsInTransaction = true;
        var step = new RegisteredStep
        {
            Id = pluginType,
            Name = frame.Context.MessageName,
            Message = frame.Context.MessageName,
            Stage = RegisteredStep.MainOperation,
            IsAsync = false,
            PluginTypeId = pluginType
        };
        try
        {
            Execute(frame.Context, step, Inside(frame, tx, step));
        }
        catch (Exception e) when (e is not DataverseException { Code: ErrorCodes.PluginTimeout })
        {
            throw Translate(e);
        }
    }

    /// <summary>Queues an asynchronous step with the transaction.</summary>
    public void Queue(PipelineFrame frame, RowTransaction tx, RegisteredStep step, Row? before, Row? after)
    {
        RemoteExecutionContext context = ContextCopy.Of(frame.Context);
        context.Stage = RegisteredStep.PostOperation;
        context.Mode = 1;
        context.IsInTransaction = false;
        context.OperationId = Guid.CreateVersion7(organization.Store.Clock.GetUtcNow());
        context.OperationCreatedOn = organization.Store.Clock.UtcNow;
        context.OwningExtension = new EntityReference("sdkmessageprocessingstep", step.Id) { Name = step.Name };
        if (step.RunsAs is { } user) context.UserId = user;
        Images(context, step, before, after);
        organization.Jobs.Add(tx, context, step);
    }

    /// <summary>Runs a step whose job is due; its exceptions are the job's affair.</summary>
    public void RunJob(RemoteExecutionContext context, RegisteredStep step)
    {
        var call = new CallContext
        {
            Caller = organization.Directory.CallerOf(context.UserId, null),
            InitiatingUserId = context.InitiatingUserId,
            CorrelationId = context.CorrelationId,
            RequestId = context.RequestId ?? Guid.NewGuid(),
            Depth = context.Depth + 1,
            Parent = PipelineFrame.OfJob(this, context),
        };
        Execute(context, step, call);
    }

    CallContext Inside(PipelineFrame frame, RowTransaction? tx, RegisteredStep step) => frame.Call with
    {
        Caller = step.RunsAs is { } user ? organization.Directory.CallerOf(user, frame.Call with { Transaction = tx }) : frame.Call.Caller,
        Depth = frame.Call.Depth + 1,
        Parent = frame,
        Transaction = tx,
        InMultiple = false,
    };

    void Execute(RemoteExecutionContext context, RegisteredStep step, CallContext call)
    {
        if (step.EndpointId is { } endpoint)
        {
            organization.Endpoints.Post(call, endpoint, context);
            return;
        }
        IPlugin plugin = call.Transaction is null ? organization.Store.Read(() => assemblies.Find(step.PluginTypeId!.Value, step.Configuration))
            : assemblies.Find(step.PluginTypeId!.Value, step.Configuration);
        var trace = new TraceText();
        var services = new PluginServices(context, call, organization, trace);
        long started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            if (!threads.Run(() => plugin.Execute(services), organization.PluginTimeout))
                throw new DataverseException(
                    400, ErrorCodes.PluginTimeout, $"The plug-in execution failed because the operation has timed-out at the Sandbox Host. ({step.Name})");
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            services.Close();
            organization.Traces.Add(new TraceEntry(context, step, trace.ToString(), failure?.ToString(), Stopwatch.GetElapsedTime(started)));
        }
    }

    void Images(RemoteExecutionContext context, RegisteredStep step, Row? before, Row? after)
    {
        context.PreEntityImages.Clear();
        context.PostEntityImages.Clear();
        foreach (RegisteredImage image in step.Images)
        {
            if (image.IsPre && before is not null) context.PreEntityImages[image.Alias] = Entities.FromRow(before, image.Columns);
            if (image.IsPost && after is not null) context.PostEntityImages[image.Alias] = Entities.FromRow(after, image.Columns);
        }
    }

    static DataverseException Translate(Exception e) => e switch
    {
        InvalidPluginExecutionException refused =>
            new DataverseException(400, ErrorCodes.PluginAborted, refused.Message, refused) { SubErrorCode = refused.ErrorCode },
        _ => new DataverseException(
            400, ErrorCodes.PluginFailed,
                "An unexpected error occurred from ISV code. (ErrorType = ClientError) Unexpected exception from plug-in: " + e.Message, e),
    };
}
