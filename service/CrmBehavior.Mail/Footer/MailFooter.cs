using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Footer;

/// <summary>
/// What the law asks of every mail: who sends it, his postal address, and in marketing mails a visible way out (CAN-SPAM, GDPR, RFC 8058).
/// </summary>
/// <param name="sender">Name of the sender as people know him.</param>
/// <param name="postalAddress">His postal address; shown as written, line by line.</param>
public sealed class MailFooter(string sender, string postalAddress)
{
    /// <summary>Name of the link by which marketing is ended, among a message's links.</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Name of the link by which preferences are changed, among a message's links.</summary>
    public const string Preferences = "preferences";

    /// <summary>What the link that ends marketing says.</summary>
    public string UnsubscribeLabel { get; init; } = "Unsubscribe";

    /// <summary>What the link to the preferences says.</summary>
    public string PreferencesLabel { get; init; } = "Change your preferences";

    /// <summary>
    /// Appends sender and address, before <c>&lt;/body&gt;</c> where there is one; in marketing mails also the links, unless the body
    /// shows the unsubscribe link already.
    /// </summary>
    /// <param name="html">Body as HTML.</param>
    /// <param name="text">Body as plain text.</param>
    /// <param name="purpose">Purpose of the template.</param>
    /// <param name="links">Addresses made for this message: <c>unsubscribe</c>, <c>preferences</c>.</param>
    /// <returns>Both bodies with the footer.</returns>
    /// <exception cref="TemplateException">A marketing mail without an unsubscribe link.</exception>
    public (string Html, string Text) Append(string html, string text, string purpose, IReadOnlyDictionary<string, string> links)
    {
        bool isMarketing = purpose != TemplateDefinition.Transactional;
        if (isMarketing && !links.ContainsKey(Unsubscribe))
            throw new TemplateException("A mail that is not transactional needs the link 'unsubscribe'; without it it may not be sent.");
        return (AppendHtml(html, isMarketing ? links : Nothing), AppendText(text, isMarketing ? links : Nothing));
    }

    /// <summary>The headers by which mail programs offer a way out with one click; none for transactional mails.</summary>
    /// <param name="purpose">Purpose of the template.</param>
    /// <param name="links">Addresses made for this message.</param>
    /// <returns><c>List-Unsubscribe</c> and <c>List-Unsubscribe-Post</c>, or nothing.</returns>
    /// <exception cref="TemplateException">A marketing mail without an unsubscribe link.</exception>
    public static IReadOnlyDictionary<string, string> HeadersFor(string purpose, IReadOnlyDictionary<string, string> links)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (purpose == TemplateDefinition.Transactional) return headers;
        if (!links.TryGetValue(Unsubscribe, out string? address))
            throw new TemplateException("A mail that is not transactional needs the link 'unsubscribe'; without it it may not be sent.");
        headers["List-Unsubscribe"] = "<" + address + ">";
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click";
        return headers;
    }

    static readonly Dictionary<string, string> Nothing = [];

    string AppendHtml(string html, IReadOnlyDictionary<string, string> links)
    {
        var footer = new StringBuilder("<div style=\"margin-top:32px;padding-top:12px;border-top:1px solid #ccc;font:12px/1.5 sans-serif;color:#555\"><p>");
        footer.Append(WebUtility.HtmlEncode(sender)).Append("<br>").AppendJoin("<br>", Lines().Select(WebUtility.HtmlEncode)).Append("</p>");
        (string Label, string Address)[] shown = [.. Missing(WebUtility.HtmlDecode(html), links)];
        if (shown.Length > 0)
            footer.Append("<p>").AppendJoin(" · ", shown.Select(l => Link(l.Label, l.Address))).Append("</p>");
        footer.Append("</div>");
        int end = html.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        if (end < 0) end = html.LastIndexOf("</html", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + footer : html.Insert(end, footer.ToString());
    }

    static string Link(string label, string address) =>
        $"<a href=\"{WebUtility.HtmlEncode(address)}\" style=\"color:#555\">{WebUtility.HtmlEncode(label)}</a>";

    string AppendText(string text, IReadOnlyDictionary<string, string> links)
    {
        // "-- " opens the part that mail programs know as the sender's signature.
        var footer = new StringBuilder(text.TrimEnd()).Append("\n\n-- \n").Append(sender).Append('\n').AppendJoin('\n', Lines()).Append('\n');
        foreach ((string label, string address) in Missing(text, links)) footer.Append('\n').Append(label).Append(": ").Append(address);
        return footer.ToString().TrimEnd() + "\n";
    }

    IEnumerable<(string Label, string Address)> Missing(string body, IReadOnlyDictionary<string, string> links)
    {
        if (!links.TryGetValue(Unsubscribe, out string? unsubscribe) || body.Contains(unsubscribe, StringComparison.Ordinal)) yield break;
        yield return (UnsubscribeLabel, unsubscribe);
        if (links.TryGetValue(Preferences, out string? preferences)) yield return (PreferencesLabel, preferences);
    }

    string[] Lines() => postalAddress.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
