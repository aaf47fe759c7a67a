using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;

namespace CrmBehavior.Dataverse.Batch;

/// <summary>Sends many requests in batches and finds the answer of each.</summary>
sealed class BatchRunner(WebApi api, TimeProvider time)
{
    static readonly CrmFault NotReached = new(0, null, "The batch ended before this request.");

    public async Task<IReadOnlyList<WebApiAnswer>> RunAsync(IReadOnlyList<WebApiCall> calls, CancellationToken cancellation)
    {
        IEnumerable<Task<IReadOnlyList<WebApiAnswer>>> batches = calls.Chunk(BatchCall.Most).Select(c => RunOneAsync(c, cancellation));
        return [.. (await Task.WhenAll(batches)).SelectMany(a => a)];
    }

    async Task<IReadOnlyList<WebApiAnswer>> RunOneAsync(WebApiCall[] calls, CancellationToken cancellation)
    {
        if (calls.Length == 1) return [await api.TrySendAsync(calls[0], cancellation)];
        var answers = new List<WebApiAnswer>();
        while (answers.Count < calls.Length)
        {
            WebApiCall[] left = [.. calls.Skip(answers.Count)];
            WebApiAnswer batch = await api.TrySendAsync(BatchCall.Of(left, api.Root), cancellation);
            IReadOnlyList<WebApiAnswer> part = BatchAnswer.Read(batch, time.GetUtcNow());
            answers.AddRange(part.Take(left.Length).Select(Noted));
            // A batch that stopped at a failure goes on after it; one that got nowhere is told as it is.
            if (part.Count > 0) continue;
            answers.AddRange(left.Select(_ => batch with { Fault = batch.Fault ?? NotReached, Body = [] }));
        }
        return answers;
    }

    // The limits hold for each request of a batch.
    WebApiAnswer Noted(WebApiAnswer answer) =>
        answer.Fault is { IsThrottle: true } fault
            ? answer with { Fault = fault with { RetryAfter = api.Gate.Throttled(fault.RetryAfter, fault.Code) } }
            : answer;
}
