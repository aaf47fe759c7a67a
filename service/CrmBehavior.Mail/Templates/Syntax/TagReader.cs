using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>Reads the words between braces: paths, literals, calls in parentheses, <c>key=value</c>, <c>as |name|</c>.</summary>
sealed class TagReader(string content, SourcePlace place)
{
    int at;

    /// <summary>Names after <c>as</c>; known once the words have been read.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    public IReadOnlyList<TagWord> Words()
    {
        List<TagWord> words = ReadUntil('\0');
        if (at < content.Length) throw place.Problem($"'{content[at]}' does not belong there.");
        return words;
    }

    List<TagWord> ReadUntil(char end)
    {
        var words = new List<TagWord>();
        while (true)
        {
            SkipSpace();
            if (at >= content.Length || content[at] == end) return words;
            if (content[at] == '|' && words.Count > 0 && words[^1].Text == "as")
            {
                words.RemoveAt(words.Count - 1);
                ReadNames();
                return words;
            }
            words.Add(ReadWord(null));
        }
    }

    TagWord ReadWord(string? key)
    {
        char c = content[at];
        if (c == '(') return ReadCall(key);
        if (c is '"' or '\'') return ReadText(c, key);
        if (c is ')' or '|' or '=') throw place.Problem($"'{c}' does not belong there.");
        int start = at;
        while (at < content.Length && !char.IsWhiteSpace(content[at]) && content[at] is not ('(' or ')' or '|' or '=' or '"' or '\''))
        {
            if (content[at] == '[')
            {
                int close = content.IndexOf(']', at);
                if (close < 0) throw place.Problem("'[' is never closed; write ].");
                at = close;
            }
            at++;
        }
        string word = content[start..at];
        if (key is null && at < content.Length && content[at] == '=')
        {
            at++;
            if (at >= content.Length || char.IsWhiteSpace(content[at])) throw place.Problem($"a value is missing after '{word}='.");
            return ReadWord(word);
        }
        return new TagWord(IsLiteral(word) ? WordKind.Literal : WordKind.Path, word, key, []);
    }

    TagWord ReadCall(string? key)
    {
        at++;
        List<TagWord> inner = ReadUntil(')');
        if (at >= content.Length) throw place.Problem("'(' is never closed; write ).");
        at++;
        if (inner.Count == 0) throw place.Problem("there is nothing in the parentheses.");
        return new TagWord(WordKind.Call, inner[0].Text, key, inner);
    }

    TagWord ReadText(char quote, string? key)
    {
        int close = content.IndexOf(quote, at + 1);
        if (close < 0) throw place.Problem($"the text in {quote} is never closed.");
        string text = content[(at + 1)..close];
        at = close + 1;
        return new TagWord(WordKind.Literal, text, key, []);
    }

    void ReadNames()
    {
        int close = content.IndexOf('|', at + 1);
        if (close < 0) throw place.Problem("the names after 'as' are never closed; write as |item index|.");
        Names = content[(at + 1)..close].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        at = close + 1;
        SkipSpace();
    }

    void SkipSpace()
    {
        while (at < content.Length && char.IsWhiteSpace(content[at])) at++;
    }

    static bool IsLiteral(string word) =>
        word is "true" or "false" or "null" or "undefined" || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
