using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>
/// Finds the tags of a Handlebars text and where they stand, which the rendering library does not tell, and refuses what texts of this
/// product may not have: braces that do not escape, partials, decorators.
/// </summary>
static class TemplateScanner
{
    /// <summary>The tags in order.</summary>
    /// <exception cref="TemplateException">A tag is no Handlebars, or one that is not allowed; with line and column.</exception>
    public static IReadOnlyList<TemplateTag> Scan(string source)
    {
        if (Encoding.UTF8.GetByteCount(source) > TemplateLimits.SourceBytes)
            throw new TemplateException($"The text is longer than {TemplateLimits.SourceBytes / 1024} KB; write a shorter one.");
        return [.. Tags(source, skipsFaults: false)];
    }

    /// <summary>The tags that are sound, the others left out.</summary>
    public static IReadOnlyList<TemplateTag> ScanSound(string source) => [.. Tags(source, skipsFaults: true)];

    static IEnumerable<TemplateTag> Tags(string source, bool skipsFaults)
    {
        int at = 0;
        while ((at = source.IndexOf("{{", at, StringComparison.Ordinal)) >= 0)
        {
            if (IsEscaped(source, at))
            {
                at += 2;
                continue;
            }
            TemplateTag? tag = TryScan(source, at, skipsFaults);
            at = tag is null ? at + 2 : tag.Start + tag.Length;
            if (tag is not null) yield return tag;
        }
    }

    static TemplateTag? TryScan(string source, int at, bool skipsFaults)
    {
        try
        {
            return ScanTag(source, at);
        }
        catch (TemplateException) when (skipsFaults)
        {
            return null;
        }
    }

    // \{{ is text; \\{{ is a backslash before a tag.
    static bool IsEscaped(string source, int at) => at > 0 && source[at - 1] == '\\' && (at < 2 || source[at - 2] != '\\');

    static TemplateTag ScanTag(string source, int start)
    {
        SourcePlace place = SourcePlace.Of(source, start);
        if (At(source, start + 2) == '{')
            throw place.Problem("three braces would show the value unescaped; write two, {{…}}.");
        int at = start + 2;
        if (At(source, at) == '~') at++;
        if (At(source, at) == '!') return Comment(source, start, at, place);
        int end = FindEnd(source, at, place);
        int length = end + 2 - start;
        if (At(source, end + 2) == '}')
            throw place.Problem("three closing braces would show the value unescaped; write two, and a space before a brace that belongs to the text.");
        int last = source[end - 1] == '~' && end - 1 >= at ? end - 1 : end;
        return Read(source[at..last], start, length, place);
    }

    static TemplateTag Comment(string source, int start, int at, SourcePlace place)
    {
        bool isLong = string.CompareOrdinal(source, at, "!--", 0, 3) == 0;
        int from = isLong ? at + 3 : at + 1;
        int end = isLong ? source.IndexOf("--}}", from, StringComparison.Ordinal) : source.IndexOf("}}", from, StringComparison.Ordinal);
        if (end < 0 && isLong) end = source.IndexOf("--~}}", from, StringComparison.Ordinal);
        if (end < 0) throw place.Problem(isLong ? "this comment does not end; write --}}." : "this comment does not end; write }}.");
        int close = source.IndexOf("}}", end, StringComparison.Ordinal) + 2;
        return new TemplateTag(TagKind.Comment, start, close - start, place, [], []);
    }

    static int FindEnd(string source, int from, SourcePlace place)
    {
        char quote = '\0';
        for (int i = from; i < source.Length; i++)
        {
            char c = source[i];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'') quote = c;
            else if (c == '[') quote = ']';
            else if (c == '}' && At(source, i + 1) == '}') return i;
            else if (c == '{' && At(source, i + 1) == '{') break;
        }
        throw place.Problem("these braces are never closed; write }}.");
    }

    static TemplateTag Read(string content, int start, int length, SourcePlace place)
    {
        TagKind kind = TagKind.Value;
        switch (content.Length == 0 ? '\0' : content[0])
        {
            case '#' when At(content, 1) is '*' or '>': throw place.Problem("decorators and partials are not available here; write the text itself.");
            case '#': kind = TagKind.Open; break;
            case '/': kind = TagKind.Close; break;
            case '^' when content.Trim().Length == 1: kind = TagKind.Else; break;
            case '^': throw place.Problem("write {{#unless …}} instead of {{^…}}.");
            case '&': throw place.Problem("{{&…}} would show the value unescaped; write {{…}}.");
            case '>' or '*': throw place.Problem("partials and decorators are not available here; write the text itself.");
        }
        string body = kind == TagKind.Value ? content : content[1..];
        var reader = new TagReader(body, place);
        IReadOnlyList<TagWord> words = reader.Words();
        if (kind == TagKind.Else) words = [];
        else if (kind == TagKind.Value && words is [{ Kind: WordKind.Path, Text: "else", Key: null }, ..])
            (kind, words) = (TagKind.Else, words.Skip(1).ToList());
        return new TemplateTag(kind, start, length, place, words, reader.Names);
    }

    static char At(string text, int index) => index < text.Length ? text[index] : '\0';
}
