using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrmBehavior.Definitions.Reading;

/// <summary>What people write when they mean a word of the language that is spelt quite otherwise.</summary>
internal static class Synonyms
{
    static readonly Dictionary<string, string> Operators = Table(
        "gte: >= min atLeast", "gt: > moreThan after", "lt: < lessThan before", "lte: <= max atMost", "eq: = == equals equal is", "ne: != <> not notEquals isNot",
        "in: oneOf anyOf", "nin: notIn noneOf", "startsWith: beginsWith prefix", "endsWith: suffix", "contains: includes", "exists: isSet defined");

    static readonly string[] Patterns = ["matches", "regex", "regexp", "like", "match"];

    /// <summary>Names of units, by how many of which.</summary>
    static readonly Dictionary<string, string> Units = Table(
        "1s: s sec secs second seconds", "1m: m min mins minute minutes", "1h: h hr hrs hour hours", "1d: d day days", "7d: w week weeks", "30d: mo month months", "365d: y year years");

    static Dictionary<string, string> Table(params ReadOnlySpan<string> rows)
    {
        var table = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string row in rows)
        {
            string[] words = row.Split(' ');
            foreach (string word in words[1..]) table.Add(word, words[0].TrimEnd(':'));
        }
        return table;
    }

    /// <summary>A hint at the test that was meant, among those allowed.</summary>
    public static string OperatorHint(string written, IEnumerable<string> allowed) =>
        Operators.TryGetValue(written, out string? meant) && allowed.Contains(meant) ? $" Write \"{meant}\"."
        : Patterns.Contains(written, StringComparer.OrdinalIgnoreCase) ? " There are no patterns; write \"startsWith\", \"endsWith\" or \"contains\"."
        : Nearest.Hint(written, allowed);

    /// <summary>The duration that was meant, or null.</summary>
    public static string? Duration(string written)
    {
        string text = written.Trim();
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (digits is 0 or > 6 || !Units.TryGetValue(text[digits..].Trim(), out string? unit)) return null;
        long number = long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture) * int.Parse(unit.AsSpan(0, unit.Length - 1), CultureInfo.InvariantCulture);
        return number == 0 ? null : number.ToString(CultureInfo.InvariantCulture) + unit[^1];
    }
}
