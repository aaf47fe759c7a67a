using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Holds the content of a call against the limits, and against text that a store could not keep.</summary>
internal sealed class ContentCheck(IngestLimits limits)
{
    /// <summary>What is wrong, or null.</summary>
    public CallProblem? Problem(JsonElement call)
    {
        int properties = 0;
        return Walk(call, "", 1, ref properties);
    }

    CallProblem? Walk(JsonElement element, string path, int depth, ref int properties)
    {
        if (depth > limits.Depth) return new CallProblem(path, $"is nested more than {limits.Depth} deep");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (NameOf(property) is not { } name) return new CallProblem(path, "has a name that is no valid text: half of a surrogate pair, or bytes that are no UTF-8");
                    string at = path.Length == 0 ? name : $"{path}.{name}";
                    if (name.Length > limits.NameLength) return new CallProblem(path, $"has a name of more than {limits.NameLength} characters");
                    if (IsUnstorable(name)) return new CallProblem(path, "has a name with a NUL character or half of a surrogate pair");
                    if (!names.Add(name)) return new CallProblem(at, "is there twice; which of the two is meant cannot be told");
                    if (++properties > limits.Properties) return new CallProblem(path, $"has more than {limits.Properties} properties in all");
                    if (Walk(property.Value, at, depth + 1, ref properties) is { } problem) return problem;
                }
                return null;
            case JsonValueKind.Array:
                if (element.GetArrayLength() > limits.ListLength) return new CallProblem(path, $"has more than {limits.ListLength} elements");
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (Walk(item, $"{path}[{i++}]", depth + 1, ref properties) is { } problem) return problem;
                }
                return null;
            case JsonValueKind.String: return TextProblem(element, path);
            case JsonValueKind.Number:
                if (element.GetRawText().Length > limits.Digits) return new CallProblem(path, $"is a number of more than {limits.Digits} characters");
                return double.IsFinite(element.GetDouble()) ? null : new CallProblem(path, "is a number beyond ±1.8e308");
            default: return null;
        }
    }

    /// <summary>A member's name; null where its bytes are no text.</summary>
    static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    CallProblem? TextProblem(JsonElement element, string path)
    {
        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return new CallProblem(path, "is no valid text: half of a surrogate pair, or bytes that are no UTF-8");
        }
        if (text.Length > limits.TextLength) return new CallProblem(path, $"is longer than {limits.TextLength} characters");
        return IsUnstorable(text) ? new CallProblem(path, "has a NUL character or half of a surrogate pair; remove it") : null;
    }

    /// <summary>Text that PostgreSQL refuses; refused for both stores, so that they hold the same.</summary>
    static bool IsUnstorable(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == 0 || (rune == Rune.ReplacementChar && HasLoneSurrogate(text))) return true;
        }
        return false;
    }

    static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) return true;
        }
        return false;
    }
}
