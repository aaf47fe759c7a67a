using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// The HTTPS run-time API of Service Bus under <c>/{queue}/messages</c> and <c>/{queue}/$DeadLetterQueue/messages</c>. Source:
/// Microsoft's "Service Bus REST run-time" reference; where its pages leave a choice, what old clients were seen to need.
/// </summary>
internal sealed class BusRoutes(MessageBus bus, SandboxClock clock)
{
    const string DeadLetter = "$DeadLetterQueue";
    const string BatchType = "application/vnd.microsoft.servicebus.json";
    const int MaxMessage = 262_144;

    /// <summary>The stand-in's part in counting and faults.</summary>
    public OutsideSystem System => new("bus", Owns, Route, (context, status, retryAfter) =>
        BusErrors.WriteAsync(context, retryAfter is null ? status : StatusCodes.Status503ServiceUnavailable,
            retryAfter is null ? "The service is unavailable." : BusErrors.Throttled, clock));

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (string entity in (string[])["/{queue}", "/{queue}/" + DeadLetter])
        {
            bool dead = entity.EndsWith(DeadLetter, StringComparison.Ordinal);
            routes.MapPost(entity + "/messages", (HttpContext c) => On(c, dead, q => SendAsync(c, q)));
            routes.MapGet(entity + "/messages", (HttpContext c) => On(c, dead, q => BrowseAsync(c, q)));
            routes.MapPost(entity + "/messages/head", (HttpContext c) => On(c, dead, q => ReceiveAsync(c, q, peekLock: true)));
            routes.MapDelete(entity + "/messages/head", (HttpContext c) => On(c, dead, q => ReceiveAsync(c, q, peekLock: false)));
            routes.MapDelete(entity + "/messages/{id}/{token}", (HttpContext c) => On(c, dead, q => SettleAsync(c, (id, t) => q.Complete(id, t))));
            routes.MapPut(entity + "/messages/{id}/{token}", (HttpContext c) => On(c, dead, q => SettleAsync(c, (id, t) => q.Abandon(id, t))));
            routes.MapPost(entity + "/messages/{id}/{token}", (HttpContext c) => On(c, dead, q => SettleAsync(c, (id, t) => q.Renew(id, t) is not null)));
        }
        routes.MapGet("/sandbox/bus", () => Results.Json(new
        {
            queues = bus.QueueNames.Select(name =>
            {
                (int active, int locked, int scheduled) = bus.Find(name)!.Counts;
                return new { name, active, locked, scheduled, deadLetter = bus.Find(name, deadLetter: true)!.Counts.Active };
            }),
        }));
    }

    /// <summary>Lets a request through when its token opens the path; else answers 401.</summary>
    public async Task<bool> AuthorizeAsync(HttpContext context)
    {
        string? problem = SasToken.Problem(context.Request.Headers.Authorization.ToString(), bus.KeyName, bus.Key,
            context.Request.Host.Host, context.Request.Path.Value ?? "/", Earlier(TimeProvider.System.GetUtcNow(), clock.GetUtcNow()));
        if (problem is null) return true;
        await BusErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, problem, clock);
        return false;
    }

    // The service signs by the sandbox clock, a stranger by the real one: a token has ended when it has for both.
    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    async Task On(HttpContext context, bool dead, Func<MessageQueue, Task> work)
    {
        if (!await AuthorizeAsync(context)) return;
        if (bus.Find((string)context.Request.RouteValues["queue"]!, dead) is { } queue) await work(queue);
        else await BusErrors.WriteAsync(context, StatusCodes.Status404NotFound, BusErrors.NoSuchQueue, clock);
    }

    async Task SendAsync(HttpContext context, MessageQueue queue)
    {
        if (queue.IsDeadLetter)
        {
            await BusErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "A dead-letter queue takes no messages; send to the queue itself.", clock);
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string? contentType = context.Request.ContentType;
        string? problem = body.Length > MaxMessage ? BusErrors.TooLarge
            : contentType == BatchType ? MessageBatch.Read(body.ToArray(), out var batch) ?? Take(queue, batch)
            : SendOne(context, queue, body.ToArray(), contentType);
        if (problem is not null)
        {
            int status = problem == BusErrors.TooLarge ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest;
            await BusErrors.WriteAsync(context, status, problem, clock);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/xml; charset=utf-8";
    }

    static string? Take(MessageQueue queue, System.Collections.Generic.IReadOnlyList<BusMessage> messages)
    {
        queue.Send(messages);
        return null;
    }

    static string? SendOne(HttpContext context, MessageQueue queue, byte[] body, string? contentType)
    {
        if (!BrokerProperties.TryParse(context.Request.Headers["BrokerProperties"], out var properties))
            return "The BrokerProperties header is not a JSON object.";
        if (BrokerProperties.Read(properties, contentType, out string? problem) is not { } message) return problem;
        message.Body = body;
        foreach ((string name, object value) in CustomProperties.FromHeaders(context.Request.Headers)) message.Properties[name] = value;
        return Take(queue, [message]);
    }

    async Task ReceiveAsync(HttpContext context, MessageQueue queue, bool peekLock)
    {
        double seconds = double.TryParse(context.Request.Query["timeout"], NumberStyles.Float, CultureInfo.InvariantCulture, out double asked) && asked >= 0
            ? Math.Min(asked, 3600) : 60;
        Delivery? delivery = await queue.ReceiveAsync(peekLock, TimeSpan.FromSeconds(seconds), context.RequestAborted);
        if (delivery is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        context.Response.StatusCode = peekLock ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        // The Host header word for word: clients cut the path behind the address they were given.
        if (delivery.LockToken is { } token)
            context.Response.Headers.Location =
                $"{context.Request.Scheme}://{context.Request.Headers.Host}/{queue.Name.ToLowerInvariant()}{(queue.IsDeadLetter ? "/" + DeadLetter.ToLowerInvariant() : "")}/messages/{delivery.Message.Sequence.ToString(CultureInfo.InvariantCulture)}/{token}";
        await WriteMessageAsync(context, delivery);
    }

    async Task BrowseAsync(HttpContext context, MessageQueue queue)
    {
        _ = long.TryParse(context.Request.Query["PreviousSequenceNumber"], NumberStyles.None, CultureInfo.InvariantCulture, out long after);
        if (queue.Browse(after, 1) is not [{ } message])
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        await WriteMessageAsync(context, new Delivery(message, null, null));
    }

    async Task WriteMessageAsync(HttpContext context, Delivery delivery)
    {
        context.Response.ContentType = delivery.Message.ContentType;
        context.Response.Headers["BrokerProperties"] = BrokerProperties.Write(delivery, clock.UtcNow);
        foreach ((string name, object value) in delivery.Message.Properties)
            if (CustomProperties.IsHeaderName(name)) context.Response.Headers[name] = CustomProperties.ToHeader(value);
        await context.Response.Body.WriteAsync(delivery.Message.Body);
    }

    async Task SettleAsync(HttpContext context, Func<string, Guid, bool> settle)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        if (!Guid.TryParse((string?)context.Request.RouteValues["token"], out Guid token) || !settle(id, token))
            await BusErrors.WriteAsync(context, StatusCodes.Status404NotFound, BusErrors.LockLost, clock);
    }

    static bool Owns(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        if (path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/sandbox/", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("/shop/", StringComparison.OrdinalIgnoreCase)) return false;
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2
            && (IsMessages(parts[1]) || parts.Length >= 3 && parts[1].Equals(DeadLetter, StringComparison.OrdinalIgnoreCase) && IsMessages(parts[2]));

        static bool IsMessages(string part) => part.Equals("messages", StringComparison.OrdinalIgnoreCase);
    }

    static string Route(HttpRequest request)
    {
        string[] parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int messages = Array.FindIndex(parts, p => p.Equals("messages", StringComparison.OrdinalIgnoreCase));
        string after = parts.Length == messages + 1 ? "" : parts.Length == messages + 2 ? "/head" : "/{id}/{lock}";
        return string.Join('/', parts[..messages]) + "/messages" + after;
    }
}
