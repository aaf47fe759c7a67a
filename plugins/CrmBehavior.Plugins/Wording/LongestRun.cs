using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Plugins.Wording;

/// <summary>Which names kept their order, when the fewest others are said to have moved.</summary>
static class LongestRun
{
    /// <summary>Cells of the table that is filled; lists longer than anybody writes are taken as unmoved.</summary>
    const long MaxCells = 1_000_000;

    /// <summary>The longest sequence of names that both lists have in the same order. Names in a list are distinct.</summary>
    internal static HashSet<string> InBoth(string[] before, string[] after)
    {
        // Most edits leave both ends as they were; the table is for what lies between.
        int start = 0, end = 0, shorter = Math.Min(before.Length, after.Length);
        while (start < shorter && before[start] == after[start]) start++;
        while (end < shorter - start && before[before.Length - 1 - end] == after[after.Length - 1 - end]) end++;
        HashSet<string> run = Between(Part(before, start, end), Part(after, start, end));
        run.UnionWith(before.Take(start));
        run.UnionWith(before.Skip(before.Length - end));
        return run;
    }

    static string[] Part(string[] names, int start, int end) => names.Skip(start).Take(names.Length - start - end).ToArray();

    static HashSet<string> Between(string[] before, string[] after)
    {
        if ((long)before.Length * after.Length > MaxCells) return new HashSet<string>(before, StringComparer.Ordinal);
        var lengths = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int k = after.Length - 1; k >= 0; k--)
                lengths[i, k] = before[i] == after[k] ? lengths[i + 1, k + 1] + 1 : Math.Max(lengths[i + 1, k], lengths[i, k + 1]);
        }

        var run = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0, k = 0; i < before.Length && k < after.Length;)
        {
            if (before[i] == after[k])
            {
                run.Add(before[i]);
                i++;
                k++;
            }
            else if (lengths[i + 1, k] >= lengths[i, k + 1])
            {
                i++;
            }
            else
            {
                k++;
            }
        }

        return run;
    }
}
