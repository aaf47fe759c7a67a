using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Lets a plugin post its context to a service endpoint.</summary>
internal sealed class EndpointNotification(Organization organization, CallContext call, PluginServices services) : IServiceEndpointNotificationService
{
    public string Execute(EntityReference serviceEndpoint, IExecutionContext context) => services.While(() =>
    {
        if (context is not RemoteExecutionContext remote)
            throw new DataverseException(400, ErrorCodes.PluginFailed, "The context to post must be the one the plug-in was given.");
        organization.Endpoints.Post(call, serviceEndpoint.Id, remote);
        // Only two-way and REST contracts have an answer.
        return "";
    });
}
