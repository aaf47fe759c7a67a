using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>One entry of SendGrid's <c>{"errors":[{"message","field","help"}]}</c>; field and help are null where it is about no field.</summary>
internal sealed record MailError(string Message, string? Field = null, string? Help = null)
{
    const string Page = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#";

    /// <summary>The address of a paragraph on the errors page.</summary>
    public static string HelpFor(string anchor) => Page + anchor;

    /// <summary>Answers with errors in SendGrid's form.</summary>
    public static async Task WriteAsync(HttpContext context, int status, IEnumerable<MailError> errors)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["access-control-allow-origin"] = "https://sendgrid.api-docs.io";
        context.Response.Headers["x-no-cors-reason"] = "https://sendgrid.com/docs/Classroom/Basics/API/cors.html";
        var body = new JsonObject
        {
            ["errors"] = new JsonArray([.. errors.Select(e => new JsonObject { ["message"] = e.Message, ["field"] = e.Field, ["help"] = e.Help })]),
        };
        await context.Response.WriteAsync(body.ToJsonString(Relaxed));
    }

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
