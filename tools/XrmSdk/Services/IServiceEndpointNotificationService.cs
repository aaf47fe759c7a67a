namespace Microsoft.Xrm.Sdk;

/// <summary>Posts an execution context to a registered service endpoint.</summary>
public interface IServiceEndpointNotificationService
{
    /// <summary>Posts; the answer is empty but for endpoints that answer. Throws when the endpoint cannot be reached.</summary>
    string Execute(EntityReference serviceEndpoint, IExecutionContext context);
}
