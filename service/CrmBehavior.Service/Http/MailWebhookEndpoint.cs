using System;
using System.Linq;
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
    const int Largest = 5 * 1024 * 1024, ProblemsTold = 20;

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
        try
        {
            await intake.TakeAsync(reports, now, cancellation);
            // Once, and only when nothing is told again for another reason.
            if (reports.Problems.Count > 0) await store.ParkInputAsync(MailReportIntake.Door, string.Join("; ", reports.Problems.Take(ProblemsTold)), body, now, cancellation);
        }
        catch (Exception e) when (e is QueueFullException or StoreUnavailableException or CrmException)
        {
            // Not acknowledged, so the provider tells it again.
            return Answers.Error(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        return Results.Ok();
    }
}
