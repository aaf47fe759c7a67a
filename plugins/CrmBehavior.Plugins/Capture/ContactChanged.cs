using CrmBehavior.Contracts;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Tells the bus that a contact was created, changed or deleted.</summary>
public sealed class ContactChanged : PluginBase
{
    internal override void Run(PluginCall call)
    {
        EventMessage? message = ContactEvents.From(call);
        if (message == null)
            call.Trace("Nothing that is published was written.");
        else if (Echo.IsOwn(call))
            call.Trace("The service's own write is not told to the service.");
        else
            Bus.Post(call, message);
    }
}
