using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace CrmBehavior.Definitions.Reading;

/// <summary>A place in a JSON document: its value, and the pointer by which problems are told.</summary>
internal sealed class Place(JsonElement element, string file, string pointer, Diagnostics problems)
{
    public JsonElement Element { get; } = element;

    public string File { get; } = file;

    public string Pointer { get; } = pointer;

    public Diagnostics Problems { get; } = problems;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    public bool IsNumber => Element.ValueKind == JsonValueKind.Number;

    public void Error(string message) => Problems.Error(File, Pointer, message);

    public bool Has(string key) => IsObject && Element.TryGetProperty(key, out _);

    /// <summary>The value of a key that is there.</summary>
    public Place At(string key) => new(Element.GetProperty(key), File, $"{Pointer}/{Escape(key)}", Problems);

    public Place? Find(string key) => Has(key) ? At(key) : null;

    /// <summary>The elements of a list; a problem where it is none.</summary>
    public IEnumerable<Place> Items(string what)
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            Error($"{what} must be a list, in square brackets");
            return [];
        }
        return Element.EnumerateArray().Select((e, i) => new Place(e, File, $"{Pointer}/{i}", Problems));
    }

    public IEnumerable<(string Key, Place Value)> Members() =>
        Element.EnumerateObject().Select(p => (p.Name, new Place(p.Value, File, $"{Pointer}/{Escape(p.Name)}", Problems)));

    /// <summary>Tells of keys that nobody knows here, and whether it is an object at all.</summary>
    public bool IsObjectOf(string what, params string[] keys)
    {
        if (!IsObject)
        {
            Error($"{what} must be an object, in curly brackets");
            return false;
        }
        foreach ((string key, Place value) in Members())
        {
            if (keys.Contains(key)) continue;
            if (Nearest.Meant(key, keys) is { } meant && !Has(meant)) Problems.Meant(File, Pointer, meant);
            value.Error($"\"{key}\" is not known in {what}.{Nearest.Hint(key, keys.Where(k => !k.StartsWith('$')))}");
        }
        return true;
    }

    /// <summary>Tells that a key is missing, unless it is there misspelt and that has been told.</summary>
    public void Missing(string key, string what)
    {
        if (!IsMisspelt(key)) Error($"\"{key}\" is missing: {what}");
    }

    /// <summary>Whether one of these keys is there misspelt, and that has been told.</summary>
    public bool IsMisspelt(params string[] keys) => keys.Any(k => Problems.IsMeant(File, Pointer, k));

    /// <summary>Text under a key; a problem where it is missing, empty or something else.</summary>
    public string? Text(string key, string what, bool required = true)
    {
        if (!Has(key))
        {
            if (required) Missing(key, what);
            return null;
        }
        return At(key).Text(what);
    }

    public string? Text(string what)
    {
        if (IsText && Element.GetString() is { Length: > 0 } text) return text;
        Error($"write {what}, as text in quotes");
        return null;
    }

    /// <summary>A duration under a key, in milliseconds; null with a problem told, or when it is not there and not required.</summary>
    public long? Duration(string key, string what, bool required = false)
    {
        if (!Has(key))
        {
            if (required) Missing(key, $"{what}, as in \"24h\"");
            return null;
        }
        Place place = At(key);
        return place.Duration(what);
    }

    public long? Duration(string what)
    {
        if (!IsText)
        {
            Error($"write {what} as a duration in quotes, as in \"30m\", \"24h\" or \"7d\"");
            return null;
        }
        if (Engine.Time.Duration.TryParse(Element.GetString()!, out long milliseconds, out string? problem)) return milliseconds;
        Error(Synonyms.Duration(Element.GetString()!) is { } meant ? $"\"{Element.GetString()}\" is no duration; write \"{meant}\"" : problem!);
        return null;
    }

    /// <summary>An object that names an event; a problem where it is something else.</summary>
    public bool IsEventOf(string what, params string[] keys)
    {
        if (!IsText) return IsObjectOf(what, keys);
        Error($"{what} must be an object; write {{\"event\":{Element.GetRawText()}}}");
        return false;
    }

    public double? Number(string key, string what, bool required = false)
    {
        if (!Has(key))
        {
            if (required) Missing(key, $"{what}, a number");
            return null;
        }
        return At(key).Number(what);
    }

    /// <summary>A share of contacts, from 0 to 1.</summary>
    public double? Share(string key, string what, string example)
    {
        if (Number(key, what) is not { } share) return null;
        if (share is >= 0 and <= 1) return share;
        At(key).Error(share is > 1 and <= 100
            ? $"{what} is a share from 0 to 1; for {share.ToString(CultureInfo.InvariantCulture)} % write {(share / 100).ToString(CultureInfo.InvariantCulture)}"
            : $"{what} is a share from 0 to 1, as in {example}");
        return share;
    }

    public double? Number(string what)
    {
        if (IsNumber && double.IsFinite(Element.GetDouble())) return Element.GetDouble();
        Error($"write {what} as a number, without quotes");
        return null;
    }

    /// <summary>A whole number within limits.</summary>
    public int? Whole(string key, string what, int least, int most, bool required = false)
    {
        if (Number(key, what, required) is not { } number) return null;
        if (number == Math.Floor(number) && number >= least && number <= most) return (int)number;
        At(key).Error($"write {what} as a whole number from {least} to {most}");
        return null;
    }

    /// <summary>One word of a few.</summary>
    public string? Word(string key, string what, string[] words, string? otherwise = null)
    {
        if (!Has(key)) return otherwise;
        Place place = At(key);
        string? text = place.IsText ? place.Element.GetString() : null;
        if (text != null && words.Contains(text)) return text;
        place.Error($"{what} is one of {string.Join(", ", words.Select(w => $"\"{w}\""))}.{(text == null ? "" : Nearest.Hint(text, words, tellKnown: false))}");
        return null;
    }

    internal static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
