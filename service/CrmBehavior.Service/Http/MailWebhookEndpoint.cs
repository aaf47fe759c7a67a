using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Mail.SendGrid.Webhooks;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>SendGrid's signed Event Webhook: reports become events like any other, and settle mails whose sending was uncertain.</summary>
internal static class MailWebhookEndpoint
{
    const int Largest = 5 * 1024 * 1024;

    public static void MapMailWebhook(this IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/sendgrid", TakeAsync).WithTags("Webhooks");

    static async Task<IResult> TakeAsync(
        HttpContext context, SendGridWebhook webhook, EventQueue queue, MailSettlement settlement, IdentityResolver identities, IServiceStore store, TimeProvider clock, CancellationToken cancellation)
    {
        (byte[] body, int status, string? problem) = await RequestBody.ReadAsync(context.Request, Largest, cancellation);
        if (problem != null) return Answers.Error(status, problem);
        string? signature = context.Request.Headers[SendGridWebhook.SignatureHeader], timestamp = context.Request.Headers[SendGridWebhook.TimestampHeader];
        if (!webhook.IsSigned(signature, timestamp, body)) return Answers.Error(StatusCodes.Status401Unauthorized, "the signature does not fit the body; check the setting SendGrid:WebhookPublicKey");
        MailReports reports = SendGridWebhook.Read(body);
        long now = Instant.From(clock.GetUtcNow());
        foreach (string wrong in reports.Problems) await store.ParkInputAsync("sendgrid", wrong, body, now, cancellation);
        try
        {
            var events = new List<AcceptedEvent>();
            foreach (MailReport report in reports.Reports)
            {
                if (report.Args.ContainsKey(TestMail.Mark)) continue;
                if (report.DecisionId is { } mail) await settlement.SettleAsync(mail, cancellation);
                if (NameOf(report) is { } name && await ContactAsync(report, identities, cancellation) is { } contact) events.Add(EventOf(report, name, contact, now));
            }
            await queue.AddAsync(events, cancellation);
        }
        catch (Exception e) when (e is QueueFullException or StoreUnavailableException or CrmException)
        {
            // Not acknowledged, so the provider tells it again.
            return Answers.Error(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        return Results.Ok();
    }

    static async Task<Guid?> ContactAsync(MailReport report, IdentityResolver identities, CancellationToken cancellation) =>
        report.ContactId ?? await identities.FindAsync(report.Email, cancellation);

    static string? NameOf(MailReport report) => report.Event switch
    {
        "delivered" => EventNames.EmailDelivered,
        "open" => EventNames.EmailOpened,
        "click" => EventNames.EmailClicked,
        "bounce" => EventNames.EmailBounced,
        "spamreport" => EventNames.EmailComplained,
        "unsubscribe" or "group_unsubscribe" => EventNames.EmailUnsubscribed,
        "dropped" => "email_dropped",
        _ => null,
    };

    static AcceptedEvent EventOf(MailReport report, string name, Guid contact, long now) =>
        OwnEvents.Of(contact, report.EventId, name, Instant.From(report.At), now, "mail", Lane.Reported, json =>
        {
            foreach ((string arg, string property) in new[] { ("crmb_journey", "journey"), ("crmb_step", "step"), ("crmb_template", "template"), ("crmb_category", "category"), ("crmb_key", "key") })
            {
                if (report.Args.TryGetValue(arg, out string? value)) json.WriteString(property, value);
            }
            if (report.Args.TryGetValue("crmb_entry", out string? entry) && int.TryParse(entry, out int number)) json.WriteNumber("entry", number);
            if (report.DecisionId is { } decision) json.WriteString("decisionId", decision);
            if (report.Url is { } url) json.WriteString("url", url);
            if (report.Reason is { } reason) json.WriteString("reason", reason.Length > 1000 ? reason[..1000] : reason);
            if (name == EventNames.EmailBounced) json.WriteBoolean("permanent", report.Type != "blocked");
            if (name == EventNames.EmailOpened && report.IsMachineOpen) json.WriteBoolean("machine", true);
            // Leaving a group is leaving the purpose of that mail; leaving globally is leaving all.
            if (report.Event == "group_unsubscribe" && report.Args.TryGetValue("crmb_purpose", out string? purpose)) json.WriteString("purpose", purpose);
        });
}
