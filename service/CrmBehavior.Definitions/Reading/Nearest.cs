using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Finds the name that was probably meant.</summary>
public static class Nearest
{
    /// <summary>" Did you mean "x"?", or the list of what is known when it is short, or nothing.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">What there is.</param>
    /// <returns>A sentence with a space before it, or nothing.</returns>
    public static string Hint(string written, IEnumerable<string> known) => Hint(written, known, tellKnown: true);

    internal static string Hint(string written, IEnumerable<string> known, bool tellKnown)
    {
        string[] names = [.. known.Distinct().Order(StringComparer.Ordinal)];
        if (Meant(written, names) is { } best) return $" Did you mean \"{best}\"?";
        return tellKnown && names.Length is > 0 and <= 16 ? $" Known: {string.Join(", ", names)}." : "";
    }

    /// <summary>The name that <see cref="Hint(string, IEnumerable{string})"/> asks about, or null where it asks nothing.</summary>
    internal static string? Meant(string written, IEnumerable<string> known) =>
        known.Order(StringComparer.Ordinal).MinBy(n => Distance(written, n)) is { } best && IsNear(written, best) ? best : null;

    /// <summary>Near, and with something in common: of two letters, both of which are others, nothing is left.</summary>
    static bool IsNear(string written, string name) =>
        Distance(written, name) is int distance && distance <= Math.Max(2, written.Length / 3) && distance < Math.Max(written.Length, name.Length);

    /// <summary>The known name that was probably meant, or null.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">What there is.</param>
    /// <returns>The name; null when none is near, or the very name is known.</returns>
    public static string? To(string written, IEnumerable<string> known)
    {
        string? best = known.MinBy(n => Distance(written, n));
        return best != null && best != written && Distance(written, best) <= Math.Max(2, written.Length / 6) ? best : null;
    }

    /// <summary>Number of letters to insert, delete, replace or swap with their neighbour.</summary>
    static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
