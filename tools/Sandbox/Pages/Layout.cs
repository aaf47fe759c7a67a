using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Pages;

/// <summary>The frame of the sandbox's own pages: heading, navigation, style. No script, nothing from elsewhere.</summary>
internal static class Layout
{
    const string Policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    static readonly (string Address, string Name)[] Navigation =
        [("/", "Overview"), ("/contacts", "Contacts"), ("/definitions", "Definitions"), ("/inbox", "Inbox"), ("/shop", "Shop")];

    /// <summary>Writes a page.</summary>
    public static Task WriteAsync(HttpContext context, string title, Html body, int status = StatusCodes.Status200OK)
    {
        string path = context.Request.Path.Value ?? "/";
        Html navigation = Html.Empty;
        foreach ((string address, string name) in Navigation)
        {
            bool here = address == "/" ? path == "/" : path.StartsWith(address, System.StringComparison.OrdinalIgnoreCase);
            Html current = here ? Html.Of($" aria-current=\"page\"") : Html.Empty;
            navigation = Html.Of($"{navigation}<a href=\"{address}\"{current}>{name}</a>");
        }
        Html page = Html.Of($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · Sandbox</title>
            <link rel="stylesheet" href="/sandbox/style.css"></head>
            <body><a class="skip" href="#main">Skip to content</a><header><strong>CrmBehavior sandbox</strong><nav aria-label="Main">{navigation}</nav></header>
            <main id="main"><h1>{title}</h1>{body}</main></body></html>
            """);
        return WriteRawAsync(context, page, Policy, status);
    }

    /// <summary>Writes a whole document under a content security policy.</summary>
    public static Task WriteRawAsync(HttpContext context, Html page, string policy, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        return context.Response.WriteAsync(page.ToString(), Encoding.UTF8);
    }

    /// <summary>404 with a sentence.</summary>
    public static Task NotFoundAsync(HttpContext context, string sentence) =>
        WriteAsync(context, "Not found", Html.Of($"<p>{sentence}</p>"), StatusCodes.Status404NotFound);
}
