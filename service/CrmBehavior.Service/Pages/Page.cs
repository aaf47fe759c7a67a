using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Pages;

/// <summary>A plain page: no script, nothing from elsewhere, not to be kept or indexed.</summary>
internal static class Page
{
    const string Style = "body{font:16px/1.6 system-ui,sans-serif;color:#1b1b1b;background:#f5f5f5;margin:0}main{max-width:34rem;margin:10vh auto;background:#fff;padding:2rem;border-radius:8px;box-shadow:0 1px 4px #0002}"
        + "h1{font-size:1.4rem;margin-top:0}button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:6px;background:#0b5cad;color:#fff;cursor:pointer}label{display:block;margin:.6rem 0}.note{color:#0a6b2d}";

    public static IResult Of(string title, string body, int status = StatusCodes.Status200OK) => new PageResult(title, body, status);

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    sealed class PageResult(string title, string body, int status) : IResult
    {
        public System.Threading.Tasks.Task ExecuteAsync(HttpContext httpContext)
        {
            HttpResponse response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.Headers["X-Robots-Tag"] = "noindex";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
            string page = $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title><style>{Style}</style></head><body><main>{body}</main></body></html>";
            return response.Body.WriteAsync(Encoding.UTF8.GetBytes(page)).AsTask();
        }
    }
}
