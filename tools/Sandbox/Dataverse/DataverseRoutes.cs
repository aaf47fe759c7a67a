using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Dataverse.Batch;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Protocol;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Sandbox.Dataverse;

/// <summary>The Web API over HTTP under <c>/api/data/v9.x/</c>, and the solution's web resources under <c>/WebResources/</c>.</summary>
internal sealed class DataverseRoutes
{
    const string Root = "/api/data/v9.";
    static readonly SearchValues<char> DangerousInPaths = SearchValues.Create("<>*%&:\\?");
    static readonly Preferences NoPreferences = new((string?)null);
    readonly Organization organization;
    readonly WebApi api;
    readonly BatchRun batches;
    readonly ServiceProtection protection;
    readonly ILogger log;
    static readonly Action<ILogger, string, string, Exception?> Broken = LoggerMessage.Define<string,
        string>(LogLevel.Error, new EventId(1, nameof(Broken)), "{Method} {Path} failed");

    public DataverseRoutes(Organization organization, SandboxClock clock, ILogger log)
    {
        this.organization = organization;
        this.log = log;
        api = new WebApi(organization);
        batches = new BatchRun(organization, api);
        protection = new ServiceProtection(clock);
    }

    /// <summary>The stand-in's part in counting and faults.</summary>
    public static OutsideSystem System { get; } =
        new("crm", r => r.Path.StartsWithSegments("/api/data", StringComparison.OrdinalIgnoreCase), RequestRoute.Of, (context, status, retryAfter) =>
        WriteAsync(context, WebApiResponse.Fail(retryAfter is { } seconds
            ? new DataverseException(
                429, ErrorCodes.Throttled, "Number of requests exceeded the limit of 6000 over the time window of 300 seconds.")
            { RetryAfter = seconds }
            : new DataverseException(status, ErrorCodes.Unexpected, "The service is unavailable."), NoPreferences)));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/api/data/{version}/{**path}", AnswerAsync);
        routes.MapGet("/WebResources/{**name}", WebResourceAsync);
        routes.MapGet("/sandbox/limits", Limits);
        routes.MapPost("/sandbox/limits", (Delegate)SetLimitsAsync);
    }

    async Task AnswerAsync(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        int at = target.IndexOf(Root, StringComparison.OrdinalIgnoreCase), behind = at < 0 ? -1 : target.IndexOf('/', at + Root.Length);
        if (behind < 0)
        {
            // The version alone is the service root without its slash.
            behind = target.Length;
            target += "/";
        }
        WebApiResponse response;
        try
        {
            response = await AnswerAsync(context, target, behind);
        }
        catch (DataverseException e)
        {
            response = WebApiResponse.Fail(e, NoPreferences);
        }
        await WriteAsync(context, response);
    }

    async Task<WebApiResponse> AnswerAsync(HttpContext context, string target, int behind)
    {
        if (organization.Directory.FromToken(context.Request.Headers.Authorization) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate =
                "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=" + context.Request.Scheme + "://" + context.Request.Host;
            throw new DataverseException(
                401, "0x80048306", "The access token is missing or not valid for this organization. The sandbox takes 'sandbox' or 'sandbox:<role>'.");
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string query = "";
        string path = target[(behind + 1)..];
        int mark = path.IndexOf('?', StringComparison.Ordinal);
        if (mark >= 0) (path, query) = (path[..mark], path[(mark + 1)..]);
        RefuseDangerous(path);
        WebApiRequest request = Make(context, caller, target[..(behind + 1)], path, query, body.ToArray());
        bool batch = path == "$batch" && request.Method == "POST";
        // Each part of a batch counts as a request.
        using ServiceProtection.Entry entry = protection.Enter(caller.UserId, batch ? BatchReader.Count(request.Header("Content-Type"), request.Body) : 1);
        WebApiResponse response;
        try
        {
            response = batch ? batches.Run(request) : api.Handle(request);
        }
        catch (Exception e) when (e is not DataverseException)
        {
            Broken(log, request.Method, request.Path.Text, e);
            response = WebApiResponse.Fail(new DataverseException("An unexpected error occurred.", e), request.Preferences);
        }
        foreach ((string name, string value) in entry.Headers()) response.Headers[name] = value;
        response.Headers["REQ_ID"] = request.Call.RequestId.ToString();
        response.Headers["x-ms-service-request-id"] = request.Call.RequestId.ToString();
        return response;
    }

    // The web server before the platform takes none of these in a path, encoded or not; a key with one of them cannot be asked for.
    static void RefuseDangerous(string path)
    {
        string decoded = Uri.UnescapeDataString(path);
        int at = decoded.AsSpan().IndexOfAny(DangerousInPaths);
        if (at >= 0) throw Failure.BadRequest($"A potentially dangerous Request.Path value was detected from the client ({decoded[at]}).");
    }

    WebApiRequest Make(HttpContext context, Caller caller, string rootPath, string path, string query, byte[] body)
    {
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        IReadOnlyDictionary<string, string> options = QueryText.Parse(query);
        var call = new CallContext { Caller = caller, InitiatingUserId = caller.UserId };
        return new WebApiRequest
        {
            Method = context.Request.Method,
            Path = ResourcePath.Parse(path),
            Query = options,
            Headers = headers,
            Body = body,
            ServiceRoot = $"{context.Request.Scheme}://{context.Request.Host}{rootPath}",
            Call = CallHeaders.Apply(call, organization, headers, options),
            Preferences = new Preferences(headers.GetValueOrDefault("Prefer")),
        };
    }

    static async Task WriteAsync(HttpContext context, WebApiResponse response)
    {
        context.Response.StatusCode = response.Status;
        foreach ((string name, string value) in response.Headers) context.Response.Headers[name] = value;
        if (response.ContentType is not null) context.Response.ContentType = response.ContentType;
        if (response.Status is 204 or 304 || HttpMethods.IsHead(context.Request.Method)) return;
        context.Response.ContentLength = response.Body.Length;
        await context.Response.Body.WriteAsync(response.Body);
    }

    async Task WebResourceAsync(HttpContext context)
    {
        string name = (string?)context.Request.RouteValues["name"] ?? "";
        Row? resource = organization.Store.Read(() => organization.Store["webresource"].All.FirstOrDefault(r => r.Text("name") == name));
        if (resource is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = resource.Int("webresourcetype") switch
        {
            1 => "text/html; charset=utf-8",
            2 => "text/css; charset=utf-8",
            3 => "text/javascript; charset=utf-8",
            4 or 9 or 12 => "application/xml",
            5 => "image/png",
            6 => "image/jpeg",
            7 => "image/gif",
            10 => "image/x-icon",
            11 => "image/svg+xml",
            _ => "application/octet-stream",
        };
        await context.Response.Body.WriteAsync(Convert.FromBase64String(resource.Text("content") ?? ""));
    }

    IResult Limits() => Results.Json(
        new
        {
            on = protection.IsOn,
            requests = protection.MaxRequests,
            executionSeconds = protection.MaxTime.TotalSeconds,
            concurrent = protection.MaxConcurrent
        });

    async Task<IResult> SetLimitsAsync(HttpContext context)
    {
        if (await ControlBody.ReadAsync(context.Request) is not { } body) return ControlBody.NotAnObject();
        foreach (string name in (string[])["requests", "executionSeconds", "concurrent"])
            if (body[name] is not null && ControlBody.Number(body, name) is not > 0) return ControlBody.Refuse($"/{name}: write a number greater than 0.");
        protection.IsOn = body["on"] is not JsonValue on || !on.TryGetValue(out bool value) || value;
        if (ControlBody.Number(body, "requests") is { } requests) protection.MaxRequests = (int)requests;
        if (ControlBody.Number(body, "executionSeconds") is { } seconds) protection.MaxTime = TimeSpan.FromSeconds(seconds);
        if (ControlBody.Number(body, "concurrent") is { } concurrent) protection.MaxConcurrent = (int)concurrent;
        protection.Reset();
        return Limits();
    }
}
