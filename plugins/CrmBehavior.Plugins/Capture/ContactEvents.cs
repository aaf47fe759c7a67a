using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>A change of a contact as an event.</summary>
static class ContactEvents
{
    /// <summary>The event; null when nothing was written that is published.</summary>
    internal static EventMessage? From(PluginCall call)
    {
        Entity? after = call.After;
        EventMessage message = EventStart.Of(call, Name(call), after);
        message.ContactIds.Add(EventStart.Id(call.RowId));
        if (call.IsDelete) return message;

        Entity? target = call.Target;
        if (target == null)
            message.Incomplete = true;
        else
            ContactTraits.Add(message.Traits, target, after, isNew: call.IsCreate);
        return call.IsCreate || message.Incomplete || message.Traits.Count > 0 ? message : null;
    }

    static string Name(PluginCall call)
    {
        if (call.IsCreate) return EventNames.ContactCreated;
        if (call.IsUpdate) return EventNames.ContactUpdated;
        if (call.IsDelete) return EventNames.ContactDeleted;
        throw new InvalidOperationException("The step is registered on " + call.Context.MessageName + "; register it on Create, Update and Delete.");
    }
}
