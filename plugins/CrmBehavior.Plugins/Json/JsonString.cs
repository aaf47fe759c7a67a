using System.Text;

namespace CrmBehavior.Plugins.Json;

/// <summary>Reads a string.</summary>
static class JsonString
{
    internal static string Read(JsonText text)
    {
        var read = new StringBuilder();
        int line = text.Line, column = text.Column;
        text.Take();
        while (true)
        {
            if (text.AtEnd || text.Current == '\n') throw text.FaultAt(line, column, "the text that begins here is not closed; end it with a double quote.");
            char current = text.Current;
            if (current < ' ') throw text.Fault(text.Shown() + " may not stand in a text; write it as an escape such as \\n or \\t.");
            if (current == '"') break;
            if (current == '\\') ReadEscape(text, read);
            else read.Append(text.Take());
        }

        text.Take();
        CheckCharacters(text, read, line, column);
        return read.ToString();
    }

    static void ReadEscape(JsonText text, StringBuilder read)
    {
        int line = text.Line, column = text.Column;
        text.Take();
        char escape = text.AtEnd ? '\0' : text.Take();
        switch (escape)
        {
            case '"' or '\\' or '/': read.Append(escape); break;
            case 'b': read.Append('\b'); break;
            case 'f': read.Append('\f'); break;
            case 'n': read.Append('\n'); break;
            case 'r': read.Append('\r'); break;
            case 't': read.Append('\t'); break;
            case 'u' when text.TryTakeHex(out int code): read.Append((char)code); break;
            case 'u': throw text.FaultAt(line, column, "\\u needs four hexadecimal digits.");
            default: throw text.FaultAt(line, column, "JSON knows no such escape; write \\\\ for a backslash.");
        }
    }

    static void CheckCharacters(JsonText text, StringBuilder read, int line, int column)
    {
        for (int i = 0; i < read.Length; i++)
        {
            if (read[i] == '\0') throw text.FaultAt(line, column, "the text contains NUL, which no store keeps; remove it.");
            if (!char.IsSurrogate(read[i])) continue;
            if (!char.IsHighSurrogate(read[i]) || i + 1 == read.Length || !char.IsLowSurrogate(read[i + 1]))
                throw text.FaultAt(line, column, "the text contains half a surrogate pair; write the whole character.");
            i++;
        }
    }
}
