using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Backtest;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Explain;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Api;

/// <summary>
/// What the CRM's custom APIs ask, in the name of a user: every call is signed with the key that both sides know, and what is asked about
/// a contact is answered only to users who may read it.
/// </summary>
internal static class CrmEndpoints
{
    const int MostBytes = 1024 * 1024;

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>A mail to be sent to the user who asks.</summary>
    public sealed record SendTestQuestion(string? Json, string? Template, Guid? ContactId);

    public static void MapCrmApi(this IEndpointRouteBuilder routes, ServiceSettings settings)
    {
        var signature = new CallSignature(settings.CrmKeys);
        RouteGroupBuilder crm = routes.MapGroup("/api/crm").WithTags("Custom APIs of the CRM");
        crm.MapPost("/explain", (HttpContext http, LiveExplainer explainer, ICrmGateway gateway, CancellationToken cancellation) => AskAsync<ExplainQuestion>(
            http, signature, async (question, user) =>
                await RefusalAsync(gateway, user, question.ContactId, cancellation) ?? await Questions.ExplainAsync(question, explainer, cancellation), cancellation));
        crm.MapPost("/validate", (HttpContext http, PlanHolder plans, CancellationToken cancellation) => AskAsync<ValidateQuestion>(
            http, signature, (question, _) => Task.FromResult(Questions.Validate(question, plans)), cancellation));
        crm.MapPost("/backtest", (HttpContext http, LogBacktest backtest, CancellationToken cancellation) => AskAsync<BacktestQuestion>(
            http, signature, (question, _) => Questions.BacktestAsync(question, backtest, cancellation), cancellation));
        crm.MapPost("/send-test", (HttpContext http, TestMail mails, ICrmGateway gateway, CancellationToken cancellation) => AskAsync<SendTestQuestion>(
            http, signature, async (question, user) =>
                await RefusalAsync(gateway, user, question.ContactId, cancellation) ?? await SendAsync(question, user, mails, cancellation), cancellation));
    }

    static async Task<IResult> AskAsync<T>(HttpContext http, CallSignature signature, Func<T, Guid, Task<IResult>> answer, CancellationToken cancellation) where T : class
    {
        (byte[] body, int status, string? problem) = await RequestBody.ReadAsync(http.Request, MostBytes, cancellation);
        if (problem != null) return Answers.Error(status, problem);
        if (!signature.IsGood(http.Request, body, DateTimeOffset.UtcNow, out Guid user, out string? fault)) return Answers.Error(StatusCodes.Status401Unauthorized, fault);
        try
        {
            return JsonSerializer.Deserialize<T>(body, Web) is { } question ? await answer(question, user) : Answers.Error(StatusCodes.Status400BadRequest, "the body must be a JSON object");
        }
        catch (JsonException e)
        {
            return Answers.Error(StatusCodes.Status400BadRequest, $"{e.Path?.TrimStart('$', '.')}: the body is not as expected: {e.Message.Split(" Path:")[0]}");
        }
    }

    /// <summary>Why the user is not answered about a contact; null when he is.</summary>
    static async Task<IResult?> RefusalAsync(ICrmGateway gateway, Guid user, Guid? contact, CancellationToken cancellation)
    {
        if (contact is not { } asked) return Answers.Error(StatusCodes.Status400BadRequest, "contactId: is missing: the id of a contact");
        return await gateway.MayReadContactAsync(user, asked, cancellation) ? null : Answers.Error(StatusCodes.Status403Forbidden, "you have no right to read this contact, or it does not exist");
    }

    static async Task<IResult> SendAsync(SendTestQuestion question, Guid user, TestMail mails, CancellationToken cancellation)
    {
        try
        {
            return Results.Json(new { text = await mails.SendAsync(user, question.ContactId!.Value, question.Json, question.Template, cancellation) });
        }
        catch (TestMailException e)
        {
            return Answers.Error(StatusCodes.Status400BadRequest, e.Message);
        }
    }
}
