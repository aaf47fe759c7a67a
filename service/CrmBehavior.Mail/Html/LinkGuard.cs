using System;
using System.Collections.Generic;
using System.Linq;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CrmBehavior.Mail.Html;

/// <summary>
/// Neutralises addresses with a scheme that has no business in a mail (<c>javascript:</c>, <c>data:</c>, …): https, http, mailto and tel
/// pass, as does what has no scheme. A body without such addresses comes back untouched, to the letter.
/// </summary>
static class LinkGuard
{
    static readonly string[] Schemes = ["https", "http", "mailto", "tel"];
    static readonly string[] Attributes =
        ["href", "src", "action", "formaction", "background", "poster", "data", "cite", "longdesc", "xlink:href", "srcset", "imagesrcset", "ping"];

    public static string Clean(string html)
    {
        using IHtmlDocument document = new HtmlParser().ParseDocument(html);
        bool changed = false;
        foreach (IElement element in document.All)
        {
            foreach (string name in Attributes)
            {
                if (element.GetAttribute(name) is not { } value || IsAllowed(name, value)) continue;
                if (name == "href") element.SetAttribute(name, "#");
                else element.RemoveAttribute(name);
                changed = true;
            }
            if (element.LocalName == "meta" && IsRefresh(element))
            {
                element.RemoveAttribute("content");
                changed = true;
            }
        }
        return changed ? Write(document, html) : html;
    }

    /// <summary>Whether an address may stand in a mail.</summary>
    public static bool IsAllowed(string address)
    {
        // Browsers skip leading blanks and controls, and tabs and line breaks anywhere.
        string bare = string.Concat(address.Where(c => c is not ('\t' or '\r' or '\n'))).TrimStart([.. Enumerable.Range(0, 33).Select(i => (char)i)]);
        int colon = bare.IndexOf(':');
        if (colon < 0) return true;
        string scheme = bare[..colon];
        bool isScheme = scheme.Length > 0 && char.IsAsciiLetter(scheme[0]) && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
        return !isScheme || Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase);
    }

    static bool IsAllowed(string attribute, string value) =>
        attribute is "srcset" or "imagesrcset" or "ping"
            ? value.Split([',', ' ', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries).All(IsAllowed)
            : IsAllowed(value);

    static bool IsRefresh(IElement meta) =>
        string.Equals(meta.GetAttribute("http-equiv"), "refresh", StringComparison.OrdinalIgnoreCase) && meta.HasAttribute("content");

    static string Write(IHtmlDocument document, string source)
    {
        bool isWhole = source.Contains("<html", StringComparison.OrdinalIgnoreCase) || source.Contains("<!doctype", StringComparison.OrdinalIgnoreCase);
        if (isWhole) return document.ToHtml();
        IEnumerable<IElement?> parts = [document.Head, document.Body];
        return string.Concat(parts.Select(p => p?.InnerHtml));
    }
}
