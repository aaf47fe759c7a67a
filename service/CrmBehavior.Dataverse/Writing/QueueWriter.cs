using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Batch;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Metadata;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>
/// Puts tasks into queues by the action AddToQueue, which needs the privileges to read and to append to queues only. It may be repeated: a
/// task has one item, which then is in that queue already.
/// </summary>
sealed class QueueWriter(WebApi api, BatchRunner batches, TimeProvider time)
{
    readonly Kept<string, Guid> ids = new(time, TimeSpan.FromMinutes(5));

    /// <summary>Sets the result of each.</summary>
    /// <exception cref="CrmException">The queues could not be asked for.</exception>
    public async Task WriteAsync(IReadOnlyList<QueueUnit> units, CancellationToken cancellation)
    {
        var known = new List<(QueueUnit Unit, Guid Queue)>();
        foreach (IGrouping<string, QueueUnit> same in units.GroupBy(u => u.Queue, StringComparer.OrdinalIgnoreCase))
        {
            Guid? queue = await FindAsync(same.Key, cancellation);
            foreach (QueueUnit unit in same)
            {
                if (queue is { } id) known.Add((unit, id));
                else unit.Result = new CrmResult(CrmOutcome.Refused, $"there is no active queue named \"{same.Key}\" in the CRM; make it, or write another into the journey");
            }
        }
        if (known.Count == 0) return;
        IReadOnlyList<WebApiAnswer> answers = await batches.RunAsync([.. known.Select(k => CallOf(k.Unit, k.Queue))], cancellation);
        foreach (((QueueUnit unit, _), WebApiAnswer answer) in known.Zip(answers))
        {
            unit.Result = answer.Fault?.ToResult() ?? new CrmResult(CrmOutcome.Done);
            if (answer.Fault is not { IsGone: true }) continue;
            // The task or the queue is gone; a queue is asked for anew.
            ids.Forget(unit.Queue.ToUpperInvariant());
            unit.Result = new CrmResult(CrmOutcome.Retry, answer.Fault.Reason);
        }
    }

    async Task<Guid?> FindAsync(string name, CancellationToken cancellation)
    {
        string key = name.ToUpperInvariant();
        if (ids.TryGet(key, out Guid kept)) return kept;
        string address = ODataText.Address("queues", ("select", "queueid"), ("filter", ODataText.All(ODataText.Equal("name", name), ODataText.Equal("statecode", 0))), ("orderby", "createdon,queueid"), ("top", "1"));
        IReadOnlyList<JsonElement> rows = [.. await api.ReadRowsAsync(address, null, cancellation)];
        if (rows.Count == 0) return null;
        Guid id = rows[0].GetProperty("queueid").GetGuid();
        ids.Set(key, id);
        return id;
    }

    static WebApiCall CallOf(QueueUnit unit, Guid queue) => WebApiCall.Post(ODataText.Row("queues", queue) + "/Microsoft.Dynamics.CRM.AddToQueue", RowJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("Target");
        json.WriteString("@odata.type", "Microsoft.Dynamics.CRM.task");
        json.WriteString("activityid", unit.Task);
        json.WriteEndObject();
        json.WriteEndObject();
    }));
}
