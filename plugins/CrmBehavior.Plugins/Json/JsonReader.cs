using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrmBehavior.Plugins.Json;

/// <summary>
/// Reads JSON strictly by RFC 8259, and beyond it refuses what readers understand differently: a name that comes twice, half a surrogate
/// pair, NUL, a number no double can hold, nesting deeper than <see cref="MaxDepth"/>.
/// </summary>
sealed class JsonReader
{
    internal const int MaxDepth = 64;

    readonly JsonText text;
    readonly List<string> path = [];

    JsonReader(string json)
    {
        text = new JsonText(json, () => "/" + string.Join("/", path), () => path.Count == 0);
    }

    /// <summary>Reads one document.</summary>
    /// <exception cref="JsonSyntaxException">The text is not strict JSON.</exception>
    internal static JsonNode Read(string json)
    {
        var reader = new JsonReader(json);
        reader.text.SkipMark();
        JsonNode root = reader.Value(0);
        reader.text.SkipSpace();
        if (!reader.text.AtEnd) throw reader.text.Fault("something follows the end of the document; remove it.");
        return root;
    }

    JsonNode Value(int depth)
    {
        text.SkipSpace();
        if (text.AtEnd) throw text.Fault("the text ends where a value is due.");
        if (depth > MaxDepth)
            throw text.Fault("the nesting is deeper than " + MaxDepth.ToString(CultureInfo.InvariantCulture) + "; make it flatter.");
        int line = text.Line, column = text.Column;
        switch (text.Current)
        {
            case '{': return new JsonNode(Members(depth), line, column);
            case '[': return new JsonNode(Items(depth), line, column);
            case '"': return new JsonNode(JsonKind.Text, JsonString.Read(text), line, column);
            case 't': return Word("true", JsonKind.Boolean, line, column);
            case 'f': return Word("false", JsonKind.Boolean, line, column);
            case 'n': return Word("null", JsonKind.Null, line, column);
            case '-' or (>= '0' and <= '9'): return new JsonNode(JsonKind.Number, JsonNumber.Read(text), line, column);
            case '\'': throw text.Fault("texts are written in double quotes.");
            case '/': throw text.Fault("JSON has no comments; remove it.");
            case ']' or '}' or ',': throw text.Fault("a value is missing before " + text.Current + ".");
            default: throw text.Fault(text.Shown() + " begins no value; texts are written in double quotes.");
        }
    }

    JsonNode Word(string word, JsonKind kind, int line, int column)
    {
        if (!text.TryTake(word)) throw text.Fault("only true, false and null are written without quotes.");
        return new JsonNode(kind, word, line, column);
    }

    List<JsonNode> Items(int depth)
    {
        var items = new List<JsonNode>();
        text.Take();
        text.SkipSpace();
        if (text.TryTake(']')) return items;
        while (true)
        {
            path.Add(items.Count.ToString(CultureInfo.InvariantCulture));
            items.Add(Value(depth + 1));
            path.RemoveAt(path.Count - 1);
            text.SkipSpace();
            if (text.TryTake(']')) return items;
            if (!text.TryTake(',')) throw text.Fault("a comma or ] is missing here.");
            text.SkipSpace();
            if (!text.AtEnd && text.Current == ']') throw text.Fault("a comma before ] has nothing after it; remove it.");
        }
    }

    List<KeyValuePair<string, JsonNode>> Members(int depth)
    {
        var members = new List<KeyValuePair<string, JsonNode>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        text.Take();
        text.SkipSpace();
        if (text.TryTake('}')) return members;
        while (true)
        {
            if (text.AtEnd || text.Current != '"') throw text.Fault("a name in double quotes is due here.");
            int line = text.Line, column = text.Column;
            string name = JsonString.Read(text);
            if (!names.Add(name)) throw text.FaultAt(line, column, "\"" + name + "\" is written twice in this object; keep one.");
            path.Add(Escape(name));
            text.SkipSpace();
            if (!text.TryTake(':')) throw text.Fault("a colon is missing after \"" + name + "\".");
            members.Add(new KeyValuePair<string, JsonNode>(name, Value(depth + 1)));
            path.RemoveAt(path.Count - 1);
            text.SkipSpace();
            if (text.TryTake('}')) return members;
            if (!text.TryTake(',')) throw text.Fault("a comma or } is missing here.");
            text.SkipSpace();
            if (!text.AtEnd && text.Current == '}') throw text.Fault("a comma before } has nothing after it; remove it.");
        }
    }

    static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");
}
