using System;
using System.Globalization;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Hands an event to the platform, which posts it to the service endpoint. Nothing here opens a connection.</summary>
static class Bus
{
    /// <summary>Posts the context with the event in it.</summary>
    /// <exception cref="InvalidPluginExecutionException">
    /// With <see cref="OperationStatus.Retry"/>: the bus did not take it; the platform tries again.
    /// </exception>
    internal static void Post(PluginCall call, EventMessage message)
    {
        EventSize.Fit(message);
        call.Context.SharedVariables[EventMessage.VariableName] = message.ToJson();
        try
        {
            call.Notifications().Execute(new EntityReference("serviceendpoint", new Guid(CrmNames.ServiceEndpointId)), call.Context);
        }
        catch (Exception refused)
        {
            call.Trace("The bus did not take " + message.Name + " " + message.Id + ": " + refused);
            throw new InvalidPluginExecutionException(
                OperationStatus.Retry,
                string.Format(
                    CultureInfo.InvariantCulture,
                    "The bus did not take the event {0} of {1} {2:D}. The platform tries again by itself; if this lasts, check the address and key of the "
                    + "service endpoint crmb_events.",
                    message.Name, call.Context.PrimaryEntityName, call.RowId));
        }

        call.Trace("Posted " + message.Name + " " + message.Id + ".");
    }
}
