using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Tags;

/// <summary>
/// Reads the parameter <c>Pairs</c> of <c>crmb_SetTags</c>: <c>[{"contact":"id","add":["tag"],"remove":["tag"]}]</c>, at most
/// <see cref="Limit"/> of them. Of two pairs that speak of one tag of one contact the later holds.
/// </summary>
static class TagPairs
{
    internal const int Limit = 1000;
    const int NameLength = 100;

    /// <summary>What is wanted, each tag of a contact once.</summary>
    /// <exception cref="InvalidPluginExecutionException">The text is no such list; the message names the place and what to write there.</exception>
    internal static IReadOnlyList<TagChange> Read(string? pairs)
    {
        if (string.IsNullOrWhiteSpace(pairs))
            throw new InvalidPluginExecutionException("Pairs is empty; write for example [{\"contact\":\"id\",\"add\":[\"vip\"],\"remove\":[]}].");
        JsonNode root = Parse(pairs!);
        if (root.Kind != JsonKind.Array) throw Fault(root, "", "the pairs are a list; write them in [ and ].");
        if (root.Items.Count > Limit)
            throw Fault(root, "", "these are " + Number(root.Items.Count) + " pairs; one call takes at most " + Number(Limit) + ", so send the others in further calls.");

        var changes = new Dictionary<string, TagChange>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < root.Items.Count; i++)
        {
            foreach (TagChange change in Pair(root.Items[i], "/" + Number(i))) changes[change.Contact.ToString("N") + change.Tag] = change;
        }

        return changes.Values.ToArray();
    }

    static TagChange[] Pair(JsonNode pair, string pointer)
    {
        if (pair.Kind != JsonKind.Object) throw Fault(pair, pointer, "a pair is an object with \"contact\", \"add\" and \"remove\".");
        foreach (KeyValuePair<string, JsonNode> member in pair.Members)
        {
            if (member.Key is not ("contact" or "add" or "remove"))
                throw Fault(member.Value, pointer + "/" + member.Key, "a pair has \"contact\", \"add\" and \"remove\" only; leave this out.");
        }

        JsonNode? contact = pair.Member("contact");
        if (contact is not { Kind: JsonKind.Text } || !Guid.TryParse(contact.Text, out Guid id) || id == Guid.Empty)
            throw Fault(contact ?? pair, pointer + "/contact", "write the id of the contact, a text such as \"5b1d6f0e-3c52-4b8e-9d5a-41033c0de001\".");
        TagChange[] added = Names(pair, "add", pointer).Select(name => new TagChange(id, name, wanted: true)).ToArray();
        TagChange[] removed = Names(pair, "remove", pointer).Select(name => new TagChange(id, name, wanted: false)).ToArray();
        TagChange? both = removed.FirstOrDefault(change => added.Any(other => string.Equals(change.Tag, other.Tag, StringComparison.OrdinalIgnoreCase)));
        if (both != null) throw Fault(pair, pointer, "\"" + both.Tag + "\" is both to be added and to be removed; write it once.");
        return added.Concat(removed).ToArray();
    }

    static IEnumerable<string> Names(JsonNode pair, string member, string pointer)
    {
        JsonNode? list = pair.Member(member);
        if (list == null) yield break;
        if (list.Kind != JsonKind.Array) throw Fault(list, pointer + "/" + member, "write a list of names of tags, or leave it out.");
        for (int i = 0; i < list.Items.Count; i++)
        {
            JsonNode name = list.Items[i];
            string text = name.Text.Trim();
            if (name.Kind == JsonKind.Text && text.Length is > 0 and <= NameLength) yield return text;
            else throw Fault(name, pointer + "/" + member + "/" + Number(i), "the name of a tag is a text of 1 to " + Number(NameLength) + " characters.");
        }
    }

    static JsonNode Parse(string pairs)
    {
        try
        {
            return JsonReader.Read(pairs);
        }
        catch (JsonSyntaxException fault)
        {
            throw new InvalidPluginExecutionException("Pairs, " + fault.Message, fault);
        }
    }

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static InvalidPluginExecutionException Fault(JsonNode place, string pointer, string fault) =>
        new InvalidPluginExecutionException("Pairs, " + new JsonSyntaxException(place.Line, place.Column, pointer, fault).Message);
}
