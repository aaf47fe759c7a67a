using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Wording;

/// <summary>
/// What changed between two JSON documents, in short sentences, one a line: <c>when › count › gte: 3 became 5</c>,
/// <c>step "mail" was added after "wait"</c>. The same documents give the same words.
/// </summary>
static class DiffWords
{
    /// <summary>Length of the column that keeps the words.</summary>
    internal const int MaxLength = 4000;

    internal static string Between(JsonNode before, JsonNode after)
    {
        var sentences = new List<string>();
        new ValueDiff(sentences).Compare("", before, after);
        return sentences.Count == 0 ? "No change." : Fit(sentences);
    }

    static string Fit(List<string> sentences)
    {
        string whole = string.Join("\n", sentences);
        if (whole.Length <= MaxLength) return whole;
        string last = More(sentences.Count);
        var fitted = new StringBuilder();
        int taken = 0;
        foreach (string sentence in sentences.TakeWhile(sentence => fitted.Length + sentence.Length + 1 + last.Length <= MaxLength))
        {
            fitted.Append(sentence).Append('\n');
            taken++;
        }

        return fitted.Append(More(sentences.Count - taken)).ToString();
    }

    static string More(int count) => "… and " + count.ToString(CultureInfo.InvariantCulture) + (count == 1 ? " more change" : " more changes");
}
