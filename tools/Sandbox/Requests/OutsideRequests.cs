using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Requests;

/// <summary>The way into the stand-ins: each request of theirs passes the fault gate and is counted with the status it left with.</summary>
internal static class OutsideRequests
{
    public static void UseOutsideRequests(this IApplicationBuilder app, IReadOnlyList<OutsideSystem> systems, FaultGate faults, RequestCounter counter) =>
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            OutsideSystem? system = systems.FirstOrDefault(s => s.Owns(context.Request));
            if (system is null)
            {
                await next(context);
                return;
            }
            string route = context.Request.Method + " " + system.Route(context.Request);
            try
            {
                await faults.RunAsync(context, system, () => next(context));
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The caller has gone; there is nobody to answer.
            }
            counter.Count(system.Name, route, context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? 0 : context.Response.StatusCode);
        });
}
