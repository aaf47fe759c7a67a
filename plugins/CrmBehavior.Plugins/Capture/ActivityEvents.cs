using System;
using System.Collections.Generic;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>An activity's creation or completion as an event.</summary>
static class ActivityEvents
{
    const int Completed = 1;

    /// <summary>The event's name; null for a change that is neither.</summary>
    internal static string? NameFor(PluginCall call)
    {
        if (call.IsCreate) return EventNames.ActivityCreated;
        if (!call.IsUpdate)
            throw new InvalidOperationException("The step is registered on " + call.Context.MessageName + "; register it on Create and Update.");
        bool was = State(call.Before) == Completed;
        bool became = State(call.Target ?? call.After) == Completed;
        return became && !was ? EventNames.ActivityCompleted : null;
    }

    internal static EventMessage From(PluginCall call, string name, ActivityRow row, IReadOnlyList<string> contacts)
    {
        EventMessage message = EventStart.Of(call, name, row.Stored);
        message.ContactIds.AddRange(contacts);
        message.Incomplete |= row.Incomplete;
        message.Properties["type"] = call.Context.PrimaryEntityName;
        message.Properties["activityId"] = EventStart.Id(call.RowId);
        if (row.Value<string>(ActivityColumns.Subject) is string subject) message.Properties["subject"] = PlainValue.Clean(subject);
        if (row.Value<bool?>(ActivityColumns.Direction) is bool outgoing) message.Properties["direction"] = outgoing ? "outgoing" : "incoming";
        if (row.Value<EntityReference>(ActivityColumns.Owner) is EntityReference owner) message.Properties["ownerId"] = EventStart.Id(owner.Id);
        return message;
    }

    static int? State(Entity? row) =>
        row != null && row.Attributes.TryGetValue(ActivityColumns.State, out object? value) && value is OptionSetValue state ? state.Value : null;
}
