using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>
/// Calls webhooks. The id of the decision goes with each call, so that a call whose answer was lost is made again. One that is refused is set
/// aside with its reason, and so is one that nobody has answered four hundred times, which takes a day and more.
/// </summary>
public sealed class WebhookDispatcher(IOutbox outbox, IServiceStore store, ICrmGateway crm, IWebhookGateway gateway, ITextRenderer renderer, TimeProvider clock, DispatchOptions times, ILogger<WebhookDispatcher> log)
{
    const int Most = 32, AtOnce = 8, MostAttempts = 400;

    /// <summary>Why no webhook may be called; null when they may.</summary>
    public string? Held { get; set; }

    /// <summary>Makes the calls that are due.</summary>
    /// <param name="cancellation">Stops; what was leased comes back when the lease lapses.</param>
    /// <returns>How many calls were taken.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        if (Held != null) return 0;
        long asked = times.Time.GetTimestamp();
        IReadOnlyList<LeasedEffect> leased = await outbox.LeaseAsync([EffectKind.Webhook], Most, times.Lease, flush: false, cancellation);
        return leased.Count == 0 ? 0 : await LeaseRenewal.WhileAsync(outbox, leased, times, asked, renewal => CarryOutAsync(leased, renewal, cancellation), cancellation);
    }

    async Task<int> CarryOutAsync(IReadOnlyList<LeasedEffect> leased, LeaseRenewal renewal, CancellationToken cancellation)
    {
        // What was decided about a contact that was merged into another is told of that one.
        IReadOnlyDictionary<Guid, Guid> masters = await store.FindMastersAsync([.. leased.Select(l => l.Effect.Contact).Distinct()], cancellation);
        leased = [.. leased.Select(l => masters.TryGetValue(l.Effect.Contact, out Guid master) ? l with { Effect = l.Effect with { Contact = master } } : l)];
        var calls = new List<(LeasedEffect Leased, ActionBody Action)>();
        foreach (LeasedEffect effect in leased)
        {
            try
            {
                calls.Add((effect, EffectBody.Read<ActionBody>(effect.Effect.Body)));
            }
            catch (JsonException e)
            {
                await ParkAsync(effect, $"the effect cannot be read: {e.Message}", cancellation);
            }
        }
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> contacts;
        try
        {
            IReadOnlySet<string> shown = renderer.ColumnsOf(calls.Select(c => c.Action.Args.GetRawText()));
            contacts = await crm.ReadContactsAsync([.. calls.Select(c => c.Leased.Effect.Contact).Distinct()], [.. shown.Append("fullname").Distinct()], cancellation);
        }
        catch (CrmException e)
        {
            foreach ((LeasedEffect effect, _) in calls) await RetryAsync(effect, e.Message, e.RetryAfter, cancellation);
            return leased.Count;
        }
        using var room = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(calls.Select(async call =>
        {
            await room.WaitAsync(cancellation);
            try
            {
                if (!renewal.HasLapsed) await CallAsync(call.Leased, call.Action, contacts.GetValueOrDefault(call.Leased.Effect.Contact), cancellation);
            }
            finally
            {
                room.Release();
            }
        }));
        return leased.Count;
    }

    async Task CallAsync(LeasedEffect leased, ActionBody action, IReadOnlyDictionary<string, object?>? contact, CancellationToken cancellation)
    {
        long now = Instant.From(clock.GetUtcNow());
        if (contact == null)
        {
            log.EffectDropped(EffectKind.Webhook, leased.Effect.Contact, CrmJob.ContactDeleted);
            PipelineTelemetry.CameOut(EffectKind.Webhook, "dropped", 0);
            await outbox.CompleteAsync([leased], [], cancellation);
            return;
        }
        if (action.MaxAge is { } most && now - action.CauseAt > most)
        {
            await ParkAsync(leased, $"its cause is older than {Duration.ToWords(most)}", cancellation);
            return;
        }
        WebhookCall call;
        try
        {
            call = new WebhookCall(leased.Effect.Id, action.Args.GetProperty("url").GetString()!, WebhookText.Of(leased.Effect, action, renderer, contact));
        }
        catch (TemplateException e)
        {
            await ParkAsync(leased, e.Message, cancellation);
            return;
        }
        IReadOnlyList<Activity> spans = EffectTrace.Start("call webhook", [leased]);
        WebhookResult result = await gateway.PostAsync(call, cancellation);
        EffectTrace.Stop(spans);
        if (result.Outcome == WebhookOutcome.Taken)
        {
            PipelineTelemetry.CameOut(EffectKind.Webhook, "done", now - leased.Effect.At);
            await outbox.CompleteAsync([leased], [], cancellation);
        }
        else if (result.Outcome == WebhookOutcome.Retry && leased.Attempt < MostAttempts) await RetryAsync(leased, result.Reason ?? "no reason was given", result.After, cancellation);
        else await ParkAsync(leased, result.Reason ?? "no reason was given", cancellation);
    }

    async Task RetryAsync(LeasedEffect leased, string reason, TimeSpan? after, CancellationToken cancellation)
    {
        TimeSpan wait = after ?? Backoff.After(leased.Attempt, Backoff.SpreadOf(leased.Effect.Id));
        log.EffectsRetried(1, wait.TotalSeconds, reason);
        PipelineTelemetry.CameOut(EffectKind.Webhook, "retried", 0);
        await outbox.RetryAsync([leased], wait, reason, cancellation);
    }

    async Task ParkAsync(LeasedEffect leased, string reason, CancellationToken cancellation)
    {
        log.EffectParked(leased.Effect.Kind, leased.Effect.Contact, reason);
        PipelineTelemetry.CameOut(EffectKind.Webhook, "parked", 0);
        await outbox.ParkAsync(leased, reason, [], cancellation);
    }
}
