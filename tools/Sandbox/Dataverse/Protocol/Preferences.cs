using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>The <c>Prefer</c> header.</summary>
internal sealed class Preferences
{
    public const int MaxPage = 5000;
    readonly string[] annotations;

    public Preferences(string? header)
    {
        List<(string Name, string Value)> parts = Parts(header ?? "");
        string? Value(string name) => parts.Where(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(p => p.Value).FirstOrDefault();
        annotations = (Value("odata.include-annotations") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ReturnsRepresentation = Value("return") == "representation";
        PageSize = int.TryParse(Value("odata.maxpagesize"), NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? Math.Min(size, MaxPage)
            : null;
        TracksChanges = Value("odata.track-changes") is not null;
        ContinuesOnError = Value("odata.continue-on-error") is { } answer && answer != "false";
        Applied = [.. parts.Where(p => p.Name.StartsWith("odata.", StringComparison.OrdinalIgnoreCase) || p.Name == "return")
            .Select(p => p.Value.Length == 0 ? p.Name : p.Name == "return" ? $"{p.Name}={p.Value}" : $"{p.Name}=\"{p.Value}\"")];
    }

    public bool ReturnsRepresentation { get; }

    /// <summary>Rows on a page, when the caller said so.</summary>
    public int? PageSize { get; }

    public bool TracksChanges { get; }

    public bool ContinuesOnError { get; }

    /// <summary>What <c>Preference-Applied</c> tells back.</summary>
    public IReadOnlyList<string> Applied { get; }

    /// <summary>Whether an annotation was asked for, by name, by <c>prefix.*</c> or by <c>*</c>.</summary>
    public bool Includes(string annotation)
    {
        bool included = false;
        foreach (string pattern in annotations)
        {
            bool without = pattern.StartsWith('-');
            string name = without ? pattern[1..] : pattern;
            if (name == "*" || name == annotation || name.EndsWith(".*", StringComparison.Ordinal)
                && annotation.StartsWith(name[..^1], StringComparison.Ordinal)) included = !without;
        }
        return included;
    }

    // name, name=value or name="value", separated by commas outside quotes.
    static List<(string Name, string Value)> Parts(string header)
    {
        var parts = new List<(string, string)>();
        bool quoted = false;
        int start = 0;
        for (int i = 0; i <= header.Length; i++)
        {
            if (i < header.Length && header[i] == '"') quoted = !quoted;
            if (i < header.Length && (quoted || header[i] is not (',' or ';'))) continue;
            string part = header[start..i].Trim();
            start = i + 1;
            if (part.Length == 0) continue;
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            parts.Add(equals < 0 ? (part, "") : (part[..equals].Trim(), part[(equals + 1)..].Trim().Trim('"')));
        }
        return parts;
    }
}
