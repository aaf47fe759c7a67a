using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Sales;

/// <summary>
/// Tells the bus that an opportunity was created, changed, won or lost. The person is its parent contact, else its customer if that is a
/// contact; an opportunity that came from a lead also brings the lead's id.
/// </summary>
public sealed class OpportunityChanged : PluginBase
{
    const int Won = 1;
    const int Lost = 2;

    internal override void Run(PluginCall call)
    {
        Entity? target = call.Target, after = call.After;
        EventMessage message = EventStart.Of(call, Name(call), after);
        message.Properties["opportunityId"] = EventStart.Id(call.RowId);
        if (Contact(target, after) is EntityReference contact) message.ContactIds.Add(EventStart.Id(contact.Id));
        if (RowProperties.Value(SalesColumns.OriginatingLead, target, after) is EntityReference lead) message.Properties["leadId"] = EventStart.Id(lead.Id);
        if (message.ContactIds.Count == 0 && !message.Properties.ContainsKey("leadId"))
        {
            call.Trace("No contact is concerned.");
        }
        else if (Echo.IsOwn(call))
        {
            call.Trace("The service's own write is not told to the service.");
        }
        else
        {
            RowProperties.Add(message, call, SalesColumns.Opportunity);
            Bus.Post(call, message);
        }
    }

    static EntityReference? Contact(Entity? target, Entity? after) =>
        RowProperties.Value(SalesColumns.Contact, target, after) as EntityReference
        ?? (RowProperties.Value(SalesColumns.Customer, target, after) is EntityReference { LogicalName: "contact" } customer ? customer : null);

    static string Name(PluginCall call)
    {
        if (call.IsCreate) return EventNames.OpportunityCreated;
        if (!call.IsUpdate)
            throw new InvalidOperationException("The step is registered on " + call.Context.MessageName + "; register it on Create and Update.");
        int? state = SalesState.Became(call);
        return state == Won ? EventNames.OpportunityWon : state == Lost ? EventNames.OpportunityLost : EventNames.OpportunityUpdated;
    }
}
