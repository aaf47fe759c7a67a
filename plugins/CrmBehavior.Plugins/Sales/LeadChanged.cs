using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Sales;

/// <summary>
/// Tells the bus that a lead was created, changed, qualified, disqualified or deleted. The person is its parent contact; while it has
/// none, the event brings the lead's address and id, under which the service finds or keeps it.
/// </summary>
public sealed class LeadChanged : PluginBase
{
    const int Qualified = 1;
    const int Disqualified = 2;

    internal override void Run(PluginCall call)
    {
        if (Echo.IsOwn(call))
        {
            call.Trace("The service's own write is not told to the service.");
            return;
        }

        Entity? target = call.Target, after = call.After, before = call.Before;
        EventMessage message = EventStart.Of(call, Name(call), after);
        message.Properties["leadId"] = EventStart.Id(call.RowId);
        if (RowProperties.Value(SalesColumns.Contact, target, after, before) is EntityReference contact) message.ContactIds.Add(EventStart.Id(contact.Id));
        else if (RowProperties.Value(SalesColumns.Address, target, after, before) is string { Length: > 0 } address) message.Email = PlainValue.Clean(address);
        if (!call.IsDelete) RowProperties.Add(message, call, SalesColumns.Lead);
        Bus.Post(call, message);
    }

    static string Name(PluginCall call)
    {
        if (call.IsCreate) return EventNames.LeadCreated;
        if (call.IsDelete) return EventNames.LeadDeleted;
        if (!call.IsUpdate)
            throw new InvalidOperationException("The step is registered on " + call.Context.MessageName + "; register it on Create, Update and Delete.");
        int? state = SalesState.Became(call);
        return state == Qualified ? EventNames.LeadQualified : state == Disqualified ? EventNames.LeadDisqualified : EventNames.LeadUpdated;
    }
}
