using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Sales;

/// <summary>
/// Tells the bus that a campaign response was created or closed: an activity like others, for each contact among its parties. A response
/// of a lead, or of an address alone, brings these instead.
/// </summary>
public sealed class CampaignAnswered : PluginBase
{
    internal override void Run(PluginCall call)
    {
        string? name = ActivityEvents.NameFor(call);
        if (name == null)
        {
            call.Trace("The response was not closed by this change.");
            return;
        }

        ActivityRow row = ActivityRow.Read(call);
        IReadOnlyList<EntityReference> people = ActivityContacts.People(call, row);
        string[] contacts = [.. people.Where(person => person.LogicalName == "contact").Select(person => EventStart.Id(person.Id)).Distinct()];
        EventMessage message = ActivityEvents.From(call, name, row, contacts);
        if (contacts.Length == 0)
        {
            if (people.FirstOrDefault(person => person.LogicalName == "lead") is EntityReference lead) message.Properties["leadId"] = EventStart.Id(lead.Id);
            if (row.Value<string>(SalesColumns.ResponseAddress) is { Length: > 0 } address) message.Email = PlainValue.Clean(address);
        }

        if (contacts.Length == 0 && message.Email == null && !message.Properties.ContainsKey("leadId"))
        {
            call.Trace("No contact is concerned.");
        }
        else if (Echo.IsOwn(call))
        {
            call.Trace("The service's own activity is not told to the service.");
        }
        else
        {
            if (row.Value<EntityReference>(ActivityColumns.Regarding) is { LogicalName: "campaign" } campaign)
                message.Properties["campaignId"] = EventStart.Id(campaign.Id);
            RowProperties.Add(message, call, SalesColumns.Response);
            Bus.Post(call, message);
        }
    }
}
