using System;
using System.Threading;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>What the platform hands to a plugin for one run; closed when the run is over, so that a stray thread can do nothing.</summary>
internal sealed class PluginServices(RemoteExecutionContext context, CallContext call, Organization organization, TraceText trace)
    : IServiceProvider, IOrganizationServiceFactory
{
    readonly Lock gate = new();
    bool closed;

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(IPluginExecutionContext) || serviceType == typeof(IExecutionContext)) return context;
        if (serviceType == typeof(IOrganizationServiceFactory)) return this;
        if (serviceType == typeof(ITracingService)) return trace;
        if (serviceType == typeof(IServiceEndpointNotificationService)) return new EndpointNotification(organization, call, this);
        return null;
    }

    /// <summary>Null is the system, empty or the context's user the user of the step, another id that user.</summary>
    public IOrganizationService CreateOrganizationService(Guid? userId)
    {
        Guid user = userId is null ? CallerDirectory.SystemId : userId == Guid.Empty ? context.UserId : userId.Value;
        return new OrganizationService(organization, call with { Caller = organization.Directory.CallerOf(user, call) }, this);
    }

    /// <summary>Runs one service call, unless the run is over.</summary>
    public T While<T>(Func<T> work)
    {
        lock (gate)
        {
            if (closed) throw new DataverseException(400, ErrorCodes.PluginTimeout, "The plug-in execution has ended; its services can no longer be used.");
            return work();
        }
    }

    /// <summary>Ends the run; waits for a service call in progress.</summary>
    public void Close()
    {
        lock (gate) closed = true;
    }
}
