using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Requests;
using CrmBehavior.Sandbox.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>SendGrid's <c>/v3/mail/send</c>, and the inbox under <c>/sandbox/mails</c>.</summary>
internal sealed class MailRoutes(Journal journal, Inbox inbox, SandboxClock clock)
{
    const int MaxMail = 30 * 1024 * 1024;

    /// <summary>The key that callers must bring.</summary>
    public string ApiKey { get; } =
        journal.SettingOrNew("mail.apiKey", () => "SG.sandbox." + Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant());

    /// <summary>The stand-in's part in counting and faults.</summary>
    public OutsideSystem System => new("mail", r => r.Path.StartsWithSegments("/v3", StringComparison.OrdinalIgnoreCase), r => r.Path.Value ?? "", FailAsync);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v3/mail/send", SendAsync);
        routes.MapMethods("/v3/mail/send", ["GET", "PUT", "PATCH", "DELETE"], (HttpContext c) =>
            MailError.WriteAsync(c, StatusCodes.Status405MethodNotAllowed, [new("method not allowed")]));
        routes.MapGet("/sandbox/mails", () => Results.Json(inbox.All().Select(Show)));
        routes.MapGet("/sandbox/mails/{id}", (string id) => inbox.Find(id) is { } mail ? Results.Json(Show(mail)) : NoSuchMail(id));
        routes.MapPost("/sandbox/mails/{id}/events", HappenAsync);
    }

    async Task SendAsync(HttpContext context)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization), Encoding.UTF8.GetBytes("Bearer " + ApiKey)))
        {
            await MailError.WriteAsync(context, StatusCodes.Status401Unauthorized, [new("The provided authorization grant is invalid, expired, or revoked")]);
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (body.Length > MaxMail)
        {
            await MailError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, [new("Request Entity Too Large")]);
            return;
        }
        if (Parse(body.ToArray()) is not { } mail)
        {
            await MailError.WriteAsync(context, StatusCodes.Status400BadRequest, [new("Bad Request")]);
            return;
        }
        List<MailError> errors = MailRules.Check(mail, clock.GetUtcNow());
        if (errors.Count > 0)
        {
            await MailError.WriteAsync(context, StatusCodes.Status400BadRequest, errors);
            return;
        }
        if (IsSandboxMode(mail)) return;
        IReadOnlyList<AcceptedMail> accepted = MailReader.Read(mail, clock.UtcNow);
        inbox.Accept(accepted, MailEvents.OnAcceptance);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers["X-Message-Id"] = accepted[0].MessageId;
    }

    async Task<IResult> HappenAsync(HttpContext context, string id)
    {
        if (inbox.Find(id) is not { } mail) return NoSuchMail(id);
        if (await ControlBody.ReadAsync(context.Request) is not { } body) return ControlBody.NotAnObject();
        string? type = ControlBody.Text(body, "type");
        if (type is null || !MailEvents.Kinds.Contains(type)) return ControlBody.Refuse("/type: write one of " + string.Join(", ", MailEvents.Kinds) + ".");
        inbox.Happen(mail, MailEvents.Make(mail, type, clock.UtcNow, body, mail.Events.Count));
        return Results.Accepted();
    }

    static IResult NoSuchMail(string id) => ControlBody.Missing($"There is no mail '{id}'; GET /sandbox/mails lists them.");

    static object Show(AcceptedMail mail) => new
    {
        id = mail.Id,
        messageId = mail.MessageId,
        to = string.Join(", ", mail.To.Select(t => t.Email)),
        cc = mail.Cc.Select(a => a.Email),
        bcc = mail.Bcc.Select(a => a.Email),
        from = mail.From.ToString(),
        replyTo = mail.ReplyTo.Select(a => a.Email),
        subject = mail.Subject,
        text = mail.Text,
        html = mail.Html,
        headers = mail.Headers,
        customArgs = mail.CustomArgs,
        categories = mail.Categories,
        at = Instants.Write(mail.At),
        sendAt = mail.SendAt is { } later ? Instants.Write(later) : null,
        events = mail.Events.Select(e => new { type = e.Type, at = Instants.Write(e.At) }),
    };

    static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static bool IsSandboxMode(JsonObject mail) =>
        mail["mail_settings"] is JsonObject settings && settings["sandbox_mode"] is JsonObject mode
        && mode["enable"] is JsonValue enable && enable.TryGetValue(out bool on) && on;

    Task FailAsync(HttpContext context, int status, int? retryAfter)
    {
        if (retryAfter is { } seconds)
        {
            context.Response.Headers["X-RateLimit-Limit"] = "600";
            context.Response.Headers["X-RateLimit-Remaining"] = "0";
            context.Response.Headers["X-RateLimit-Reset"] = (clock.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(CultureInfo.InvariantCulture);
        }
        string message = status switch
        {
            429 => "too many requests",
            401 => "The provided authorization grant is invalid, expired, or revoked",
            403 => "access forbidden",
            _ => "The server could not answer the request"
        };
        return MailError.WriteAsync(context, status, [new(message)]);
    }
}
