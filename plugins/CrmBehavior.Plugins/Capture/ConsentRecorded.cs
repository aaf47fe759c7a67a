using System;
using System.Linq;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Tells the bus that somebody in the CRM noted down a person's consent, or its withdrawal.</summary>
public sealed class ConsentRecorded : PluginBase
{
    internal override void Run(PluginCall call)
    {
        if (Echo.IsOwn(call))
        {
            call.Trace("What the service noted itself is not told to the service.");
            return;
        }

        Entity row = call.After ?? call.AsSystem().Retrieve(CrmNames.Consent, call.RowId, new ColumnSet(ConsentColumns.Told.ToArray()));
        if (row.GetAttributeValue<EntityReference>(ConsentColumns.Contact) is not EntityReference contact)
        {
            call.Trace("No contact is concerned.");
            return;
        }

        EventMessage message = EventStart.Of(call, EventNames.ConsentChanged, row);
        message.ContactIds.Add(EventStart.Id(contact.Id));
        if (row.GetAttributeValue<DateTime?>(ConsentColumns.At) is DateTime time) message.At = EventStart.Utc(time);
        Add(message, "channel", row.GetAttributeValue<string>(ConsentColumns.Channel)?.ToLowerInvariant());
        Add(message, "purpose", row.GetAttributeValue<string>(ConsentColumns.Purpose)?.ToLowerInvariant());
        message.Properties["granted"] = row.GetAttributeValue<bool>(ConsentColumns.Granted);
        Add(message, "source", row.GetAttributeValue<string>(ConsentColumns.Source));
        Bus.Post(call, message);
    }

    // Left out, the language's defaults hold.
    static void Add(EventMessage message, string name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text)) message.Properties[name] = PlainValue.Clean(text!.Trim());
    }
}
