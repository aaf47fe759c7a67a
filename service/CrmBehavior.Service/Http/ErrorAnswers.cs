using System;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Http;

/// <summary>Turns what an endpoint did not foresee into an answer in the form of all errors; details stay in the log.</summary>
internal sealed class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
#pragma warning disable CA1031 // The last resort: one request must never take the process down.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            (int status, string message) = e switch
            {
                BadHttpRequestException bad => (bad.StatusCode, bad.Message),
                QueueFullException full => (StatusCodes.Status429TooManyRequests, full.Message),
                StoreUnavailableException or CrmException => (StatusCodes.Status503ServiceUnavailable, e.Message),
                _ => (StatusCodes.Status500InternalServerError, "something went wrong here; the log says what"),
            };
            if (status == StatusCodes.Status500InternalServerError) log.RequestFailed(context.Request.Method, context.Request.Path, e);
            if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
            await Answers.Error(status, message).ExecuteAsync(context);
        }
    }
}
