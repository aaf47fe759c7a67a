using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// Management of queues by ATOM: PUT creates (201) or with <c>If-Match</c> changes (200), GET reads, DELETE deletes,
/// <c>/$Resources/Queues</c> lists. Source: Microsoft's "Service Bus entity management" and the elements its clients read.
/// </summary>
internal sealed class AtomRoutes(MessageBus bus, BusRoutes runtime, SandboxClock clock)
{
    static readonly XNamespace Description = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/{queue}", (HttpContext c, string queue) => Authorized(c, () => PutAsync(c, queue)));
        routes.MapGet("/{queue}", (HttpContext c, string queue) => Authorized(c, () => GetAsync(c, queue)));
        routes.MapDelete("/{queue}", (HttpContext c, string queue) => Authorized(c, () => DeleteAsync(c, queue)));
        routes.MapGet("/$Resources/Queues", (HttpContext c) => Authorized(c, () => ListAsync(c)));
    }

    async Task Authorized(HttpContext context, Func<Task> work)
    {
        // A browser that mistypes a page's address should not be told about tokens.
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Authorization.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("Nothing is here. The start page is at /.");
            return;
        }
        if (await runtime.AuthorizeAsync(context)) await work();
    }

    async Task PutAsync(HttpContext context, string name)
    {
        using var reader = new StreamReader(context.Request.Body);
        QueueDescription description;
        try
        {
            description = Read(await reader.ReadToEndAsync(context.RequestAborted));
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            await BusErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "The queue description cannot be read: " + e.Message, clock);
            return;
        }
        bool change = context.Request.Headers.IfMatch.Count > 0;
        if (change && bus.Find(name) is { } queue) bus.Change(queue, description);
        else if (change || !bus.TryCreate(name, description))
        {
            await BusErrors.WriteAsync(context, change ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
                change ? BusErrors.NoSuchQueue : "40901: Conflict. A queue of that name exists already.", clock);
            return;
        }
        await WriteAsync(context, change ? StatusCodes.Status200OK : StatusCodes.Status201Created, Entry(context, bus.Find(name)!));
    }

    async Task GetAsync(HttpContext context, string name)
    {
        if (bus.Find(name) is { } queue) await WriteAsync(context, StatusCodes.Status200OK, Entry(context, queue));
        else await BusErrors.WriteAsync(context, StatusCodes.Status404NotFound, BusErrors.NoSuchQueue, clock);
    }

    async Task DeleteAsync(HttpContext context, string name)
    {
        if (!bus.TryDelete(name)) await BusErrors.WriteAsync(context, StatusCodes.Status404NotFound, BusErrors.NoSuchQueue, clock);
    }

    Task ListAsync(HttpContext context)
    {
        var feed = new StringBuilder("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title type=\"text\">Queues</title>");
        foreach (string name in bus.QueueNames) feed.Append(Entry(context, bus.Find(name)!));
        return WriteAsync(context, StatusCodes.Status200OK, feed.Append("</feed>").ToString(), "feed");
    }

    string Entry(HttpContext context, MessageQueue queue)
    {
        QueueDescription d = queue.Description;
        (int active, int locked, int scheduled) = queue.Counts;
        int dead = bus.Find(queue.Name, deadLetter: true)?.Counts.Active ?? 0;
        string now = Instants.Write(clock.GetUtcNow()), name = SecurityElement.Escape(queue.Name);
        string address = SecurityElement.Escape($"{context.Request.Scheme}://{context.Request.Headers.Host}/{queue.Name}");
        string Count(string element, int count) => $"<d2p1:{element}>{count.ToString(CultureInfo.InvariantCulture)}</d2p1:{element}>";
        return $"""
            <entry xmlns="http://www.w3.org/2005/Atom"><id>{address}</id><title type="text">{name}</title><published>{now}</published><updated>{now}</updated>
            <author><name>sandbox</name></author><link rel="self" href="{address}"/><content type="application/xml">
            <QueueDescription xmlns="{Description}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
            <LockDuration>{XmlConvert.ToString(d.LockDuration)}</LockDuration><MaxSizeInMegabytes>1024</MaxSizeInMegabytes>
            <RequiresDuplicateDetection>{XmlConvert.ToString(d.RequiresDuplicateDetection)}</RequiresDuplicateDetection>
            <RequiresSession>false</RequiresSession>
            <DefaultMessageTimeToLive>{(d.TimeToLive is { } life ? XmlConvert.ToString(life) : "P10675199DT2H48M5.4775807S")}</DefaultMessageTimeToLive>
            <DeadLetteringOnMessageExpiration>{XmlConvert.ToString(d.DeadLetterOnExpiry)}</DeadLetteringOnMessageExpiration>
            <DuplicateDetectionHistoryTimeWindow>{XmlConvert.ToString(d.DuplicateWindow)}</DuplicateDetectionHistoryTimeWindow>
            <MaxDeliveryCount>{XmlConvert.ToString(d.MaxDeliveryCount)}</MaxDeliveryCount><EnableBatchedOperations>true</EnableBatchedOperations>
            <SizeInBytes>0</SizeInBytes><MessageCount>{XmlConvert.ToString(active + locked + scheduled)}</MessageCount>
            <IsAnonymousAccessible>false</IsAnonymousAccessible><AuthorizationRules></AuthorizationRules><Status>Active</Status><CreatedAt>{now}</CreatedAt>
            <UpdatedAt>{now}</UpdatedAt><AccessedAt>{now}</AccessedAt><SupportOrdering>true</SupportOrdering>
            <CountDetails xmlns:d2p1="http://schemas.microsoft.com/netservices/2011/06/servicebus">{Count("ActiveMessageCount", active + locked)}{Count("DeadLetterMessageCount", dead)}{Count("ScheduledMessageCount", scheduled)}{Count("TransferMessageCount", 0)}{Count("TransferDeadLetterMessageCount", 0)}</CountDetails><AutoDeleteOnIdle>P10675199DT2H48M5.4775807S</AutoDeleteOnIdle><EnablePartitioning>false</EnablePartitioning><EntityAvailabilityStatus>Available</EntityAvailabilityStatus><EnableExpress>false</EnableExpress><MaxMessageSizeInKilobytes>256</MaxMessageSizeInKilobytes></QueueDescription></content></entry>
            """;
    }

    static QueueDescription Read(string xml)
    {
        var standard = new QueueDescription();
        if (string.IsNullOrWhiteSpace(xml)) return standard;
        XElement? sent = XDocument.Parse(xml).Descendants().FirstOrDefault(e => e.Name.LocalName == "QueueDescription");
        if (sent is null) return standard;
        string? Value(string name) => sent.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value is { Length: > 0 } value ? value : null;
        TimeSpan? life = Value("DefaultMessageTimeToLive") is { } text && !text.StartsWith("P10675199D", StringComparison.Ordinal) ? XmlConvert.ToTimeSpan(text)
            : null;
        return new QueueDescription
        {
            LockDuration = Value("LockDuration") is { } locked && XmlConvert.ToTimeSpan(locked) is { Ticks: > 0 } duration ? duration : standard.LockDuration,
            MaxDeliveryCount = Value("MaxDeliveryCount") is { } count ? Math.Max(1, XmlConvert.ToInt32(count)) : standard.MaxDeliveryCount,
            RequiresDuplicateDetection = Value("RequiresDuplicateDetection") is { } detect && XmlConvert.ToBoolean(detect),
            DuplicateWindow = Value("DuplicateDetectionHistoryTimeWindow") is { } window ? XmlConvert.ToTimeSpan(window) : standard.DuplicateWindow,
            TimeToLive = life,
            DeadLetterOnExpiry = Value("DeadLetteringOnMessageExpiration") is { } bury && XmlConvert.ToBoolean(bury),
        };
    }

    static async Task WriteAsync(HttpContext context, int status, string xml, string type = "entry")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = $"application/atom+xml;type={type};charset=utf-8";
        await context.Response.WriteAsync(xml);
    }
}
