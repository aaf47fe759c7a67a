using System;
using System.Linq;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Wording;

/// <summary>Values as a sentence shows them: JSON, long ones cut.</summary>
static class ShownValue
{
    const int MaxLength = 80;
    const int Context = 20;

    internal static string Of(JsonNode value) => Cut(Whole(value), 0);

    /// <summary>Both values; of long ones the part where they begin to differ.</summary>
    internal static string Change(JsonNode before, JsonNode after)
    {
        string one = Whole(before), other = Whole(after);
        int differs = 0;
        while (differs < one.Length && differs < other.Length && one[differs] == other[differs]) differs++;
        int start = Math.Max(0, differs - Context);
        return Cut(one, start) + " became " + Cut(other, start);
    }

    static string Cut(string text, int start)
    {
        if (text.Length <= MaxLength) return text;
        start = Math.Min(start, text.Length - MaxLength);
        int end = start + MaxLength;
        if (start > 0 && char.IsLowSurrogate(text[start])) start--;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return (start > 0 ? "…" : "") + text.Substring(start, end - start) + (end < text.Length ? "…" : "");
    }

    static string Whole(JsonNode value) => value.Kind switch
    {
        JsonKind.Text => "\"" + value.Text.Replace("\r", "").Replace("\n", " ") + "\"",
        JsonKind.Array => "[" + string.Join(", ", value.Items.Select(Whole)) + "]",
        JsonKind.Object => "{" + string.Join(", ", value.Members.Select(member => member.Key + ": " + Whole(member.Value))) + "}",
        _ => value.Text,
    };
}
