using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Parked;

/// <summary>Effects that are set aside.</summary>
internal static class ParkedEffectRoutes
{
    public static async Task<IResult> ListAsync(int? most, string? before, IOutbox outbox, CancellationToken cancellation)
    {
        if (ParkedRoutes.ProblemOf(most) is { } problem) return Answers.Error(StatusCodes.Status400BadRequest, problem);
        if (!TryReadPlace(before, out (DateTimeOffset, Guid)? after)) return UnknownPlace();
        int size = most ?? ParkedRoutes.Page;
        (_, long count, _) = await outbox.CountAsync(cancellation);
        IReadOnlyList<ParkedEffect> page = await PageAsync(outbox, after, size, cancellation);
        return Results.Json(new
        {
            count,
            effects = page.Select(p => new
            {
                id = p.Effect.Id,
                kind = p.Effect.Kind,
                contactId = p.Effect.Contact,
                reason = p.Reason,
                parkedAt = Instant.ToText(p.ParkedAt.ToUnixTimeMilliseconds()),
                decidedAt = Instant.ToText(p.Effect.At),
                inDoubt = p.Reason == MailDispatcher.InDoubt,
            }),
            next = page.Count < size ? null : PlaceOf(page[^1]),
        });
    }

    public static async Task<IResult> RetryAsync(Guid id, ParkedOrder? order, IOutbox outbox, EffectNews news, CancellationToken cancellation)
    {
        if (await outbox.FindParkedAsync(id, cancellation) is not { } parked) return Missing(id);
        if (parked.Reason == MailDispatcher.InDoubt && order?.SendAgain != true) return Answers.Error(StatusCodes.Status409Conflict, "the mail provider may have sent this mail already; when it may come twice, say \"sendAgain\": true");
        if (!await outbox.ReleaseAsync(id, cancellation)) return Missing(id);
        news.Announce();
        return Results.Json(new ParkedRetried(1, 0, null));
    }

    public static async Task<IResult> RetryAllAsync(ParkedOrder order, IOutbox outbox, EffectNews news, CancellationToken cancellation)
    {
        if (!TryReadPlace(order.Before, out (DateTimeOffset, Guid)? after)) return UnknownPlace();
        int retried = 0, kept = 0, seen = 0;
        string? next = null;
        while (true)
        {
            IReadOnlyList<ParkedEffect> page = await PageAsync(outbox, after, ParkedRoutes.LargestPage, cancellation);
            foreach (ParkedEffect parked in page.Where(p => order.Reason == null || p.Reason == order.Reason))
            {
                if (parked.Reason == MailDispatcher.InDoubt && order.SendAgain != true) kept++;
                else if (await outbox.ReleaseAsync(parked.Effect.Id, cancellation)) retried++;
            }
            if (page.Count < ParkedRoutes.LargestPage) break;
            after = (page[^1].ParkedAt, page[^1].Effect.Id);
            if ((seen += page.Count) < ParkedRoutes.MostAtOnce) continue;
            next = PlaceOf(page[^1]);
            break;
        }
        if (retried > 0) news.Announce();
        return Results.Json(new ParkedRetried(retried, kept, next));
    }

    public static async Task<IResult> DropAsync(Guid id, ParkedOrder order, IOutbox outbox, ILogger<ParkedInputs> log, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(order.Reason)) return Answers.Error(StatusCodes.Status400BadRequest, "reason: is missing: say why nobody wants this effect");
        if (await outbox.FindParkedAsync(id, cancellation) is not { } parked || !await outbox.DropParkedAsync(id, cancellation)) return Missing(id);
        log.EffectDropped(id, parked.Effect.Kind, parked.Effect.Contact, parked.Reason, order.Reason);
        return Results.Json(new { dropped = id });
    }

    static Task<IReadOnlyList<ParkedEffect>> PageAsync(IOutbox outbox, (DateTimeOffset, Guid)? after, int most, CancellationToken cancellation) =>
        after is { } place ? outbox.ReadParkedAfterAsync(place, most, cancellation) : outbox.ReadParkedAsync(most, cancellation);

    /// <summary>A place in the list: when it was set aside, in milliseconds, and its id.</summary>
    static string PlaceOf(ParkedEffect parked) => string.Create(CultureInfo.InvariantCulture, $"{parked.ParkedAt.ToUnixTimeMilliseconds()}-{parked.Effect.Id:N}");

    static bool TryReadPlace(string? text, out (DateTimeOffset, Guid)? place)
    {
        place = null;
        if (text == null) return true;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash is < 1 or > 15 || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long at) || at > Instant.From(DateTimeOffset.MaxValue) || !Guid.TryParseExact(text.AsSpan(dash + 1), "N", out Guid id)) return false;
        place = (DateTimeOffset.FromUnixTimeMilliseconds(at), id);
        return true;
    }

    static JsonHttpResult<ErrorAnswer> UnknownPlace() => Answers.Error(StatusCodes.Status400BadRequest, "before: write what the answer before named as \"next\"");

    static JsonHttpResult<ErrorAnswer> Missing(Guid id) => Answers.Error(StatusCodes.Status404NotFound, $"no effect of the id {id} is set aside; it was tried again or dropped meanwhile");
}
