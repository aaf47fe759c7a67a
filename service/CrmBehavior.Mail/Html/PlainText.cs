using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CrmBehavior.Mail.Html;

/// <summary>Makes of a mail's body what can be read without a browser: paragraphs, lists, and the address behind each link.</summary>
static class PlainText
{
    static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { "head", "style", "script", "noscript", "template", "title", "object", "svg" };
    static readonly HashSet<string> Paragraphs = new(StringComparer.Ordinal) { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table",
        "blockquote", "pre", "dl", "figure", "hr" };
    static readonly HashSet<string> Lines = new(StringComparer.Ordinal)
        { "div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "form", "caption",
            "figcaption", "body" };

    public static string Of(string html)
    {
        using IHtmlDocument document = new HtmlParser().ParseDocument(html);
        var lines = new TextLines();
        if (document.Body is { } body) Walk(body, lines, isPreformatted: false);
        return lines.ToString();
    }

    static void Walk(INode node, TextLines lines, bool isPreformatted)
    {
        if (node is IText text) lines.Add(text.Data, isPreformatted);
        if (node is not IElement element || Skipped.Contains(element.LocalName) || IsHidden(element)) return;
        string name = element.LocalName;
        switch (name)
        {
            case "br":
                lines.Break(1);
                return;
            case "img":
                if (element.GetAttribute("alt") is { Length: > 0 } words) lines.Add(words, false);
                return;
            case "hr":
                lines.Break(2);
                lines.Add("----", false);
                lines.Break(2);
                return;
        }
        int gap = Paragraphs.Contains(name) ? 2 : Lines.Contains(name) ? 1 : 0;
        lines.Break(gap);
        if (name == "li") lines.Add(Bullet(element), true);
        foreach (INode child in element.ChildNodes) Walk(child, lines, isPreformatted || name == "pre");
        if (name is "td" or "th") lines.Add(" ", false);
        if (name == "a") AddAddress(element, lines);
        lines.Break(gap);
    }

    static string Bullet(IElement item)
    {
        if (item.ParentElement?.LocalName != "ol") return "- ";
        int number = item.ParentElement.Children.Where(c => c.LocalName == "li").ToList().IndexOf(item) + 1;
        return number.ToString(CultureInfo.InvariantCulture) + ". ";
    }

    static void AddAddress(IElement link, TextLines lines)
    {
        string address = link.GetAttribute("href")?.Trim() ?? "";
        string shown = link.TextContent.Trim();
        if (address.Length == 0 || address[0] == '#' || address == shown) return;
        if (address == "mailto:" + shown || address == "tel:" + shown) return;
        lines.Add(" (" + address + ")", false);
    }

    static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden") || (element.GetAttribute("style") is { } style
            && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));

    /// <summary>Collects text with blanks folded and at most one empty line in a row.</summary>
    sealed class TextLines
    {
        readonly StringBuilder text = new();
        int breaks;
        bool blank;

        public void Break(int count)
        {
            if (count == 0) return;
            if (text.Length > 0) breaks = Math.Max(breaks, count);
            blank = false;
        }

        public void Add(string words, bool isPreformatted)
        {
            foreach (char c in words)
            {
                if (!isPreformatted && (char.IsWhiteSpace(c) || c == '\u00a0'))
                {
                    blank = true;
                    continue;
                }
                if (c is '\u200b' or '\u200c' or '\u00ad' or '\ufeff') continue;
                Flush();
                text.Append(c);
            }
        }

        void Flush()
        {
            if (breaks > 0) text.Append('\n', breaks);
            else if (blank && text.Length > 0 && text[^1] is not (' ' or '\n')) text.Append(' ');
            breaks = 0;
            blank = false;
        }

        public override string ToString() => text.ToString().Trim();
    }
}
