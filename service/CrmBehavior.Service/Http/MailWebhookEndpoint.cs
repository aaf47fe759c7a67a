using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Mail.SendGrid.Webhooks;
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
        HttpContext context, SendGridWebhook webhook, MailReportIntake intake, IServiceStore store, TimeProvider clock, CancellationToken cancellation)
    {
        (byte[] body, int status, string? problem) = await RequestBody.ReadAsync(context.Request, Largest, cancellation);
        if (problem != null) return Answers.Error(status, problem);
        string? signature = context.Request.Headers[SendGridWebhook.SignatureHeader], timestamp = context.Request.Headers[SendGridWebhook.TimestampHeader];
        if (!webhook.IsSigned(signature, timestamp, body)) return Answers.Error(StatusCodes.Status401Unauthorized, "the signature does not fit the body; check the setting SendGrid:WebhookPublicKey");
        MailReports reports = SendGridWebhook.Read(body);
        long now = Instant.From(clock.GetUtcNow());
        foreach (string wrong in reports.Problems) await store.ParkInputAsync(MailReportIntake.Door, wrong, body, now, cancellation);
        try
        {
            await intake.TakeAsync(reports, now, cancellation);
        }
        catch (Exception e) when (e is QueueFullException or StoreUnavailableException or CrmException)
        {
            // Not acknowledged, so the provider tells it again.
            return Answers.Error(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        return Results.Ok();
    }
}
