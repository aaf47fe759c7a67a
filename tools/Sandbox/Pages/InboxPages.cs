using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Mail;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Pages;

/// <summary><c>/inbox</c> and <c>/inbox/{id}</c>: every accepted mail, as its recipient would see it.</summary>
internal sealed partial class InboxPages(SandboxHost sandbox)
{
    static readonly string[] Reactions = ["open", "click", "unsubscribe", "spamreport", "bounce"];

    public Task ListAsync(HttpContext context)
    {
        IReadOnlyList<AcceptedMail> mails = sandbox.Inbox.All();
        Html rows = Html.Join(
            mails.Reverse().Take(500)
                .Select(m => Html.Of(
                    $"<tr><td>{Shown.TimeElement(m.At)}</td><td>{string.Join(", ", m.To.Select(t => t.ToString()))}</td><td><a href=\"/inbox/{m.Id}\">{Subject(m)}</a></td><td>{m.Events.LastOrDefault()?.Type}</td></tr>")));
        return Layout.WriteAsync(context, "Inbox", Html.Of($"""
            <p class="soft">{mails.Count} mails accepted; no mail leaves this machine.</p>
            <div class="scroll"><table><thead><tr><th scope="col">Accepted</th><th scope="col">To</th><th scope="col">Subject</th>
            <th scope="col">Latest event</th></tr></thead><tbody>{rows}</tbody></table></div>
            """));
    }

    public Task OneAsync(HttpContext context, string id)
    {
        if (sandbox.Inbox.Find(id) is not { } mail) return Layout.NotFoundAsync(context, $"There is no mail '{id}'.");
        Html headers = Html.Join(mail.Headers.Select(h => Html.Of($"<dt>{h.Key}</dt><dd>{h.Value}</dd>")));
        Html arguments = Html.Join(mail.CustomArgs.Select(a => Html.Of($"<dt>{a.Key}</dt><dd>{a.Value}</dd>")));
        Html reactions = Html.Join(
            Reactions.Select(r => Html.Of(
                $"<form class=\"inline\" method=\"post\" action=\"/inbox/{mail.Id}/react\"><button class=\"plain\" name=\"type\" value=\"{r}\">{r}</button></form>")));
        Html events = Html.Join(mail.Events.Select(e => Html.Of($"<tr><td>{Shown.TimeElement(e.At)}</td><td>{e.Type}</td></tr>")));
        Html links = Html.Join(Links(mail).Select(l => Html.Of($"<li><a href=\"{l}\" rel=\"noreferrer\">{l}</a></li>")));
        Html html = mail.Html is null ? Html.Empty
            : Html.Of($"<h2>HTML</h2><iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" title=\"The mail as HTML\" src=\"/inbox/{mail.Id}/html\"></iframe>");
        Html text = mail.Text is null ? Html.Empty : Html.Of($"<h2>Text</h2><pre>{mail.Text}</pre>");
        return Layout.WriteAsync(context, Subject(mail), Html.Of($"""
            <dl><dt>From</dt><dd>{mail.From}</dd><dt>To</dt><dd>{string.Join(", ", mail.To)}</dd><dt>Reply to</dt><dd>{string.Join(", ", mail.ReplyTo)}</dd>
            <dt>Accepted</dt><dd>{Shown.TimeElement(mail.At)}</dd><dt>Categories</dt><dd>{string.Join(", ", mail.Categories)}</dd><dt>Template</dt>
            <dd>{mail.TemplateId ?? "–"}</dd></dl>
            <h2>React as the recipient</h2><p>{reactions}</p><table><thead><tr><th scope="col">When</th>
            <th scope="col">Event told to the service</th></tr></thead><tbody>{events}</tbody></table>
            {html}{text}<h2>Links</h2><ul>{links}</ul><h2>Headers</h2><dl>{headers}</dl><h2>Custom arguments</h2><dl>{arguments}</dl>
            """));
    }

    /// <summary>The mail's HTML alone, for the frame: it may style itself and show pictures, and nothing else.</summary>
    public Task HtmlAsync(HttpContext context, string id)
    {
        context.Response.Headers.ContentSecurityPolicy =
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-ancestors 'self'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(sandbox.Inbox.Find(id)?.Html ?? "");
    }

    public async Task ReactAsync(HttpContext context, string id)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string type = form["type"].ToString();
        if (sandbox.Inbox.Find(id) is not { } mail || !Reactions.Contains(type))
        {
            await Layout.NotFoundAsync(context, "There is no such mail, or no such reaction.");
            return;
        }
        sandbox.Inbox.Happen(mail, MailEvents.Make(mail, type, sandbox.Clock.UtcNow, new JsonObject(), mail.Events.Count));
        context.Response.Redirect("/inbox/" + Uri.EscapeDataString(id));
    }

    static string Subject(AcceptedMail mail) => mail.Subject.Length > 0 ? mail.Subject : "(no subject)";

    // Only web addresses become links; anything else in a mail is shown as text.
    static IEnumerable<string> Links(AcceptedMail mail) =>
        Link().Matches(mail.Html ?? "").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))
            .Concat(Address().Matches(mail.Text ?? "").Select(m => m.Value)).Distinct(StringComparer.Ordinal);

    [GeneratedRegex("\\bhref\\s*=\\s*[\"'](https?://[^\"']+)[\"']", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex("https?://[^\\s<>\"]+")]
    private static partial Regex Address();
}
