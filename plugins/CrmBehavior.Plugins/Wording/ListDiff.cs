using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Wording;

/// <summary>Compares lists of objects: by <c>id</c> or <c>name</c> where every element has its own, else by place.</summary>
sealed class ListDiff
{
    readonly ValueDiff values;
    readonly string path;
    readonly string parent;
    readonly string word;

    internal ListDiff(ValueDiff values, string path)
    {
        this.values = values;
        this.path = path;
        int last = path.LastIndexOf(" › ", StringComparison.Ordinal);
        string key = last < 0 ? path : path.Substring(last + 3);
        parent = key == "steps" || !ElementWord.IsList(key) ? (last < 0 ? "" : path.Substring(0, last)) : path;
        word = ElementWord.For(key);
    }

    /// <summary>Whether both are lists with an object in them; other lists are told whole.</summary>
    internal static bool Applies(JsonNode before, JsonNode after) =>
        before.Kind == JsonKind.Array && after.Kind == JsonKind.Array
        && before.Items.Concat(after.Items).All(item => item.Kind == JsonKind.Object);

    internal void Compare(IReadOnlyList<JsonNode> before, IReadOnlyList<JsonNode> after)
    {
        foreach (string key in new[] { "id", "name" })
        {
            if (HasOwn(before, key) && HasOwn(after, key))
            {
                CompareNamed(before, after, key);
                return;
            }
        }

        CompareByPlace(before, after);
    }

    static bool HasOwn(IReadOnlyList<JsonNode> items, string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return items.All(item => item.Member(key) is { Kind: JsonKind.Text } name && seen.Add(name.Text));
    }

    void CompareNamed(IReadOnlyList<JsonNode> before, IReadOnlyList<JsonNode> after, string key)
    {
        Dictionary<string, JsonNode> old = before.ToDictionary(item => item.Member(key)!.Text, StringComparer.Ordinal);
        string[] names = after.Select(item => item.Member(key)!.Text).ToArray();
        var present = new HashSet<string>(names, StringComparer.Ordinal);
        string[] kept = before.Select(item => item.Member(key)!.Text).Where(present.Contains).ToArray();
        HashSet<string> inOrder = LongestRun.InBoth(kept, names);
        for (int i = 0; i < names.Length; i++)
        {
            string place = ValueDiff.Join(parent, word + " \"" + names[i] + "\"");
            string where = i == 0 ? " to the beginning" : " after \"" + names[i - 1] + "\"";
            if (!old.TryGetValue(names[i], out JsonNode? item))
            {
                values.Say(place + " was added" + (i == 0 ? " at the beginning" : where));
                continue;
            }

            if (!inOrder.Contains(names[i])) values.Say(place + " was moved" + where);
            values.Compare(place, item, after[i]);
        }

        foreach (JsonNode item in before)
        {
            string name = item.Member(key)!.Text;
            if (!present.Contains(name)) values.Say(ValueDiff.Join(parent, word + " \"" + name + "\"") + " was removed");
        }
    }

    // What is alike at both ends stays; what is between is compared pair by pair.
    void CompareByPlace(IReadOnlyList<JsonNode> before, IReadOnlyList<JsonNode> after)
    {
        int start = 0;
        while (start < before.Count && start < after.Count && ValueDiff.Same(before[start], after[start])) start++;
        int oldEnd = before.Count, newEnd = after.Count;
        while (oldEnd > start && newEnd > start && ValueDiff.Same(before[oldEnd - 1], after[newEnd - 1]))
        {
            oldEnd--;
            newEnd--;
        }

        for (int i = start; i < Math.Max(oldEnd, newEnd); i++)
        {
            string place = path + " " + (i + 1).ToString(CultureInfo.InvariantCulture);
            if (i >= newEnd) values.Say(place + ": " + ShownValue.Of(before[i]) + " was removed");
            else if (i >= oldEnd) values.Say(place + ": " + ShownValue.Of(after[i]) + " was added");
            else values.Compare(place, before[i], after[i]);
        }
    }
}
