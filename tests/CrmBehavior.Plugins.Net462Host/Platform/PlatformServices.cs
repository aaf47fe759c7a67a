using System;
using System.Globalization;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Platform;

/// <summary>The services that one run of a plugin is given.</summary>
sealed class PlatformServices : IServiceProvider, IOrganizationServiceFactory, IServiceEndpointNotificationService, ITracingService
{
    readonly PluginPlatform platform;
    readonly Pipeline pipeline;
    readonly RemoteExecutionContext context;

    internal PlatformServices(PluginPlatform platform, Pipeline pipeline, RemoteExecutionContext context)
    {
        this.platform = platform;
        this.pipeline = pipeline;
        this.context = context;
    }

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(IPluginExecutionContext)) return context;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public IOrganizationService CreateOrganizationService(Guid? userId) => new PlatformRows(platform, pipeline, context, userId);

    public string Execute(EntityReference serviceEndpoint, IExecutionContext context)
    {
        if (platform.BusRefusals > 0)
        {
            platform.BusRefusals--;
            throw new InvalidOperationException("The bus is away");
        }

        platform.Endpoints.Add(serviceEndpoint);
        platform.Posts.Add((RemoteExecutionContext)context);
        return "";
    }

    public void Trace(string format, params object[] args) => platform.Traces.Add(string.Format(CultureInfo.InvariantCulture, format, args));
}
