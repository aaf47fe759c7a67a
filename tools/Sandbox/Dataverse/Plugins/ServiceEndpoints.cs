using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization.Json;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// Posts execution contexts to the queue of a service endpoint, in the JSON of DataContractJsonSerializer with the claims as properties.
/// Above 192 KB the platform cuts parameters and images and says so. Source: Microsoft's "Azure integration" and "Work with data in
/// your Azure solution".
/// </summary>
internal sealed class ServiceEndpoints(RowStore store, MessageBus bus)
{
    const int MaxContext = 192 * 1024;
    const string Claims = "http://schemas.microsoft.com/xrm/2011/Claims/";
    static readonly DataContractJsonSerializer Serializer = new(typeof(RemoteExecutionContext));

    /// <summary>Posts; throws when the bus cannot be reached or refuses the key.</summary>
    public void Post(CallContext call, Guid endpointId, RemoteExecutionContext context)
    {
        Row endpoint = (call.Transaction is null ? store.Read(() => store.Find("serviceendpoint", endpointId)) : store.Find("serviceendpoint", endpointId))
            ?? throw new DataverseException(400, ErrorCodes.ObjectDoesNotExist, $"serviceendpoint With Id = {endpointId} Does Not Exist");
        if (endpoint.Text("saskeyname") != bus.KeyName || endpoint.Text("saskey") != bus.Key)
            throw new BusUnreachableException("The bus refuses the key of the service endpoint (401: InvalidSignature).");
        byte[] body = Write(context);
        bool trimmed = body.Length > MaxContext;
        if (trimmed) body = Write(Trimmed(context));
        if (body.Length > MaxContext)
            throw new DataverseException(400, ErrorCodes.BusMessageTooLarge, "The message size exceeds the limit of the service bus.");
        bus.Post(endpoint.Text("path") ?? "", new BusMessage
        {
            MessageId = Guid.NewGuid().ToString("N"),
            CorrelationId = context.CorrelationId.ToString("B"),
            ContentType = "application/json",
            Body = body,
            Properties = Properties(context, trimmed),
        });
    }

    static Dictionary<string, object> Properties(RemoteExecutionContext context, bool trimmed)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            [Claims + "Organization"] = "sandbox.localhost",
            [Claims + "User"] = context.UserId.ToString(),
            [Claims + "InitiatingUser"] = context.InitiatingUserId.ToString(),
            [Claims + "EntityLogicalName"] = context.PrimaryEntityName,
            [Claims + "RequestName"] = context.MessageName,
        };
        if (trimmed) properties["MessageMaxSizeExceeded"] = "true";
        return properties;
    }

    static RemoteExecutionContext Trimmed(RemoteExecutionContext context)
    {
        RemoteExecutionContext copy = ContextCopy.Of(context);
        copy.ParentContext = null;
        copy.InputParameters.Clear();
        return copy;
    }

    static byte[] Write(RemoteExecutionContext context)
    {
        using var buffer = new MemoryStream();
        Serializer.WriteObject(buffer, context);
        return buffer.ToArray();
    }
}
