using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.SolutionPacker.Linting;

/// <summary>Finds the name that was probably meant.</summary>
static class NearestName
{
    const int MaxDistance = 3;

    /// <summary><c>; did you mean …?</c>, or nothing when no name is near.</summary>
    internal static string Hint(string name, IEnumerable<string> names)
    {
        (string Name, int Distance) best = names.Select(n => (n, Distance(name, n))).DefaultIfEmpty(("", int.MaxValue)).MinBy(n => n.Item2);
        return best.Distance <= MaxDistance ? $" (did you mean {best.Name}?)" : "";
    }

    static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxDistance) return int.MaxValue;
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.Length];
    }
}
