using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.Sandbox.Faults;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// Asynchronous steps: each is a row of <c>asyncoperation</c> written with the change that caused it, and run after the commit, one
/// after another. A plugin that asks for a retry is run again, four times in all, with growing delays of sandbox time, but at once
/// when a fault has ended. What waited when the process ended is taken up again.
/// </summary>
internal sealed class AsyncJobs : IDisposable
{
    const string Table = "asyncoperation";
    // Of so many waiting jobs the contexts are kept in memory; those of more are read from their rows when their turn comes.
    const int FewEnough = 1000;
    const int MaxAttempts = 4, Waiting = 10, Failed = 31, Succeeded = 30;
    static readonly TimeSpan[] Delays = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];
    readonly Organization organization;
    readonly FaultBoard faults;
    readonly Lock gate = new();
    readonly Queue<Job> ready = new();
    readonly List<Job> retrying = [];
    readonly AutoResetEvent signal = new(false);
    readonly Thread thread;
    volatile bool stopping;
    bool running;

    public AsyncJobs(Organization organization, FaultBoard faults)
    {
        this.organization = organization;
        this.faults = faults;
        faults.Cleared += RetryNow;
        organization.Store.Clock.Moved += Wake;
        thread = new Thread(Run) { IsBackground = true, Name = "asynchronous plug-ins" };
    }

    RowStore Store => organization.Store;

    /// <summary>Jobs that are not done: waiting, running or to be tried again.</summary>
    public int Count
    {
        get { lock (gate) return ready.Count + retrying.Count + (running ? 1 : 0); }
    }

    /// <summary>Begins, with what an earlier process left.</summary>
    public void Start()
    {
        foreach (Row row in Store.Read(
            () => Store[Table].All.Where(r => r.Int("statecode") is 0 or 1 or 2 && r.Text("data") is not null).OrderBy(r => r.StorageId).ToList()))
            ready.Enqueue(new Job(row.Id, null, row.Lookup("owningextensionid")?.Id ?? Guid.Empty) { Attempts = row.Int("retrycount") ?? 0 });
        thread.Start();
    }

    /// <summary>Queues a step with a transaction.</summary>
    public void Add(RowTransaction tx, RemoteExecutionContext context, RegisteredStep step)
    {
        tx.Insert(NewRow(context, step));
        tx.OnCommit(() =>
        {
            lock (gate) ready.Enqueue(new Job(context.OperationId, ready.Count < FewEnough ? context : null, step.Id));
            signal.Set();
        });
    }

    void Wake() => signal.Set();

    void RetryNow()
    {
        lock (gate)
        {
            foreach (Job job in retrying) ready.Enqueue(job);
            retrying.Clear();
        }
        signal.Set();
    }

    void Run()
    {
        while (!stopping)
        {
            if (Next() is { } job) RunOne(job);
            else
            {
                organization.Traces.Flush();
                // Asking for the faults notices when one has run out by time.
                if (retrying.Count > 0) faults.Active();
                signal.WaitOne(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    Job? Next()
    {
        DateTime now = Store.Clock.UtcNow;
        lock (gate)
        {
            foreach (Job due in retrying.Where(j => j.NotBefore <= now).ToList())
            {
                retrying.Remove(due);
                ready.Enqueue(due);
            }
            running = ready.TryDequeue(out Job? job);
            return job;
        }
    }

    void RunOne(Job job)
    {
        job.Attempts++;
        try
        {
            RegisteredStep? step = Store.Read(() => organization.Steps.Find(job.StepId));
            RemoteExecutionContext? context = job.Context ?? Store.Read(() => Store[Table].Find(job.Id)?.Text("data") is { } data ? ContextCopy.Read(data) : null);
            // A step that was switched off or removed meanwhile runs no more.
            if (step is not null && context is not null) organization.Plugins.RunJob(context, step);
            Finish(job, step?.DeletesJob ?? true, Succeeded, null);
        }
        catch (InvalidPluginExecutionException e) when (e.Status == OperationStatus.Retry && job.Attempts < MaxAttempts)
        {
            Retry(job, e.Message);
        }
        catch (Exception e)
        {
            Finish(job, deletes: false, Failed, e.Message);
        }
        finally
        {
            lock (gate) running = false;
        }
    }

    void Retry(Job job, string message)
    {
        job.NotBefore = Store.Clock.UtcNow + Delays[Math.Min(job.Attempts, Delays.Length) - 1];
        Change(job, new RowValues
        {
            ["statecode"] = 1,
            ["statuscode"] = Waiting,
            ["retrycount"] = job.Attempts,
            ["postponeuntil"] = ValueReader.WholeSecond(job.NotBefore),
            ["message"] = message
        });
        lock (gate) retrying.Add(job);
    }

    void Finish(Job job, bool deletes, int status, string? message)
    {
        if (!deletes)
        {
            Change(job, new RowValues
            {
                ["statecode"] = 3,
                ["statuscode"] = status,
                ["retrycount"] = job.Attempts,
                ["completedon"] = Store.Clock.WholeSecond,
                ["message"] = message,
                ["friendlymessage"] = message,
                ["data"] = null,
                ["postponeuntil"] = null
            });
            return;
        }
        Store.Write(tx =>
        {
            if (Store[Table].Find(job.Id) is { } row) tx.Remove(row);
            return true;
        });
    }

    void Change(Job job, RowValues values) => Store.Write(tx =>
    {
        if (Store[Table].Find(job.Id) is not { } before) return false;
        RowValues all = before.ToValues();
        foreach ((string name, object? value) in values)
            if (Store.Schema[Table].Columns.TryGetValue(name, out var column)) all[column.Name] = value;
        tx.Replace(before, new Row(Table, before.Id, Store.NextVersion(), before.StorageId, all));
        return true;
    });

    Row NewRow(RemoteExecutionContext context, RegisteredStep step)
    {
        Guid id = context.OperationId;
        DateTime now = Store.Clock.WholeSecond;
        var user = new Lookup("systemuser", context.UserId);
        var values = new RowValues
        {
            ["asyncoperationid"] = id,
            ["name"] = step.Name,
            ["operationtype"] = 1,
            ["statecode"] = 0,
            ["statuscode"] = 0,
            ["messagename"] = context.MessageName,
            ["primaryentitytype"] = context.PrimaryEntityName,
            ["regardingobjectid"] = context.MessageName == "Delete" || context.PrimaryEntityId == Guid.Empty ? null
                : new Lookup(context.PrimaryEntityName, context.PrimaryEntityId),
            ["owningextensionid"] = new Lookup("sdkmessageprocessingstep", step.Id),
            ["correlationid"] = context.CorrelationId,
            ["requestid"] = context.RequestId,
            ["depth"] = context.Depth,
            ["retrycount"] = 0,
            ["ownerid"] = user,
            ["owninguser"] = user,
            ["createdby"] = user,
            ["createdon"] = now,
            ["modifiedon"] = now,
            ["data"] = ContextCopy.Write(context),
        };
        return new Row(Table, id, Store.NextVersion(), Store.NextStorageId(),
            [.. values.Where(v => Store.Schema[Table].Columns.ContainsKey(v.Key))
                .Select(v => new KeyValuePair<string, object?>(Store.Schema[Table].Columns[v.Key].Name, v.Value))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        faults.Cleared -= RetryNow;
        organization.Store.Clock.Moved -= Wake;
        signal.Set();
        if (thread.IsAlive) thread.Join(TimeSpan.FromSeconds(5));
        signal.Dispose();
    }

    /// <param name="Id">Its row.</param>
    /// <param name="Context">What its plugin is given; null when it is to be read from the row.</param>
    /// <param name="StepId">The step to run.</param>
    sealed record Job(Guid Id, RemoteExecutionContext? Context, Guid StepId)
    {
        public int Attempts { get; set; }

        public DateTime NotBefore { get; set; }
    }
}
