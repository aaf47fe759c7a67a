using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Reviews;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Tells the bus what a person answered to a review.</summary>
public sealed class ReviewDecided : PluginBase
{
    internal override void Run(PluginCall call)
    {
        Entity after = call.After ?? Load(call);
        int answer = Answer(after);
        if (answer is not (ReviewAnswer.Approved or ReviewAnswer.Rejected) || (call.Before != null && Answer(call.Before) == answer))
            call.Trace("This change answered nothing.");
        else if (Echo.IsOwn(call))
            call.Trace("The service's own answer is not told to the service.");
        else
            Bus.Post(call, Event(call, after, answer));
    }

    static EventMessage Event(PluginCall call, Entity after, int answer)
    {
        EventMessage message = EventStart.Of(call, EventNames.ReviewDecided, after);
        // When it was answered, which is before the deadline; the job may begin after it.
        if (after.GetAttributeValue<System.DateTime?>(ReviewColumns.AnsweredOn) is System.DateTime time) message.At = EventStart.Utc(time);
        if (after.GetAttributeValue<EntityReference>(ReviewColumns.Contact) is EntityReference contact) message.ContactIds.Add(EventStart.Id(contact.Id));
        Dictionary<string, object?> properties = message.Properties;
        properties["journey"] = after.GetAttributeValue<string>(ReviewColumns.Journey);
        properties["step"] = after.GetAttributeValue<string>(ReviewColumns.Step);
        if (after.GetAttributeValue<int?>(ReviewColumns.Entry) is int entry) properties["entry"] = entry;
        properties["approved"] = answer == ReviewAnswer.Approved;
        properties["answer"] = ReviewAnswer.Word(answer);
        properties["decisionId"] = after.GetAttributeValue<string>(ReviewColumns.Decision);
        if (after.GetAttributeValue<EntityReference>(ReviewColumns.AnsweredBy) is EntityReference by) properties["by"] = EventStart.Id(by.Id);
        return message;
    }

    // The platform leaves images out of a context that is too large.
    static Entity Load(PluginCall call) => call.AsSystem().Retrieve(CrmNames.Review, call.RowId, new ColumnSet(ReviewColumns.Told.ToArray()));

    static int Answer(Entity row) => row.GetAttributeValue<OptionSetValue>(ReviewColumns.Answer)?.Value ?? ReviewAnswer.Open;
}
