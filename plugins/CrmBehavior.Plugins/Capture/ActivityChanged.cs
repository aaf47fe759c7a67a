using System.Collections.Generic;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Tells the bus that an e-mail, phone call, appointment or task with a contact was created or completed.</summary>
public sealed class ActivityChanged : PluginBase
{
    internal override void Run(PluginCall call)
    {
        string? name = ActivityEvents.NameFor(call);
        if (name == null)
        {
            call.Trace("The activity was not completed by this change.");
            return;
        }

        ActivityRow row = ActivityRow.Read(call);
        IReadOnlyList<string> contacts = ActivityContacts.Of(call, row);
        if (contacts.Count == 0)
            call.Trace("No contact is concerned.");
        else if (Echo.IsOwn(call))
            call.Trace("The service's own activity is not told to the service.");
        else
            Bus.Post(call, ActivityEvents.From(call, name, row, contacts));
    }
}
