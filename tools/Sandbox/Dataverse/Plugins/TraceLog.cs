using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// Rows of <c>plugintracelog</c>, written after the operation they tell of, since that one may be undone. How much is kept is the
/// organisation's <c>plugintracelogsetting</c>: 0 nothing, 1 failures (as here at first), 2 all.
/// </summary>
internal sealed class TraceLog(RowStore store, Guid organizationId)
{
    const string Table = "plugintracelog";
    const int MostKept = 5000;
    readonly ConcurrentQueue<TraceEntry> waiting = new();

    public void Add(TraceEntry entry) => waiting.Enqueue(entry);

    /// <summary>Writes what has gathered; called between jobs, outside any transaction.</summary>
    public void Flush()
    {
        if (waiting.IsEmpty) return;
        var entries = new List<TraceEntry>();
        while (waiting.TryDequeue(out TraceEntry? entry)) entries.Add(entry);
        store.Write(tx =>
        {
            int setting = store.Find("organization", organizationId)?.Int("plugintracelogsetting") ?? 1;
            foreach (TraceEntry entry in entries)
                if (setting == 2 || setting == 1 && entry.Exception is not null) tx.Insert(NewRow(entry));
            int surplus = store[Table].Count - MostKept;
            if (surplus > 0)
                foreach (Row old in store[Table].All.OrderBy(r => r.StorageId).Take(surplus).ToList()) tx.Remove(old);
            return true;
        });
    }

    Row NewRow(TraceEntry entry)
    {
        Guid id = Guid.CreateVersion7(store.Clock.GetUtcNow());
        var values = new RowValues
        {
            ["plugintracelogid"] = id,
            ["typename"] = entry.TypeName,
            ["messagename"] = entry.Message,
            ["primaryentity"] = entry.Table,
            ["depth"] = entry.Depth,
            ["mode"] = entry.Mode,
            ["operationtype"] = 1,
            ["correlationid"] = entry.CorrelationId,
            ["requestid"] = entry.RequestId,
            ["pluginstepid"] = entry.StepId,
            ["configuration"] = entry.Configuration,
            ["messageblock"] = entry.Text,
            ["exceptiondetails"] = entry.Exception,
            ["performanceexecutionduration"] = (int)entry.Duration.TotalMilliseconds,
            ["performanceexecutionstarttime"] = ValueReader.WholeSecond(store.Clock.UtcNow - entry.Duration),
            ["createdon"] = store.Clock.WholeSecond,
        };
        var table = store.Schema[Table];
        return new Row(Table, id, store.NextVersion(), store.NextStorageId(),
            [.. values.Where(v => table.Columns.ContainsKey(v.Key)).Select(v => new KeyValuePair<string, object?>(table.Columns[v.Key].Name, v.Value))]);
    }
}
