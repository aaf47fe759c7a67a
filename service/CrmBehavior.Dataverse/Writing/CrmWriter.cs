using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Tags;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>Carries out a list of writes: rounds one after the other, in each the kinds beside each other.</summary>
sealed class CrmWriter(RowWriter rows, TagWriter tags, QueueWriter queues, TimeProvider time)
{
    /// <summary>After this no new request for rows is begun, nor are tasks put into queues.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    public async Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation)
    {
        WritePlan plan = WritePlan.Of(writes);
        var deadline = new WriteDeadline(time, Longest);
        Task tagging = TagsAsync(plan.Tags, cancellation);
        foreach (IReadOnlyList<RowUnit> round in plan.Rounds)
        {
            // What was not done before must not look gone now.
            foreach (RowUnit unit in round) unit.Result = RowUnit.BlockedBy(unit.Before);
            await Task.WhenAll(round.Where(u => u.Result is null).GroupBy(u => (u.Deed, u.Set)).Select(g => RowsAsync(g.Key.Deed, g.Key.Set, [.. g],
                deadline, cancellation)));
        }
        await QueuesAsync(plan.Queues, deadline, cancellation);
        await tagging;
        return plan.Results();
    }

    async Task RowsAsync(RowDeed deed, string set, IReadOnlyList<RowUnit> units, WriteDeadline deadline, CancellationToken cancellation)
    {
        try
        {
            await UnexpectedAnswer.GuardAsync(rows.WriteAsync(deed, set, units, deadline, cancellation));
        }
        catch (CrmException e)
        {
            foreach (RowUnit unit in units) unit.Result ??= ResultOf(e);
        }
    }

    async Task TagsAsync(IReadOnlyList<TagUnit> units, CancellationToken cancellation)
    {
        if (units.Count == 0) return;
        try
        {
            await UnexpectedAnswer.GuardAsync(tags.WriteAsync(units, cancellation));
        }
        catch (CrmException e)
        {
            foreach (TagUnit unit in units) unit.Result ??= ResultOf(e);
        }
    }

    async Task QueuesAsync(IReadOnlyList<QueueUnit> units, WriteDeadline deadline, CancellationToken cancellation)
    {
        // What was not made cannot be queued, and must not look gone now.
        foreach (QueueUnit unit in units) unit.Result = RowUnit.BlockedBy(unit.Before);
        QueueUnit[] left = [.. units.Where(u => u.Result is null)];
        if (left.Length == 0 || deadline.IsOver) return;
        try
        {
            await UnexpectedAnswer.GuardAsync(queues.WriteAsync(left, cancellation));
        }
        catch (CrmException e)
        {
            foreach (QueueUnit unit in left) unit.Result ??= ResultOf(e);
        }
    }

    static CrmResult ResultOf(CrmException e) => new(e.IsTransient ? CrmOutcome.Retry : CrmOutcome.Refused, e.Message, e.RetryAfter);
}
