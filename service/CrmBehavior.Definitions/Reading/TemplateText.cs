using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Looks over a Handlebars text before it is compiled: brackets that do not close, blocks that do not match, text left unescaped.</summary>
internal static class TemplateText
{
    /// <summary>What is wrong and what to write instead, or null.</summary>
    public static string? Problem(string text)
    {
        var open = new Stack<string>();
        for (int at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at, StringComparison.Ordinal))
        {
            if (text.AsSpan(at).StartsWith("{{{") || text.AsSpan(at).StartsWith("{{&")) return $"{Line(text, at)}: unescaped output lets a contact's text become markup; write {{{{…}}}} with two brackets";
            int end = text.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0) return $"{Line(text, at)}: \"{{{{\" is not closed; write \"}}}}\" behind it";
            string inner = text[(at + 2)..end].Trim('~', ' ');
            if (inner.StartsWith('#')) open.Push(inner[1..].Split(' ')[0]);
            else if (inner.StartsWith('/'))
            {
                string name = inner[1..].Trim();
                if (open.Count == 0) return $"{Line(text, at)}: {{{{/{name}}}}} closes a block that was not opened";
                if (open.Peek() != name) return $"{Line(text, at)}: {{{{/{name}}}}} closes the block {{{{#{open.Peek()}}}}}; write {{{{/{open.Peek()}}}}}";
                open.Pop();
            }
            else if (inner.Length == 0) return $"{Line(text, at)}: {{{{}}}} shows nothing; write a path, as in {{{{contact.firstname}}}}";
            at = end + 2;
        }
        return open.Count > 0 ? $"the block {{{{#{open.Peek()}}}}} is not closed; write {{{{/{open.Peek()}}}}}" : null;
    }

    static string Line(string text, int at) => $"line {text.AsSpan(0, at).Count('\n') + 1}";

    /// <summary>Dotted paths that begin with none of what texts see. Inside a block names may be relative to it, so nothing is said of them.</summary>
    public static IEnumerable<string> Strangers(string text)
    {
        int inside = 0;
        for (int at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at + 2, StringComparison.Ordinal))
        {
            int end = text.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0) yield break;
            string inner = text[(at + 2)..end].Trim('~', ' ');
            if (inner.StartsWith('#')) inside++;
            else if (inner.StartsWith('/')) inside--;
            else if (inside == 0 && inner.Contains('.', StringComparison.Ordinal) && inner.All(c => char.IsLetterOrDigit(c) || c is '.' or '_')
                && inner.Split('.')[0] is not ("contact" or "event" or "journey" or "this" or ""))
            {
                yield return inner;
            }
        }
    }

    /// <summary>The paths that a text shows: <c>contact.firstname</c>, <c>event.sku</c>.</summary>
    public static IEnumerable<string> Paths(string text)
    {
        for (int at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at + 2, StringComparison.Ordinal))
        {
            int end = text.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0) yield break;
            foreach (string word in text[(at + 2)..end].Trim('~', '#', '/', ' ').Split(' ').Where(w => w.Contains('.'))) yield return word;
        }
    }
}
