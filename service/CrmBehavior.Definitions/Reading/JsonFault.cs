using System;
using System.Linq;
using System.Text.Json;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Says what is wrong with a text that is no JSON, in the words of somebody who writes definitions.</summary>
internal static class JsonFault
{
    /// <summary>What is wrong, where, and what to write instead.</summary>
    public static string Of(string json, JsonException fault)
    {
        if (string.IsNullOrWhiteSpace(json)) return "the file is empty; write a definition, as in {\"kind\":\"signal\",\"name\":…,\"when\":…}";
        if (fault.Message.StartsWith("Duplicate property", StringComparison.Ordinal))
        {
            string key = fault.Message.Split('\'') is { Length: > 1 } parts ? parts[1] : "";
            return $"the key \"{key}\" stands twice in one object; keep one of them";
        }
        if (fault.LineNumber is not { } line) return "this is no JSON: " + Plain(fault);
        string[] lines = json.Split('\n');
        string written = line < lines.Length ? lines[line] : "";
        int column = (int)Math.Min(fault.BytePositionInLine ?? 0, written.Length);
        char at = column < written.Length ? written[column] : '\0';
        string place = $"line {line + 1}, column {column + 1}: ";
        if (fault.Message.Contains("trailing comma", StringComparison.Ordinal)) return place + "there is a comma with nothing behind it; take it out";
        if (fault.Message.Contains("maximum configured depth", StringComparison.Ordinal)) return place + "this is nested too deep; make the inner conditions signals or segments and name them here";
        if (fault.Message.Contains("Expected depth to be zero", StringComparison.Ordinal)) return $"the end comes too early: a bracket is not closed; {Closing(json)} is missing";
        if (fault.Message.Contains("after a single JSON value", StringComparison.Ordinal)) return place + "something follows the end of the definition; a file holds one definition";
        return at switch
        {
            '\'' => place + "texts stand in double quotes (\"), not in single ones",
            '\u201C' or '\u201D' or '\u201E' => place + "these are typographic quotes; write plain double quotes (\")",
            '/' or '#' => place + "comments have no place in JSON; take this out",
            >= '0' and <= '9' when written[..column].TrimEnd().EndsWith(',') => place + "numbers are written without separators of thousands, as in 1000.50",
            _ => place + "this is no JSON: " + Plain(fault),
        };
    }

    static string Plain(JsonException fault) => fault.Message.Split(" LineNumber:")[0].Split(" Change the reader options")[0].TrimEnd('.');

    /// <summary>The brackets that are open at the end, in the order in which they must be closed.</summary>
    static string Closing(string json)
    {
        var open = new System.Collections.Generic.Stack<char>();
        bool isText = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (isText && json[i] == '\\') i++;
            else if (json[i] == '"') isText = !isText;
            else if (!isText && json[i] is '{' or '[') open.Push(json[i] == '{' ? '}' : ']');
            else if (!isText && json[i] is '}' or ']' && open.Count > 0) open.Pop();
        }
        return $"\"{string.Concat(open.Take(10))}\"";
    }
}
