using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Wording;

/// <summary>Compares values; objects by the names of their members, lists by <see cref="ListDiff"/>.</summary>
sealed class ValueDiff
{
    readonly List<string> sentences;

    internal ValueDiff(List<string> sentences)
    {
        this.sentences = sentences;
    }

    internal void Say(string sentence) => sentences.Add(sentence);

    internal void Compare(string path, JsonNode before, JsonNode after)
    {
        if (Same(before, after)) return;
        if (before.Kind == JsonKind.Object && after.Kind == JsonKind.Object)
            CompareMembers(path, before, after);
        else if (ListDiff.Applies(before, after))
            new ListDiff(this, path).Compare(before.Items, after.Items);
        else
            Say(Named(path) + ": " + ShownValue.Change(before, after));
    }

    internal static bool Same(JsonNode one, JsonNode other) => one.Kind == other.Kind && one.Kind switch
    {
        JsonKind.Object => one.Members.Count == other.Members.Count
            && one.Members.All(member => other.Member(member.Key) is JsonNode value && Same(member.Value, value)),
        JsonKind.Array => one.Items.Count == other.Items.Count && one.Items.Zip(other.Items, Same).All(same => same),
        JsonKind.Number => JsonNumber.Same(one.Text, other.Text),
        _ => one.Text == other.Text,
    };

    internal static string Join(string path, string next) => path.Length == 0 ? next : path + " › " + next;

    void CompareMembers(string path, JsonNode before, JsonNode after)
    {
        foreach (KeyValuePair<string, JsonNode> member in after.Members)
        {
            string place = Join(path, member.Key);
            if (before.Member(member.Key) is JsonNode old) Compare(place, old, member.Value);
            else Say(place + ": " + ShownValue.Of(member.Value) + " was added");
        }

        foreach (KeyValuePair<string, JsonNode> member in before.Members)
        {
            if (after.Member(member.Key) == null) Say(Join(path, member.Key) + ": " + ShownValue.Of(member.Value) + " was removed");
        }
    }

    static string Named(string path) => path.Length == 0 ? "the definition" : path;
}
