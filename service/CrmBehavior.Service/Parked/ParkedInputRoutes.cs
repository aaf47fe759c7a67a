using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Parked;

/// <summary>Inputs that are set aside.</summary>
internal static class ParkedInputRoutes
{
    /// <summary>Characters of an input that are shown.</summary>
    const int Shown = 2000;

    public static async Task<IResult> ListAsync(int? most, long? before, IServiceStore store, CancellationToken cancellation)
    {
        if (ParkedRoutes.ProblemOf(most) is { } problem) return Answers.Error(StatusCodes.Status400BadRequest, problem);
        int size = most ?? ParkedRoutes.Page;
        (IReadOnlyList<ParkedInput> page, long count) = await store.ReadParkedInputsAsync(before == null ? size : 0, cancellation);
        if (before is { } number) page = await store.ReadParkedInputsBeforeAsync(number, size, cancellation);
        return Results.Json(new
        {
            count,
            inputs = page.Select(p => new { number = p.Number, door = p.Door, reason = p.Reason, at = Instant.ToText(p.At), contactId = p.Contact, content = Text(p.Content) }),
            next = page.Count < size ? (long?)null : page[^1].Number,
        });
    }

    public static async Task<IResult> RetryAsync(long number, IServiceStore store, ParkedInputs inputs, CancellationToken cancellation)
    {
        if (await store.FindParkedInputAsync(number, cancellation) is not { } input) return Missing(number);
        return await inputs.RetryAsync(input, cancellation) is { } problem ? Answers.Error(StatusCodes.Status409Conflict, problem) : Results.Json(new ParkedRetried(1, 0, null));
    }

    public static async Task<IResult> RetryAllAsync(ParkedOrder order, IServiceStore store, ParkedInputs inputs, CancellationToken cancellation)
    {
        long before = long.MaxValue;
        if (order.Before is { } from && !long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out before)) return Answers.Error(StatusCodes.Status400BadRequest, "before: write the number that the answer before named as \"next\"");
        int retried = 0, kept = 0, seen = 0;
        while (seen < ParkedRoutes.MostAtOnce)
        {
            IReadOnlyList<ParkedInput> page = await store.ReadParkedInputsBeforeAsync(before, ParkedRoutes.LargestPage, cancellation);
            foreach (ParkedInput input in page.Where(p => order.Reason == null || p.Reason == order.Reason))
            {
                if (await inputs.RetryAsync(input, cancellation) == null) retried++;
                else kept++;
            }
            if (page.Count < ParkedRoutes.LargestPage) return Results.Json(new ParkedRetried(retried, kept, null));
            seen += page.Count;
            before = page[^1].Number;
        }
        return Results.Json(new ParkedRetried(retried, kept, before.ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task<IResult> DropAsync(long number, ParkedOrder order, IServiceStore store, ILogger<ParkedInputs> log, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(order.Reason)) return Answers.Error(StatusCodes.Status400BadRequest, "reason: is missing: say why nobody wants this input");
        if (await store.FindParkedInputAsync(number, cancellation) is not { } input || !await store.RemoveParkedInputAsync(number, cancellation)) return Missing(number);
        log.InputDropped(number, input.Door, input.Reason, order.Reason);
        return Results.Json(new { dropped = number });
    }

    static JsonHttpResult<ErrorAnswer> Missing(long number) => Answers.Error(StatusCodes.Status404NotFound, $"no input of the number {number} is set aside; it was taken in or dropped meanwhile");

    static string Text(byte[] content)
    {
        string text = Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, Shown * 4)));
        return text.Length <= Shown ? text : text[..Shown] + "…";
    }
}
