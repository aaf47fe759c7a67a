using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CrmBehavior.Mail.Templates.Syntax;

namespace CrmBehavior.Mail.Html;

/// <summary>
/// Refuses values where escaping does not protect: in styles, scripts, comments, handlers, and in names of elements and attributes. Each
/// value is replaced by a mark, and the parser tells where the marks come to stand.
/// </summary>
static class ValuePlaces
{
    const string Mark = "crmbvalue";

    /// <exception cref="Pipeline.Ports.TemplateException">A value stands where none may; with line and column.</exception>
    public static void Check(string source, IReadOnlyList<TemplateTag> tags)
    {
        TemplateTag[] values = [.. tags.Where(t => t.Kind == TagKind.Value)];
        if (values.Length == 0) return;
        using IHtmlDocument document = new HtmlParser().ParseDocument(Marked(source, tags));
        var wrong = new SortedDictionary<int, string>();
        foreach (INode node in document.GetDescendants())
        {
            if (node is IComment comment) Note(wrong, comment.Data, "a comment");
            if (node is not IElement element) continue;
            string name = element.LocalName;
            Note(wrong, name, "the name of an element");
            if (name is "style" or "script") Note(wrong, element.TextContent, $"<{name}>");
            foreach (IAttr attribute in element.Attributes)
            {
                Note(wrong, attribute.Name, "the name of an attribute");
                if (attribute.Name == "style" || attribute.Name.StartsWith("on", StringComparison.Ordinal))
                    Note(wrong, attribute.Value, $"the attribute {attribute.Name}");
            }
        }
        if (wrong.Count == 0) return;
        (int index, string place) = wrong.First();
        throw values[index].Place.Problem($"a value may not stand in {place}, where escaping does not protect; show it in the text or in another attribute.");
    }

    static string Marked(string source, IReadOnlyList<TemplateTag> tags)
    {
        var marked = new StringBuilder(source.Length);
        int at = 0, number = 0;
        foreach (TemplateTag tag in tags)
        {
            marked.Append(source, at, tag.Start - at);
            if (tag.Kind == TagKind.Value) marked.Append(Mark).Append((number++).ToString(CultureInfo.InvariantCulture)).Append('x');
            at = tag.Start + tag.Length;
        }
        return marked.Append(source, at, source.Length - at).ToString();
    }

    static void Note(SortedDictionary<int, string> wrong, string text, string place)
    {
        for (int at = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(Mark, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            ReadOnlySpan<char> rest = text.AsSpan(at + Mark.Length);
            int end = rest.IndexOf('x');
            if (end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int index)) wrong.TryAdd(index, place);
        }
    }
}
