using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CrmBehavior.Sandbox.Faults;

/// <summary>Stands before each stand-in and lets the faults that are on hit its requests.</summary>
internal sealed class FaultGate(FaultBoard board)
{
    /// <summary>Runs the request, or what a fault makes of it.</summary>
    public async Task RunAsync(HttpContext context, OutsideSystem system, Func<Task> next)
    {
        Fault? fault = board.Hit(system.Name, context.Request.Method + " " + context.Request.Path + context.Request.QueryString, f => f.Kind != "redeliver");
        switch (fault?.Kind)
        {
            case null:
                await next();
                return;
            case "delay":
                await Task.Delay(fault.Delay, context.RequestAborted);
                await next();
                return;
            case "hang":
                await HangAsync(fault, context);
                return;
            case "throttle":
                await system.AnswerAsync(context, StatusCodes.Status429TooManyRequests, board.SecondsLeft(fault));
                return;
            case "accept-then-fail":
                await LoseAnswerAsync(fault, context, system, next);
                return;
            default:
                await system.AnswerAsync(context, fault.Status ?? StatusCodes.Status503ServiceUnavailable, retryAfter: null);
                return;
        }
    }

    async Task HangAsync(Fault fault, HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        void End() => ended.Cancel();
        board.Cleared += End;
        try
        {
            if (fault.Until is not null) ended.CancelAfter(TimeSpan.FromSeconds(board.SecondsLeft(fault)));
            await Task.Delay(Timeout.Infinite, ended.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            board.Cleared -= End;
        }
    }

    // The work is done and its answer thrown away: the caller sees a broken connection, or the status it was promised.
    static async Task LoseAnswerAsync(Fault fault, HttpContext context, OutsideSystem system, Func<Task> next)
    {
        IHttpResponseBodyFeature body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await next();
        context.Features.Set(body);
        if (fault.Status is not { } status)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.Clear();
        await system.AnswerAsync(context, status, retryAfter: null);
    }
}
