using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Carries out what is to be written in the CRM: leases effects, turns them into rows, writes them together, and notes each result.</summary>
public sealed class CrmDispatcher(IOutbox outbox, IServiceStore store, ICrmGateway crm, ITextRenderer renderer, TimeProvider clock, DispatchOptions times, ILogger<CrmDispatcher> log)
{
    /// <summary>Effects carried out together at most; what the platform takes in one call is the gateway's matter.</summary>
    public const int Most = 500;

    static readonly string[] Kinds = [EffectKind.Task, EffectKind.Touchpoint, EffectKind.Tag, EffectKind.Score, EffectKind.Contact, EffectKind.Review];

    /// <summary>Carries out the effects that are due.</summary>
    /// <param name="flush">Also those that might still wait to be written with others.</param>
    /// <param name="cancellation">Stops; what was leased comes back when the lease lapses.</param>
    /// <returns>How many effects were taken.</returns>
    public async Task<int> RunOnceAsync(bool flush, CancellationToken cancellation)
    {
        long asked = times.Time.GetTimestamp();
        IReadOnlyList<LeasedEffect> leased = await outbox.LeaseAsync(Kinds, Most, times.Lease, flush, cancellation);
        return leased.Count == 0 ? 0 : await LeaseRenewal.WhileAsync(outbox, leased, times, asked, renewal => CarryOutAsync(leased, renewal, cancellation), cancellation);
    }

    async Task<int> CarryOutAsync(IReadOnlyList<LeasedEffect> leased, LeaseRenewal renewal, CancellationToken cancellation)
    {
        List<CrmJob> jobs;
        try
        {
            jobs = await new CrmJobs(store, crm, renderer).MakeAsync(leased, cancellation);
        }
        catch (CrmException e)
        {
            await RetryAsync([.. leased], e.Message, e.RetryAfter, cancellation);
            return leased.Count;
        }
        CrmJob[] writing = [.. jobs.Where(j => j.Writes.Count > 0)];
        if (renewal.HasLapsed)
        {
            await outbox.RetryAsync(leased, TimeSpan.Zero, "reading from the CRM, or standing still, took too long", cancellation);
            return leased.Count;
        }
        IReadOnlyList<Activity> spans = EffectTrace.Start("write to the CRM", writing.SelectMany(j => j.Effects));
        IReadOnlyList<CrmResult> results = writing.Length == 0 ? [] : await crm.WriteAsync([.. writing.SelectMany(j => j.Writes)], cancellation);
        EffectTrace.Stop(spans);
        int at = 0;
        foreach (CrmJob job in writing)
        {
            job.Results.AddRange(results.Skip(at).Take(job.Writes.Count));
            at += job.Writes.Count;
        }
        await NoteAsync(jobs, cancellation);
        return leased.Count;
    }

    async Task NoteAsync(List<CrmJob> jobs, CancellationToken cancellation)
    {
        CrmJob[] done = [.. jobs.Where(j => j.Refusal == null && j.Results.TrueForAll(r => r.Outcome is CrmOutcome.Done or CrmOutcome.WasSo or CrmOutcome.Gone))];
        foreach (CrmJob tag in done.Where(j => j.Tag != null)) await NoteTagAsync(tag, cancellation);
        await outbox.CompleteAsync([.. done.SelectMany(j => j.Effects)], [], cancellation);
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (CrmJob job in done)
        {
            string? dropped = job.Dropped ?? (job.Results.Exists(r => r.Outcome == CrmOutcome.Gone) ? CrmJob.ContactDeleted : null);
            foreach (LeasedEffect effect in job.Effects)
            {
                if (dropped != null) log.EffectDropped(effect.Effect.Kind, effect.Effect.Contact, dropped);
                PipelineTelemetry.CameOut(effect.Effect.Kind, dropped == null ? "done" : "dropped", now - effect.Effect.At);
            }
        }
        foreach (CrmJob job in jobs.Except(done))
        {
            CrmResult wrong = job.Results.Find(r => r.Outcome is CrmOutcome.Refused or CrmOutcome.Retry);
            string reason = job.Refusal ?? wrong.Reason ?? "the CRM gave no reason";
            if (job.Refusal == null && wrong.Outcome == CrmOutcome.Retry && !job.Results.Exists(r => r.Outcome == CrmOutcome.Refused))
            {
                await RetryAsync(job.Effects, reason, wrong.After, cancellation);
                continue;
            }
            foreach (LeasedEffect effect in job.Effects)
            {
                log.EffectParked(effect.Effect.Kind, effect.Effect.Contact, reason);
                PipelineTelemetry.CameOut(effect.Effect.Kind, "parked", 0);
                await outbox.ParkAsync(effect, reason, [], cancellation);
            }
        }
    }

    /// <summary>
    /// A tag that a step gave, or that was there before a segment first gave it, lasts when segments end. Where the gift was noted before, an
    /// attempt whose answer was lost may have written it, so that it proves nothing.
    /// </summary>
    async Task NoteTagAsync(CrmJob job, CancellationToken cancellation)
    {
        TagBody tag = job.Tag!;
        Guid contact = job.Effects[0].Effect.Contact;
        bool wasThere = job.IsFirstGift && job.Results.Exists(r => r.Outcome == CrmOutcome.WasSo);
        bool? lasting = tag is { Lasting: true } || wasThere ? tag.Wanted : null;
        bool isGiftOver = wasThere || (job.WasGiven && !tag.Wanted && job.Writes.Count > 0);
        if (lasting != null || isGiftOver) await store.NoteWrittenTagAsync(job.Effects[0], contact, tag.Tag, lasting, isGiftOver, cancellation);
    }

    async Task RetryAsync(IReadOnlyList<LeasedEffect> effects, string reason, TimeSpan? after, CancellationToken cancellation)
    {
        foreach (IGrouping<int, LeasedEffect> same in effects.GroupBy(e => e.Attempt))
        {
            TimeSpan wait = after ?? Backoff.After(same.Key, Backoff.SpreadOf(same.First().Effect.Id));
            log.EffectsRetried(same.Count(), wait.TotalSeconds, reason);
            foreach (LeasedEffect effect in same) PipelineTelemetry.CameOut(effect.Effect.Kind, "retried", 0);
            await outbox.RetryAsync([.. same], wait, reason, cancellation);
        }
    }
}

/// <summary>Effects that are written together, with the rows they become.</summary>
internal sealed class CrmJob(IReadOnlyList<LeasedEffect> effects)
{
    public IReadOnlyList<LeasedEffect> Effects { get; } = effects;

    public List<CrmWrite> Writes { get; } = [];

    public List<CrmResult> Results { get; } = [];

    /// <summary>The tag it is about, or null.</summary>
    public TagBody? Tag { get; init; }

    /// <summary>Whether a segment gives the tag and had not before.</summary>
    public bool IsFirstGift { get; init; }

    /// <summary>Whether a segment had given the tag before.</summary>
    public bool WasGiven { get; init; }

    /// <summary>Reason of what is dropped because its contact is gone.</summary>
    public const string ContactDeleted = "contact deleted";

    /// <summary>Why there is nothing to be done any more, or null.</summary>
    public string? Dropped { get; set; }

    /// <summary>Why it cannot be written at all, or null.</summary>
    public string? Refusal { get; set; }
}
