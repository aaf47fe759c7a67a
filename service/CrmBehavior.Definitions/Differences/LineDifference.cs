using System;
using System.Collections.Generic;

namespace CrmBehavior.Definitions.Differences;

/// <summary>Which lines of a text are gone and which are new, by the longest run of lines that both have.</summary>
internal static class LineDifference
{
    public static List<string> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        int[,] common = new int[before.Count + 1, after.Count + 1];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--) common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var lines = new List<string>();
        int a = 0, b = 0;
        while (a < before.Count || b < after.Count)
        {
            if (a < before.Count && b < after.Count && before[a] == after[b]) (a, b) = (a + 1, b + 1);
            else if (a < before.Count && (b == after.Count || common[a + 1, b] >= common[a, b + 1])) lines.Add("- " + before[a++]);
            else lines.Add("+ " + after[b++]);
        }
        return lines;
    }
}
