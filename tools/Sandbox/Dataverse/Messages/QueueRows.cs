using System;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>The action AddToQueue: an activity gets an item in the queue; one that has an item already moves, for it is in one queue at a time.</summary>
internal sealed class QueueRows(RowStore store, RowMessages rows)
{
    /// <returns>The item.</returns>
    public Guid Add(CallContext call, Row queue, JsonElement body)
    {
        Access.Demand(call.Caller, "AppendTo", store.Schema.Find("queue")!, queue);
        if (!body.TryGetProperty("Target", out JsonElement target) || target.ValueKind != JsonValueKind.Object || !target.TryGetProperty("@odata.type", out JsonElement type)
            || store.Schema.Find((type.GetString() ?? "").Replace("#", "", StringComparison.Ordinal).Replace("Microsoft.Dynamics.CRM.", "", StringComparison.Ordinal)) is not { Definition.IsActivity: true } table
            || !target.TryGetProperty(table.PrimaryId, out JsonElement id) || !id.TryGetGuid(out Guid activity))
            throw Failure.InvalidArgument("Target must be {\"@odata.type\":\"Microsoft.Dynamics.CRM.task\",\"activityid\":\"…\"}.");
        if (store.Find(table.LogicalName, activity) is not { } row) throw Failure.NotFound(table.LogicalName, activity);
        Access.Demand(call.Caller, "Read", table, row);
        TableInfo items = store.Schema.Find("queueitem")!;
        var queued = new Lookup("queue", queue.Id);
        // The item is the platform's own doing: nobody has privileges on items.
        CallContext own = call with { Caller = new Caller { UserId = call.Caller.UserId, BusinessUnitId = call.Caller.BusinessUnitId, IsUnrestricted = true } };
        return rows.InTransaction(own, tx =>
        {
            CallContext inside = own with { Transaction = tx };
            if (store[items.LogicalName].FindEqual("objectid", new Lookup(table.LogicalName, activity))?.FirstOrDefault() is not { } item)
                return rows.Create(inside, items, new RowValues { ["objectid"] = new Lookup(table.LogicalName, activity), ["queueid"] = queued, ["title"] = row.Text("subject"), ["enteredon"] = store.Clock.WholeSecond });
            rows.Update(inside, items, item.Id, new RowValues { ["queueid"] = queued, ["enteredon"] = store.Clock.WholeSecond });
            return item.Id;
        });
    }
}
