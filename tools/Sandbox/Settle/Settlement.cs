using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Settle;

/// <summary>
/// <c>POST /sandbox/settle</c>: answers when nothing is left to do anywhere. Work flows in circles (plugin, bus, service, CRM, plugin),
/// so nothing must be left twice in a row, with no request in between.
/// </summary>
internal sealed class Settlement(SandboxHost sandbox)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sandbox/settle", async (HttpContext context) =>
    {
        IReadOnlyList<PendingWork> left = await SettleAsync(Limit, context.RequestAborted);
        return left.Count == 0
            ? Results.Json(new { settled = true })
            : Results.Json(new { settled = false, pending = left.Select(w => new { what = w.What, count = w.Count }) },
                statusCode: StatusCodes.Status504GatewayTimeout);
    });

    /// <summary>What is left when the time is over; empty when all came to rest.</summary>
    public async Task<IReadOnlyList<PendingWork>> SettleAsync(TimeSpan limit, CancellationToken cancel)
    {
        long started = TimeProvider.System.GetTimestamp();
        long requestsBefore = -1;
        while (true)
        {
            IReadOnlyList<PendingWork> left = await LeftAsync(cancel);
            long requests = Writes();
            if (left.Count == 0 && requests == requestsBefore) return left;
            requestsBefore = left.Count == 0 ? requests : -1;
            if (TimeProvider.System.GetElapsedTime(started) > limit) return left.Count > 0 ? left : [new PendingWork("requests that keep changing something", 1)];
            await Task.Delay(Pause, cancel);
        }
    }

    async Task<IReadOnlyList<PendingWork>> LeftAsync(CancellationToken cancel)
    {
        // Asked first: a service that is back has the bus and the mail events waiting for it.
        IReadOnlyList<PendingWork> services = await sandbox.Services.PendingAsync(cancel);
        var left = new List<PendingWork>();
        void Add(string what, long count)
        {
            if (count > 0) left.Add(new PendingWork(what, count));
        }

        Add("asynchronous plugin jobs", sandbox.Organization.Jobs.Count);
        // Without a service nobody would ever empty the bus.
        if (sandbox.Services.Urls.Count > 0)
        {
            (int active, int locked, _) = sandbox.Bus.Find(MessageBus.EventQueue)?.Counts ?? default;
            Add("messages on the bus", active + locked);
        }
        Add("mail events to tell", sandbox.Webhook.Waiting);
        left.AddRange(services);
        return left;
    }

    // Requests that change something; a service that only polls is at rest.
    long Writes() => sandbox.Requests.Changes("crm") + sandbox.Requests.Changes("mail");
}
