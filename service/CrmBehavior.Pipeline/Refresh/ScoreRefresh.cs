using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;

namespace CrmBehavior.Pipeline.Refresh;

/// <summary>When scores that have faded are shown anew.</summary>
public sealed class ScoreRefreshOptions
{
    /// <summary>Time of day, UTC by the product's clock. Setting <c>Crm:RefreshAt</c>.</summary>
    /// <value>The default is 02:00.</value>
    public TimeOnly At { get; init; } = new(2, 0);

    /// <summary>Contacts that are looked at together; their rows are locked meanwhile.</summary>
    /// <value>The default is 200.</value>
    public int Page { get; init; } = 200;

    /// <summary>With more effects than these waiting the next page waits, so that what happens now is not shown behind a million old values.</summary>
    /// <value>The default is 5,000.</value>
    public int Crowd { get; init; } = 5000;
}

/// <summary>
/// Rewrites, once a night, score rows in the CRM whose value has faded by more than 1. The night is an effect of the outbox: whichever process
/// holds its lease goes through the contacts page by page, and when it dies another goes on from the page after the last.
/// </summary>
public sealed class ScoreRefresh(IOutbox outbox, IServiceStore store, ContactProcessor processor, ScoreRefreshOptions options, DispatchOptions times, TimeProvider clock)
{
    const string Done = "scores.refreshed", Place = "scores.refreshing";

    static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    long known = long.MinValue;

    /// <summary>Whether a night is to be done, as far as this process knows.</summary>
    public bool IsDue => Night() > Volatile.Read(ref known);

    /// <summary>Does what is to be done of the latest night, unless another process does.</summary>
    /// <param name="cancellation">Stops; the next time goes on from the last page.</param>
    /// <returns>When this process has nothing more to do at once.</returns>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        long night = Night();
        if (night <= known) return;
        long last = await store.FindSettingAsync(Done, cancellation) is { } text && Instant.TryParse(text, out long at) ? at : long.MinValue;
        if (last >= night)
        {
            Volatile.Write(ref known, last);
            return;
        }
        await outbox.CompleteAsync([], [new Effect(EffectIds.Of("refresh", Instant.ToText(night)), Guid.Empty, EffectKind.Refresh, "", night, "{}"u8.ToArray())], cancellation);
        long asked = times.Time.GetTimestamp();
        foreach (LeasedEffect own in await outbox.LeaseAsync([EffectKind.Refresh], 2, times.Lease, flush: false, cancellation))
        {
            // A night that nobody came to do is done with the next.
            if (own.Effect.At < night) await outbox.CompleteAsync([own], [], cancellation);
            else await LeaseRenewal.WhileAsync(outbox, [own], times, asked, _ => RefreshAsync(own, last, cancellation), cancellation);
        }
    }

    async Task<bool> RefreshAsync(LeasedEffect own, long last, CancellationToken cancellation)
    {
        long night = own.Effect.At;
        // It may have been done between this process's look and its lease.
        if (await store.FindSettingAsync(Done, cancellation) != Instant.ToText(night))
        {
            Guid? after = await PlaceAsync(night, cancellation);
            while ((after = await processor.RefreshScoresAsync(after, options.Page, last, night, cancellation)) is { } contact)
            {
                await store.PutSettingAsync(Place, string.Create(CultureInfo.InvariantCulture, $"{night}/{contact:N}"), cancellation);
                if ((await outbox.CountAsync(cancellation)).Waiting <= options.Crowd) continue;
                await outbox.RetryAsync([own], Wait, "what waits already goes first", cancellation);
                return false;
            }
            await store.PutSettingAsync(Done, Instant.ToText(night), cancellation);
        }
        await outbox.CompleteAsync([own], [], cancellation);
        Volatile.Write(ref known, night);
        return true;
    }

    /// <summary>The last contact that has been looked at in a night; null at its beginning.</summary>
    async Task<Guid?> PlaceAsync(long night, CancellationToken cancellation)
    {
        string begin = night.ToString(CultureInfo.InvariantCulture) + "/";
        return await store.FindSettingAsync(Place, cancellation) is { } text && text.StartsWith(begin, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(begin.Length), "N", out Guid contact) ? contact : null;
    }

    /// <summary>The latest instant at which it was or is time.</summary>
    long Night()
    {
        long time = (long)options.At.ToTimeSpan().TotalMilliseconds;
        return (Instant.From(clock.GetUtcNow()) - time) / Duration.Day * Duration.Day + time;
    }
}
