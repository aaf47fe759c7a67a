using System.Collections.Concurrent;
using System.Collections.Generic;

namespace CrmBehavior.Service.Workers;

/// <summary>What is wrong with workers at present, in words; for the health page.</summary>
internal sealed class WorkerHealth
{
    readonly ConcurrentDictionary<string, string> problems = new();

    public IReadOnlyDictionary<string, string> Problems => problems;

    public bool Fail(string worker, string reason)
    {
        bool isNew = !problems.ContainsKey(worker);
        problems[worker] = reason;
        return isNew;
    }

    public bool Recover(string worker) => problems.TryRemove(worker, out _);
}
